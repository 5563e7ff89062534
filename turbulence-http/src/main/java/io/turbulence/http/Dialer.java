package io.turbulence.http;

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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Makes wires: resolves the name, tries its addresses in turn, goes through the proxy, secures.
/// Thread-safe.
final class Dialer {

    private final DeadlineWatch watch = new DeadlineWatch();
    private final Resolver resolver = new Resolver();

    /// @throws FailureException that says what the network or the peer did
    Wire dial(Site site, Deadline deadline, Consumer<Phase> marks) {
        return connect(site, deadline, marks);
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

    private static String reason(IOException e) {
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
