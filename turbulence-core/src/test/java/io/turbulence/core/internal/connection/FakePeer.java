package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ConnectionPool;
import io.turbulence.spi.OpenContext;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A peer without a network: counts what is open and whether anything was lent or closed twice.
final class FakePeer {

    static final Endpoint PLACE = Endpoint.of("fake", "api.local", 80);

    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger mostOpen = new AtomicInteger();
    final AtomicInteger checks = new AtomicInteger();
    final AtomicInteger resets = new AtomicInteger();
    final AtomicInteger attempts = new AtomicInteger();
    final Set<FakeConnection> connections = ConcurrentHashMap.newKeySet();

    volatile int capacity = 1;
    volatile @Nullable Step beforeOpen;
    volatile @Nullable Step beforeCheck;
    volatile @Nullable Step beforeReset;
    volatile @Nullable Step beforeClose;

    interface Step {
        void run() throws Exception;
    }

    record Settings(String host) {}

    static final class FakeConnection {

        final int number;
        final AtomicInteger holders = new AtomicInteger();
        final AtomicInteger closes = new AtomicInteger();
        volatile boolean alive = true;

        FakeConnection(int number) {
            this.number = number;
        }

        @Override
        public String toString() {
            return "connection " + number;
        }
    }

    FakeConnection open(OpenContext context) throws Exception {
        attempts.incrementAndGet();
        run(beforeOpen);
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        FakeConnection connection = new FakeConnection(opened.incrementAndGet());
        connections.add(connection);
        return connection;
    }

    void close(FakeConnection connection) throws Exception {
        connection.closes.incrementAndGet();
        closed.incrementAndGet();
        open.decrementAndGet();
        connections.remove(connection);
        run(beforeClose);
    }

    boolean isAlive(FakeConnection connection) throws Exception {
        checks.incrementAndGet();
        run(beforeCheck);
        return connection.alive;
    }

    void reset() throws Exception {
        resets.incrementAndGet();
        run(beforeReset);
    }

    private static void run(@Nullable Step step) throws Exception {
        if (step != null) {
            step.run();
        }
    }

    Exclusive exclusive() {
        return new Exclusive(this, false);
    }

    Exclusive conversing() {
        return new Exclusive(this, true);
    }

    Shared shared() {
        return new Shared(this);
    }

    Pooled pooled() {
        return new Pooled(this);
    }

    Negotiated negotiated() {
        return new Negotiated(this);
    }

    record Exclusive(FakePeer peer, boolean holdsConversation)
            implements ConnectionFactory.Exclusive<Settings, FakeConnection> {

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public Endpoint endpoint(Settings settings) {
            return Endpoint.of("fake", settings.host(), 80);
        }

        @Override
        public FakeConnection open(Settings settings, OpenContext context) throws Exception {
            return peer.open(context);
        }

        @Override
        public void close(FakeConnection connection) throws Exception {
            peer.close(connection);
        }

        @Override
        public boolean isAlive(FakeConnection connection, Deadline deadline) throws Exception {
            return peer.isAlive(connection);
        }

        @Override
        public void reset(FakeConnection connection) throws Exception {
            peer.reset();
        }
    }

    record Shared(FakePeer peer) implements ConnectionFactory.Shared<Settings, FakeConnection> {

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public Endpoint endpoint(Settings settings) {
            return Endpoint.of("fake", settings.host(), 80);
        }

        @Override
        public FakeConnection open(Settings settings, OpenContext context) throws Exception {
            return peer.open(context);
        }

        @Override
        public void close(FakeConnection connection) throws Exception {
            peer.close(connection);
        }

        @Override
        public boolean isHealthy(FakeConnection connection, Deadline deadline) throws Exception {
            return peer.isAlive(connection);
        }
    }

    record Negotiated(FakePeer peer) implements ConnectionFactory.Negotiated<Settings, FakeConnection> {

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public Endpoint endpoint(Settings settings) {
            return Endpoint.of("fake", settings.host(), 80);
        }

        @Override
        public FakeConnection open(Settings settings, OpenContext context) throws Exception {
            return peer.open(context);
        }

        @Override
        public void close(FakeConnection connection) throws Exception {
            peer.close(connection);
        }

        @Override
        public int capacity(FakeConnection connection) {
            return peer.capacity;
        }

        @Override
        public boolean isAlive(FakeConnection connection, Deadline deadline) throws Exception {
            return peer.isAlive(connection);
        }

        @Override
        public void reset(FakeConnection connection) throws Exception {
            peer.reset();
        }
    }

    /// A pool that the plugin brings.
    record Pooled(FakePeer peer) implements ConnectionFactory.Pooled<Settings, FakeConnection> {

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public Endpoint endpoint(Settings settings) {
            return Endpoint.of("fake", settings.host(), 80);
        }

        @Override
        public ConnectionPool<FakeConnection> open(Settings settings, OpenContext context) throws Exception {
            return new BroughtPool(peer, context, peer.open(context));
        }
    }

    /// Has one connection at first.
    private static final class BroughtPool implements ConnectionPool<FakeConnection> {

        private final FakePeer peer;
        private final OpenContext context;
        private final Semaphore free;
        private final int max;
        private final Queue<FakeConnection> idle = new ConcurrentLinkedQueue<>();
        private final Set<FakeConnection> lentBefore = ConcurrentHashMap.newKeySet();

        BroughtPool(FakePeer peer, OpenContext context, FakeConnection first) {
            this.peer = peer;
            this.context = context;
            this.idle.add(first);
            Integer limit = context.pool().max();
            if (limit == null) {
                throw new IllegalArgumentException("max must be filled in");
            }
            this.max = limit;
            this.free = new Semaphore(limit);
        }

        @Override
        public FakeConnection lease(Deadline deadline) throws Exception {
            if (!free.tryAcquire(deadline.remainingNanos(), TimeUnit.NANOSECONDS)) {
                throw new TimeoutException("none free");
            }
            FakeConnection connection = idle.poll();
            return connection == null ? peer.open(context) : connection;
        }

        @Override
        public void release(FakeConnection connection, boolean broken) throws Exception {
            connection.alive = !broken;
            if (broken) {
                peer.close(connection);
            } else {
                idle.add(connection);
            }
            free.release();
        }

        @Override
        public long opened() {
            return peer.opened.get();
        }

        @Override
        public long openNanos(FakeConnection connection) {
            return lentBefore.add(connection) ? 1 : -1;
        }

        @Override
        public Figures figures() {
            int lent = max - free.availablePermits();
            return new Figures(lent + idle.size(), lent, idle.size(), free.getQueueLength());
        }

        @Override
        public void close() throws Exception {
            for (FakeConnection connection = idle.poll(); connection != null; connection = idle.poll()) {
                peer.close(connection);
            }
        }
    }
}
