package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.Phase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// Makes wires: resolves the name, tries its addresses in turn, secures. Thread-safe.
final class Dialer {

    private final TlsContexts contexts = new TlsContexts();

    /// @throws FailureException that says what the network or the peer did
    Wire dial(WebSocketService service, Endpoint endpoint, Deadline deadline, Consumer<Phase> marks)
            throws InterruptedException {
        List<InetAddress> addresses = resolve(endpoint.host(), deadline);
        marks.accept(Phase.RESOLVED);
        Socket socket = connectAny(endpoint, addresses, deadline);
        boolean done = false;
        try {
            marks.accept(Phase.CONNECTED);
            socket.setTcpNoDelay(true);
            Socket outer = socket;
            if (endpoint.scheme().equals("wss")) {
                outer = secure(socket, service, endpoint, deadline);
                marks.accept(Phase.SECURED);
            }
            Wire wire = new Wire(socket, outer);
            done = true;
            return wire;
        } catch (IOException e) {
            throw failed(endpoint, e, deadline);
        } finally {
            if (!done) {
                close(socket);
            }
        }
    }

    /// On a thread of its own: the system's resolver listens to no deadline.
    private static List<InetAddress> resolve(String host, Deadline deadline) throws InterruptedException {
        CompletableFuture<InetAddress[]> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("turbulence-websocket-resolve " + host).start(() -> {
            try {
                answer.complete(InetAddress.getAllByName(host));
            } catch (UnknownHostException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return List.of(answer.get(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS));
        } catch (ExecutionException e) {
            throw new FailureException(
                    Failure.RESOLVE,
                    "'" + host + "' could not be resolved to an address: no such host is known",
                    e.getCause());
        } catch (TimeoutException e) {
            throw new FailureException(
                    Failure.TIMEOUT, "'" + host + "' was not resolved to an address within the " + deadline.limit(), e);
        }
    }

    /// Tries one address after the other, each with its share of the time that is left.
    private static Socket connectAny(Endpoint endpoint, List<InetAddress> addresses, Deadline deadline) {
        List<String> failures = new ArrayList<>();
        IOException last = new IOException("no address");
        for (int i = 0; i < addresses.size(); i++) {
            InetAddress address = addresses.get(i);
            int left = addresses.size() - i;
            Deadline share = left == 1
                    ? deadline
                    : deadline.within(Duration.ofNanos(deadline.remainingNanos() / left), deadline.limit());
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, endpoint.port()), share.timeoutMillis());
                return socket;
            } catch (IOException e) {
                close(socket);
                last = e;
                failures.add(reason(e) + " (" + address.getHostAddress() + ")");
                if (deadline.expired() || Thread.currentThread().isInterrupted()) {
                    break;
                }
            }
        }
        throw failed(
                endpoint, failures.size() == 1 ? last : new IOException(String.join(", ", failures), last), deadline);
    }

    private SSLSocket secure(Socket socket, WebSocketService service, Endpoint endpoint, Deadline deadline) {
        WebSocketService.Tls settings = service.tls() == null ? WebSocketService.Tls.DEFAULT : service.tls();
        String name = settings.serverName() == null ? endpoint.host() : settings.serverName();
        try {
            SSLSocket secured = (SSLSocket)
                    contexts.of(settings).getSocketFactory().createSocket(socket, name, endpoint.port(), true);
            SSLParameters parameters = secured.getSSLParameters();
            if (!settings.insecureSkipVerify()) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            secured.setSSLParameters(parameters);
            secured.setSoTimeout(deadline.timeoutMillis());
            secured.startHandshake();
            return secured;
        } catch (IOException e) {
            throw notSecured(endpoint, deadline, e);
        }
    }

    private static FailureException notSecured(Endpoint endpoint, Deadline deadline, IOException e) {
        String subject = "'" + endpoint.authority() + "'";
        if (Thread.currentThread().isInterrupted()) {
            return new FailureException(Failure.CANCELLED, "connecting to " + subject + " was cancelled", e);
        }
        if (e instanceof SocketTimeoutException) {
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

    private static FailureException failed(Endpoint endpoint, IOException e, Deadline deadline) {
        String subject = "'" + endpoint.authority() + "'";
        if (Thread.currentThread().isInterrupted()) {
            return new FailureException(Failure.CANCELLED, "connecting to " + subject + " was cancelled", e);
        }
        if (e instanceof SocketTimeoutException || e.getCause() instanceof SocketTimeoutException) {
            return new FailureException(
                    Failure.TIMEOUT,
                    subject + " could not be connected to within the " + deadline.limit() + "; the peer did not react",
                    e);
        }
        return new FailureException(Failure.CONNECT, subject + " could not be connected to: " + reason(e), e);
    }

    private static Throwable innermost(Throwable thrown) {
        Throwable current = thrown;
        for (int depth = 0; depth < 16 && current.getCause() != null; depth++) {
            current = current.getCause();
        }
        return current;
    }

    private static String reason(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(Dialer.class.getName()).log(System.Logger.Level.DEBUG, "a socket could not be closed", e);
        }
    }
}
