package io.turbulence.testkit;

import io.turbulence.api.Deadline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A TCP proxy between a client under test and a real server that makes the network bad: latency
/// with jitter, little bandwidth, connections that break in the middle, vanish, hang or are refused.
///
/// Faults may be set and changed while connections run; they apply from the next byte on. It listens
/// on a free port of 127.0.0.1. All methods are thread-safe. Closing closes every connection.
public final class FaultProxy implements AutoCloseable {

    private final InetSocketAddress target;
    private final int port;
    private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong total = new AtomicLong();
    private final AtomicLong toServer = new AtomicLong();
    private final AtomicLong toClient = new AtomicLong();

    /// Guards `faults`, `listener` and `closed`; never held during input or output.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private volatile Faults faults = Faults.NONE;
    private @Nullable Listener listener;
    private boolean closed;

    private FaultProxy(InetSocketAddress target, ServerSocket socket) {
        this.target = target;
        this.port = socket.getLocalPort();
        this.listener = new Listener("fault-proxy-" + port, socket, this::accepted);
    }

    /// Starts a proxy in front of a server. The server need not be there yet.
    public static FaultProxy to(String host, int port) throws IOException {
        return new FaultProxy(
                new InetSocketAddress(host, port), new ServerSocket(0, 1024, InetAddress.ofLiteral("127.0.0.1")));
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return port;
    }

    /// Delays every byte, each way, by so much.
    public FaultProxy latency(Duration latency) {
        return latency(latency, Duration.ZERO);
    }

    /// Delays every byte, each way, by so much and up to `jitter` more. Order is kept.
    public FaultProxy latency(Duration latency, Duration jitter) {
        return change(faults -> faults.withLatency(latency.toNanos(), jitter.toNanos()));
    }

    /// Lets so many bytes through in a second; 0 for no limit. What is not let through is not read
    /// either, so that the sender is held back.
    public FaultProxy bandwidth(Way way, long bytesPerSecond) {
        return change(faults -> faults.with(way, faults.of(way).withBandwidth(bytesPerSecond)));
    }

    /// Closes each connection after so many bytes went this way, as a peer does that stops in the middle.
    public FaultProxy cutAfter(Way way, long bytes) {
        return change(faults -> faults.with(way, faults.of(way).withEnd(bytes, false)));
    }

    /// Resets each connection after so many bytes went this way, as a peer does that crashes.
    public FaultProxy resetAfter(Way way, long bytes) {
        return change(faults -> faults.with(way, faults.of(way).withEnd(bytes, true)));
    }

    /// Swallows all bytes both ways: connections stand, and nothing comes.
    public FaultProxy blackHole() {
        return change(faults -> faults.withBlackHole(true));
    }

    /// Stops reading this way: a sender blocks once the buffers between are full.
    public FaultProxy stopReading(Way way) {
        return change(faults -> faults.with(way, faults.of(way).withPaused(true)));
    }

    /// Refuses new connections from now on; those that stand are left alone. [#heal] accepts again, on
    /// the same port.
    public FaultProxy refuse() {
        Listener closing;
        lock.lock();
        try {
            closing = listener;
            listener = null;
        } finally {
            lock.unlock();
        }
        if (closing != null) {
            closing.close();
        }
        return this;
    }

    /// Ends all faults.
    ///
    /// @throws IOException when it cannot listen again after [#refuse]
    public FaultProxy heal() throws IOException {
        change(ignored -> Faults.NONE);
        lock.lock();
        try {
            if (listener == null && !closed) {
                ServerSocket again = new ServerSocket();
                again.setReuseAddress(true);
                again.bind(new InetSocketAddress(InetAddress.ofLiteral(host()), port), 1024);
                listener = new Listener("fault-proxy-" + port, again, this::accepted);
            }
        } finally {
            lock.unlock();
        }
        return this;
    }

    /// Closes the connections that stand now, both sides.
    public FaultProxy cut() {
        connections.forEach(connection -> connection.end(false));
        return this;
    }

    /// Resets the connections that stand now, both sides.
    public FaultProxy reset() {
        connections.forEach(connection -> connection.end(true));
        return this;
    }

    /// Ends the server's side of the connections that stand now and leaves the client's side open and
    /// silent, as when a peer loses its power: the client learns it only from its own time limits.
    public FaultProxy halfOpen() {
        connections.forEach(ProxiedConnection::abandonServer);
        return this;
    }

    /// How many connections stand now.
    public int open() {
        return connections.size();
    }

    /// How many connections were ever accepted.
    public long total() {
        return total.get();
    }

    /// How many bytes were passed on this way, over all connections. With one connection,
    /// `cutAfter(way, bytes(way) + 1)` breaks it in the middle of what comes next.
    public long bytes(Way way) {
        return counter(way).get();
    }

    /// Waits until so many connections stand.
    ///
    /// @throws TimeoutException when that did not come true in time; the message has the figures
    public void awaitOpen(int expected, Deadline deadline) throws InterruptedException, TimeoutException {
        lock.lockInterruptibly();
        try {
            while (connections.size() != expected) {
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    throw new TimeoutException("'proxy to " + target + "' had " + connections.size()
                            + " connections open but " + expected + " were expected; " + deadline.limit()
                            + " passed");
                }
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        refuse();
        cut();
    }

    /// Which way bytes go.
    public enum Way {
        TO_SERVER,
        TO_CLIENT
    }

    Faults faults() {
        return faults;
    }

    /// Waits until the moment has come or the connection is over.
    void awaitMoment(long moment, ProxiedConnection connection) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long left = moment - System.nanoTime();
                    left > 0 && !connection.ended();
                    left = moment - System.nanoTime()) {
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits as long as this way is paused and the connection stands.
    void awaitReading(Way way, ProxiedConnection connection) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (faults.of(way).paused() && !connection.ended()) {
                changed.awaitNanos(TimeUnit.SECONDS.toNanos(1));
            }
        } finally {
            lock.unlock();
        }
    }

    void passed(Way way, int count) {
        counter(way).addAndGet(count);
    }

    private AtomicLong counter(Way way) {
        return switch (way) {
            case TO_SERVER -> toServer;
            case TO_CLIENT -> toClient;
        };
    }

    void removed(ProxiedConnection connection) {
        lock.lock();
        try {
            connections.remove(connection);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private FaultProxy change(UnaryOperator<Faults> change) {
        lock.lock();
        try {
            faults = change.apply(faults);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return this;
    }

    private void accepted(Socket client) {
        long number = total.incrementAndGet();
        Thread.ofVirtual().name("fault-proxy-" + port + "-" + number).start(() -> connect(client, number));
    }

    private void connect(Socket client, long number) {
        Socket server = new Socket();
        ProxiedConnection connection = new ProxiedConnection(this, client, server, number);
        if (!register(connection)) {
            connection.end(false);
            return;
        }
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(target);
            connection.start();
        } catch (IOException e) {
            connection.end(true);
        }
    }

    private boolean register(ProxiedConnection connection) {
        lock.lock();
        try {
            if (!closed) {
                connections.add(connection);
                changed.signalAll();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }
}
