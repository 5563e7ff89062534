package io.turbulence.http;

import static java.util.Objects.requireNonNull;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.Phase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Makes wires: resolves the name, tries its addresses in turn, goes through the proxy, secures.
/// Thread-safe.
final class Dialer {

    private static final int LONGEST_TUNNEL_ANSWER = 16 * 1024;

    private final DeadlineWatch watch = new DeadlineWatch();
    private final Resolver resolver = new Resolver();
    private final TlsContexts contexts = new TlsContexts();

    /// @throws FailureException that says what the network or the peer did
    Wire dial(Site site, Deadline deadline, Consumer<Phase> marks) {
        Wire wire = connect(site, deadline, marks);
        if (!site.secure()) {
            return wire;
        }
        boolean done = false;
        try {
            if (site.proxy() != null) {
                tunnel(wire, site, deadline);
            }
            secure(wire, site, deadline);
            marks.accept(Phase.SECURED);
            done = true;
            return wire;
        } finally {
            if (!done) {
                wire.close();
            }
        }
    }

    private Wire connect(Site site, Deadline deadline, Consumer<Phase> marks) {
        Path unixSocket = site.service().unixSocket();
        if (unixSocket != null) {
            Wire wire = connectUnix(site, unixSocket, deadline);
            marks.accept(Phase.CONNECTED);
            return wire;
        }
        Endpoint proxy = site.proxy();
        Endpoint place = proxy == null ? site.endpoint() : proxy;
        List<InetAddress> addresses = resolver.resolve(place.host(), deadline);
        marks.accept(Phase.RESOLVED);
        Wire wire = connectAny(place, addresses, deadline);
        marks.accept(Phase.CONNECTED);
        return wire;
    }

    private Wire connectUnix(Site site, Path path, Deadline deadline) {
        try {
            return connect(SocketChannel.open(StandardProtocolFamily.UNIX), UnixDomainSocketAddress.of(path), deadline);
        } catch (IOException e) {
            throw failed("'" + path + "' of '" + site.name() + "'", e, deadline);
        }
    }

    /// Tries one address after the other, each with its share of the time that is left.
    private Wire connectAny(Endpoint place, List<InetAddress> addresses, Deadline deadline) {
        List<String> failures = new ArrayList<>();
        IOException last = new IOException("no address");
        for (int i = 0; i < addresses.size(); i++) {
            InetAddress address = addresses.get(i);
            try {
                Deadline share = share(deadline, addresses.size() - i);
                return connect(open(), new InetSocketAddress(address, place.port()), share);
            } catch (IOException e) {
                last = e;
                failures.add(reason(e) + " (" + address.getHostAddress() + ")");
                if (deadline.expired() || Thread.currentThread().isInterrupted()) {
                    break;
                }
            }
        }
        boolean literal = failures.size() == 1;
        throw literal
                ? failed("'" + place.authority() + "'", last, deadline)
                : failed("'" + place.authority() + "'", new IOException(String.join(", ", failures), last), deadline);
    }

    private static Deadline share(Deadline deadline, int addressesLeft) {
        return addressesLeft == 1
                ? deadline
                : deadline.within(Duration.ofNanos(deadline.remainingNanos() / addressesLeft), deadline.limit());
    }

