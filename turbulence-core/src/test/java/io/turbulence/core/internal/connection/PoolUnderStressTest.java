package io.turbulence.core.internal.connection;

import static io.turbulence.core.internal.connection.Eventually.eventually;
import static io.turbulence.core.internal.connection.Registries.pool;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.connection.FakePeer.FakeConnection;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PoolSettings.Scope;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Ten thousand instances that use ten connections while everything that can fail does.
@Timeout(120)
class PoolUnderStressTest {

    private static final int INSTANCES = 10_000;
    private static final int MAX = 10;

    private final FakePeer peer = new FakePeer();
    private final AtomicLong draws = new AtomicLong();
    private final AtomicInteger tooMany = new AtomicInteger();
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger cancelled = new AtomicInteger();

    @BeforeEach
    void everythingFailsSometimes() {
        peer.beforeOpen = () -> failOneIn(20);
        peer.beforeCheck = () -> failOneIn(10);
        peer.beforeReset = () -> failOneIn(50);
        peer.beforeClose = () -> failOneIn(10);
    }

    @Test
    void anExclusivePoolLendsNothingTwiceAndLosesNobody() throws Exception {
        run(peer.exclusive(), 1, Scope.RUN);
        assertThat(peer.mostOpen.get()).isLessThanOrEqualTo(MAX);
    }

    @Test
    void aNegotiatedPoolGivesNoConnectionMoreHoldersThanItTakes() throws Exception {
        peer.capacity = 3;
        run(peer.negotiated(), 3, Scope.RUN);
    }

    @Test
    void aPoolOfInstancesKeepsItsLimit() throws Exception {
        run(peer.exclusive(), 1, Scope.INSTANCE);
        assertThat(peer.mostOpen.get()).isLessThanOrEqualTo(MAX);
    }

    @Test
    void aPoolOfStepsKeepsItsLimit() throws Exception {
        run(peer.exclusive(), 1, Scope.STEP);
        assertThat(peer.mostOpen.get()).isLessThanOrEqualTo(MAX);
    }

    private void run(ConnectionFactory<?, FakeConnection> factory, int holders, Scope scope) throws Exception {
        Registry registry = Registries.open(pool(p -> p.max(MAX).scope(scope).acquire(Duration.ofMinutes(5))));
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < INSTANCES; i++) {
            SplittableRandom random = new SplittableRandom(i);
            threads.add(Thread.startVirtualThread(() -> instance(registry, factory, holders, random)));
        }
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < INSTANCES / 20; i++) {
            threads.get(random.nextInt(INSTANCES)).interrupt();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(tooMany).hasValue(0);
        assertThat(served.get() + failed.get() + cancelled.get()).isEqualTo(INSTANCES);
        assertThat(served.get()).isGreaterThan(INSTANCES / 2);
        assertThat(registry.figures().getFirst().waiting()).isZero();
        eventually("nothing is in use", () -> registry.figures().getFirst().inUse() == 0);
        try {
            registry.close();
        } catch (RegistryCloseException e) {
            assertThat(e).hasMessageEndingWith("bad luck");
        }
        assertThat(peer.open).hasValue(0);
        assertThat(peer.closed.get()).isEqualTo(peer.opened.get());
        PoolFigures last = registry.figures().getFirst();
        assertThat(last.opened()).isEqualTo(peer.opened.get());
        assertThat(last.closed()).isEqualTo(peer.closed.get());
        assertThat(last.leaked()).isZero();
    }

    private void instance(
            Registry registry, ConnectionFactory<?, FakeConnection> factory, int holders, SplittableRandom random) {
        Holder holder = new Holder("instance", () -> "step");
        try (InstanceConnections connections = registry.instance(holder);
                HeldLease<FakeConnection> lease =
                        connections.lease("api", factory, FakePeer.PLACE, Registries.within(Duration.ofMinutes(5)))) {
            FakeConnection connection = lease.connection();
            if (connection.holders.incrementAndGet() > holders || (holders == 1 && connection.closes.get() > 0)) {
                tooMany.incrementAndGet();
            }
            if (random.nextInt(4) == 0) {
                LockSupport.parkNanos(1 + random.nextInt(1000));
            }
            connection.holders.decrementAndGet();
            if (random.nextInt(30) == 0) {
                lease.invalidate();
            }
            served.incrementAndGet();
        } catch (InterruptedException e) {
            cancelled.incrementAndGet();
        } catch (OpenFailedException e) {
            failed.incrementAndGet();
        }
    }

    private void failOneIn(int many) throws IOException {
        if (new SplittableRandom(draws.incrementAndGet()).nextInt(many) == 0) {
            throw new IOException("bad luck");
        }
    }
}
