package io.turbulence.core.internal.connection;

import static io.turbulence.core.internal.connection.Registries.pool;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.testkit.LocalServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a pool costs after very many leases, and what it costs each step.
@Tag("stress")
@Timeout(300)
class PoolSoakTest {

    private static final int LEASES = 10_000_000;
    private static final int TENTHS = 10;
    private static final int HOLDERS = 64;
    private static final int MAX = 10;

    private static final Duration DAY = Duration.ofHours(24);

    @Test
    void tenMillionLeasesLeaveHeapAndOpenFilesAsTheyWere() throws Exception {
        try (LocalServer server = LocalServer.silent();
                Registry registry = Registries.open(
                        pool(p -> p.max(MAX).idle(Duration.ofMinutes(10)).lifetime(Duration.ofSeconds(2))))) {
            Sockets sockets = new Sockets(server.port());
            List<Long> heap = new ArrayList<>();
            List<Long> files = new ArrayList<>();
            for (int tenth = 0; tenth < TENTHS; tenth++) {
                leases(registry, sockets, LEASES / TENTHS);
                heap.add(usedHeap());
                files.add(openFiles());
            }
            PoolFigures figures = registry.figures().getFirst();

            assertThat(figures.leases()).isEqualTo(LEASES);
            assertThat(figures.reuseRate()).isGreaterThan(0.999);
            assertThat(figures.leaked()).isZero();
            assertThat(figures.open()).isLessThanOrEqualTo(MAX);
            assertThat(files.getLast() - files.getFirst())
                    .as("open files after each tenth: %s", files)
                    .isLessThanOrEqualTo(MAX);
            assertThat(heap.getLast() - heap.getFirst())
                    .as("bytes of heap after each tenth: %s", heap)
                    .isLessThan(2 << 20);
            registry.close();
            assertThat(registry.figures().getFirst().open()).isZero();
        }
    }

    @Test
    void aDayOfUseOnTheManualClockLeaksNothing() throws Exception {
        FakePeer peer = new FakePeer();
        AtomicLong now = new AtomicLong();
        Registry registry =
                Registries.open(Registries.builder(pool(p -> p.max(MAX).leakAfter(Duration.ofMinutes(1))))
                        .clock(now::get, Instant.EPOCH)
                        .withoutHousekeeper());
        long step = Duration.ofSeconds(10).toNanos();
        for (long at = 0; at < DAY.toNanos(); at += step) {
            now.addAndGet(step);
            try (HeldLease<FakePeer.FakeConnection> one = Registries.lease(registry, peer.exclusive());
                    HeldLease<FakePeer.FakeConnection> other = Registries.lease(registry, peer.exclusive())) {
                assertThat(one.connection()).isNotSameAs(other.connection());
            }
            registry.housekeep();
        }
        PoolFigures figures = registry.figures().getFirst();
        assertThat(figures.leaked()).isZero();
        assertThat(figures.leases()).isEqualTo(2 * DAY.toSeconds() / 10);
        // Each lives for 27 to 30 minutes, and two are in use
        assertThat(figures.evicted().lifetime()).isBetween(90L, 120L);
        assertThat(figures.opened()).isBetween(90L, 130L);

        registry.close();

        assertThat(peer.closed.get()).isEqualTo(peer.opened.get());
        assertThat(peer.open).hasValue(0);
    }

    @Test
    void aStepOverAFreePoolTakesNoLongerThanOverABareConnection() throws Exception {
        int instances = 1_000;
        FakePeer peer = new FakePeer();
        ConcurrentHistogram bare = new ConcurrentHistogram(3);
        ConcurrentHistogram leased = new ConcurrentHistogram(3);
        try (Registry registry = Registries.open(pool(p -> p.max(instances)))) {
            AtomicInteger round = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < instances; i++) {
                threads.add(Thread.startVirtualThread(() -> {
                    try (InstanceConnections connections = registry.instance(new Holder("i", () -> "s"))) {
                        for (int step = 0; step < 60; step++) {
                            boolean counts = step >= 20;
                            // In turn, so that what else the machine does meets both
                            if (round.getAndIncrement() % 2 == 0) {
                                long start = System.nanoTime();
                                exchange();
                                record(bare, counts, start);
                            } else {
                                long start = System.nanoTime();
                                try (HeldLease<FakePeer.FakeConnection> lease =
                                        connections.lease("api", peer.exclusive(), FakePeer.PLACE, Registries.soon())) {
                                    exchange();
                                }
                                record(leased, counts, start);
                            }
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        long difference = leased.getValueAtPercentile(99) - bare.getValueAtPercentile(99);
        System.getLogger(PoolSoakTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "p99 of a step: bare %d us, leased %d us; p50 %d and %d us"
                                .formatted(
                                        bare.getValueAtPercentile(99) / 1000,
                                        leased.getValueAtPercentile(99) / 1000,
                                        bare.getValueAtPercentile(50) / 1000,
                                        leased.getValueAtPercentile(50) / 1000));
        assertThat(bare.getTotalCount()).isGreaterThan(10_000);
        assertThat(TimeUnit.NANOSECONDS.toMicros(difference)).isLessThan(200);
    }

    private static void exchange() {
        LockSupport.parkNanos(50_000_000);
    }

    private static void record(ConcurrentHistogram histogram, boolean counts, long start) {
        if (counts) {
            histogram.recordValue(System.nanoTime() - start);
        }
    }

    private static void leases(Registry registry, Sockets sockets, int count) throws InterruptedException {
        AtomicInteger left = new AtomicInteger(count);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < HOLDERS; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                try (InstanceConnections connections = registry.instance(new Holder("i", () -> "s"))) {
                    Deadline deadline = Registries.within(Duration.ofMinutes(5));
                    while (left.getAndDecrement() > 0) {
                        connections
                                .lease("api", sockets, sockets.endpoint(Registries.SETTINGS), deadline)
                                .close();
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static long usedHeap() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
        }
        return used;
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }

    private record Sockets(int port) implements ConnectionFactory.Exclusive<FakePeer.Settings, Socket> {

        @Override
        public Class<FakePeer.Settings> settings() {
            return FakePeer.Settings.class;
        }

        @Override
        public Endpoint endpoint(FakePeer.Settings settings) {
            return Endpoint.of("tcp", "127.0.0.1", port);
        }

        @Override
        public Socket open(FakePeer.Settings settings, OpenContext context) throws IOException {
            return new Socket(java.net.InetAddress.getLoopbackAddress(), port);
        }

        @Override
        public void close(Socket connection) throws IOException {
            connection.close();
        }

        @Override
        public boolean isAlive(Socket connection, Deadline deadline) {
            return !connection.isClosed();
        }
    }
}