    private static SocketChannel open() throws IOException {
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    private Wire connect(SocketChannel channel, SocketAddress address, Deadline deadline) throws IOException {
        Wire wire = new Wire(channel, watch);
        wire.begin(deadline);
        try {
            channel.connect(address);
            if (wire.end()) {
                return wire;
            }
            throw new TimedOut();
        } catch (IOException e) {
            boolean late = wire.late();
            wire.close();
            throw late ? new TimedOut() : e;
        }
    }

    // Proxy

    /// Asks the proxy for a way through (RFC 9110 §9.3.6).
    private static void tunnel(Wire wire, Site site, Deadline deadline) {
        String proxy = "proxy '" + requireNonNull(site.proxy()).authority() + "'";
        wire.begin(deadline);
        try {
            byte[] request = connectRequest(site).getBytes(StandardCharsets.ISO_8859_1);
            wire.write(request, 0, request.length);
            Head head = tunnelAnswer(wire);
            if (head.status() < 200 || head.status() > 299) {
                throw new FailureException(
                        Failure.CONNECT,
                        proxy + " does not lead to '" + site.authority() + "': it answered " + head.status() + " "
                                + head.reason());
            }
            if (!wire.end()) {
                throw new IOException("late");
            }
        } catch (IOException e) {
            if (wire.late()) {
                throw new FailureException(
                        Failure.TIMEOUT, proxy + " gave no answer within the " + deadline.limit(), e);
            }
            throw new FailureException(Failure.CONNECT, proxy + " gave no usable answer: " + reason(e), e);
        }
    }

    private static String connectRequest(Site site) {
        String authorization = site.proxyAuthorization();
        return "CONNECT " + site.authority() + " HTTP/1.1\r\nHost: " + site.authority() + "\r\n"
                + (authorization == null ? "" : "Proxy-Authorization: " + authorization + "\r\n") + "\r\n";
    }

    /// Byte by byte, so that nothing of what follows is taken.
    private static Head tunnelAnswer(Wire wire) throws IOException {
        byte[] answer = new byte[LONGEST_TUNNEL_ANSWER];
        for (int length = 0; length < answer.length; length++) {
            if (wire.read(answer, length, 1) < 0) {
                throw new IOException("it closed the connection");
            }
            boolean ended = length >= 3
                    && answer[length] == '\n'
                    && (answer[length - 1] == '\n' || (answer[length - 1] == '\r' && answer[length - 2] == '\n'));
            if (ended) {
                return HeadParser.parse(answer, 0, length + 1);
            }
        }
        throw new IOException("it sent a head longer than " + LONGEST_TUNNEL_ANSWER + " bytes");
    }

    // TLS

    private void secure(Wire wire, Site site, Deadline deadline) {
        HttpService.Tls settings = site.tls();
        String serverName = settings.serverName();
        String name = serverName == null ? site.endpoint().host() : serverName;
        wire.begin(deadline);
        try {
            SSLSocketFactory factory = contexts.of(settings).getSocketFactory();
            SSLSocket socket = (SSLSocket) factory.createSocket(
                    new WireSocket(wire), name, site.endpoint().port(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setApplicationProtocols(protocols(site.version()));
            if (!settings.insecureSkipVerify()) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            wire.secure(socket);
            if (!wire.end()) {
                throw new IOException("late");
            }
        } catch (IOException e) {
            throw notSecured(wire, site, deadline, e);
        }
    }

    private static String[] protocols(HttpVersion version) {
        return switch (version) {
            case AUTO -> new String[] {"h2", "http/1.1"};
            case HTTP_1_1 -> new String[] {"http/1.1"};
            case HTTP_2 -> new String[] {"h2"};
        };
    }

    private static FailureException notSecured(Wire wire, Site site, Deadline deadline, IOException e) {
        String subject = "'" + site.authority() + "'";
        if (Thread.currentThread().isInterrupted()) {
            return new FailureException(Failure.CANCELLED, "connecting to " + subject + " was cancelled", e);
        }
        if (wire.late()) {
            return new FailureException(
                    Failure.TIMEOUT, subject + " did not complete the TLS handshake within the " + deadline.limit(), e);
        }
        if (!(e instanceof SSLException) || e.getCause() instanceof IOException) {
            return new FailureException(
                    Failure.TLS,
                    subject + " broke off the TLS handshake: " + reason(e) + "; does it speak TLS there?",
                    e);
        }
        String why = reason(innermost(e));
        String hint = why.contains("unable to find valid certification path")
                ? "; name the certificates that it was signed with as 'tls: {ca: FILE}'"
                : why.contains("Unsupported or unrecognized SSL message") ? "; does it speak TLS there?" : "";
        return new FailureException(Failure.TLS, "TLS with " + subject + " failed: " + why + hint, e);
    }

    private static Throwable innermost(Throwable thrown) {
        Throwable current = thrown;
        for (int depth = 0; depth < 16 && current.getCause() != null; depth++) {
            current = current.getCause();
        }
        return current;
    }

    private static FailureException failed(String subject, IOException e, Deadline deadline) {
        if (Thread.currentThread().isInterrupted()) {
            return new FailureException(Failure.CANCELLED, "connecting to " + subject + " was cancelled", e);
        }
        if (e instanceof TimedOut || e.getCause() instanceof TimedOut) {
            return new FailureException(
                    Failure.TIMEOUT,
                    subject + " could not be connected to within the " + deadline.limit() + "; the peer did not react",
                    e);
        }
        return new FailureException(Failure.CONNECT, subject + " could not be connected to: " + reason(e), e);
    }

    private static String reason(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    /// The time for one address is up.
    private static final class TimedOut extends IOException {

        private static final long serialVersionUID = 1L;

        TimedOut() {
            super("no reaction in time");
        }
    }
}
