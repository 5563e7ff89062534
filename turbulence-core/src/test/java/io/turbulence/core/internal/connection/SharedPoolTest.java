package io.turbulence.core.internal.connection;

import static io.turbulence.core.internal.connection.Eventually.eventually;
import static io.turbulence.core.internal.connection.Registries.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.internal.connection.FakePeer.FakeConnection;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.testkit.ManualClock;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedPoolTest {

    private final FakePeer peer = new FakePeer();

    @Nested
    class Shared {

        private final ConnectionFactory<?, FakeConnection> factory = peer.shared();

        @Test
        void lendsOneClientToAllByDefault() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p));
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<HeldLease<FakeConnection>>> all = new ArrayList<>();
                for (int i = 0; i < 1000; i++) {
                    all.add(threads.submit(() -> Registries.lease(registry, factory)));
                }
                Set<FakeConnection> clients = new HashSet<>();
                for (Future<HeldLease<FakeConnection>> each : all) {
                    clients.add(each.get(10, TimeUnit.SECONDS).connection());
                }
                assertThat(clients).hasSize(1);
                assertThat(peer.attempts).hasValue(1);
                for (Future<HeldLease<FakeConnection>> each : all) {
                    each.resultNow().close();
                }
                PoolFigures figures = registry.figures().getFirst();
                assertThat(figures.leases()).isEqualTo(1000);
                assertThat(figures.reused()).isEqualTo(999);
                assertThat(figures.inUseMax()).isEqualTo(1);
            }
            assertThat(peer.open).hasValue(0);
        }

        @Test
        void givesTheClientWithTheFewestHolders() throws Exception {
            try (Registry registry = Registries.open(
                    Registries.builder(pool(p -> p.max(2).min(2))).connect("api", factory))) {
                assertThat(peer.open).hasValue(2);
                try (HeldLease<FakeConnection> a = Registries.lease(registry, factory);
                        HeldLease<FakeConnection> b = Registries.lease(registry, factory)) {
                    assertThat(a.connection()).isNotSameAs(b.connection());
                    FakeConnection free = a.connection();
                    a.close();
                    try (HeldLease<FakeConnection> c = Registries.lease(registry, factory)) {
                        assertThat(c.connection()).isSameAs(free);
                    }
                }
            }
        }

        @Test
        void opensAnotherInTheBackgroundWhenAllHaveHolders() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p.max(2)))) {
                HeldLease<FakeConnection> a = Registries.lease(registry, factory);
                HeldLease<FakeConnection> b = Registries.lease(registry, factory);
                assertThat(b.connection()).isSameAs(a.connection());
                eventually("a second client is open", () -> peer.open.get() == 2);
                a.close();
                b.close();
            }
        }

        @Test
        void closingWaitsForWhatIsBeingOpenedInTheBackground() throws Exception {
            Registry registry = Registries.open(pool(p -> p.max(2)));
            HeldLease<FakeConnection> a = Registries.lease(registry, factory);
            CountDownLatch opening = new CountDownLatch(1);
            peer.beforeOpen = () -> {
                opening.countDown();
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    // Opens it all the same, a little later
                    Thread.sleep(50);
                }
            };
            Registries.lease(registry, factory).close();
            a.close();
            assertThat(opening.await(20, TimeUnit.SECONDS)).isTrue();

            registry.close();

            assertThat(peer.opened).hasValue(2);
            assertThat(peer.closed).hasValue(2);
            assertThat(registry.figures().getFirst().closed()).isEqualTo(2);
        }

        @Test
        void replacesABrokenClientWhileItsHoldersFinish() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p))) {
                HeldLease<FakeConnection> a = Registries.lease(registry, factory);
                HeldLease<FakeConnection> b = Registries.lease(registry, factory);
                FakeConnection broken = a.connection();
                a.invalidate();
                a.close();
                HeldLease<FakeConnection> c = Registries.lease(registry, factory);
                assertThat(c.connection()).isNotSameAs(broken);
                assertThat(broken.closes).hasValue(0);
                b.close();
                eventually("the broken client is closed", () -> broken.closes.get() == 1);
                c.close();
            }
        }

        @Test
        void replacesAClientThatIsFoundUnhealthyThoughItIsHeld() throws Exception {
            ManualClock clock = new ManualClock();
            try (Registry registry = Registries.open(Registries.builder(pool(p -> p.check(Duration.ofSeconds(60))))
                    .clock(clock, clock.instant())
                    .withoutHousekeeper())) {
                HeldLease<FakeConnection> held = Registries.lease(registry, factory);
                FakeConnection sick = held.connection();
                sick.alive = false;
                clock.advance(Duration.ofSeconds(61));
                registry.housekeep();
                eventually("it was asked", () -> peer.checks.get() == 1);
                eventually("others get a new one", () -> {
                    try (HeldLease<FakeConnection> next = Registries.lease(registry, factory)) {
                        return next.connection() != sick;
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                assertThat(sick.closes).hasValue(0);
                held.close();
                eventually("it is closed", () -> sick.closes.get() == 1);
                assertThat(registry.figures().getFirst().evicted().unhealthy()).isEqualTo(1);
            }
        }

        @Test
        void aFailedOpenFailsAllWhoWaitedForIt() throws Exception {
            CountDownLatch go = new CountDownLatch(1);
            peer.beforeOpen = () -> {
                go.await();
                throw new ConnectException("Connection refused");
            };
            try (Registry registry = Registries.open(pool(p -> p));
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<HeldLease<FakeConnection>>> all = List.of(
                        threads.submit(() -> Registries.lease(registry, factory)),
                        threads.submit(() -> Registries.lease(registry, factory)));
                ExclusivePoolTest.awaitWaiting(registry, 1);
                go.countDown();
                for (Future<HeldLease<FakeConnection>> each : all) {
                    assertThatThrownBy(() -> each.get(10, TimeUnit.SECONDS))
                            .hasCauseInstanceOf(OpenFailedException.class)
                            .hasMessageContaining("could not connect to 'api.local:80': Connection refused");
                }
                peer.beforeOpen = null;
                Registries.lease(registry, factory).close();
            }
        }
    }

    @Nested
    class Negotiated {

        private final ConnectionFactory<?, FakeConnection> factory = peer.negotiated();

        @Test
        void isExclusiveWhenTheFirstConnectionTakesOneHolder() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p));
                    HeldLease<FakeConnection> a = Registries.lease(registry, factory);
                    HeldLease<FakeConnection> b = Registries.lease(registry, factory)) {
                assertThat(a.connection()).isNotSameAs(b.connection());
                assertThat(registry.figures().getFirst().max()).isEqualTo(10);
            }
        }

        @Test
        void isSharedWhenTheFirstConnectionTakesMany() throws Exception {
            peer.capacity = 100;
            try (Registry registry = Registries.open(pool(p -> p));
                    HeldLease<FakeConnection> a = Registries.lease(registry, factory);
                    HeldLease<FakeConnection> b = Registries.lease(registry, factory)) {
                assertThat(a.connection()).isSameAs(b.connection());
                assertThat(registry.figures().getFirst().max()).isEqualTo(1);
            }
        }

        @Test
        void opensOneConnectionUntilTheModeIsKnown() throws Exception {
            peer.capacity = 1000;
            try (Registry registry = Registries.open(pool(p -> p));
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<HeldLease<FakeConnection>>> all = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    all.add(threads.submit(() -> Registries.lease(registry, factory)));
                }
                for (Future<HeldLease<FakeConnection>> each : all) {
                    each.get(10, TimeUnit.SECONDS).close();
                }
                assertThat(peer.opened).hasValue(1);
            }
        }

        @Test
        void waitsWhenTheConnectionTakesNoMoreHolders() throws Exception {
            peer.capacity = 2;
            try (Registry registry = Registries.open(pool(p -> p.max(1).acquire(Duration.ofMillis(20))))) {
                HeldLease<FakeConnection> a = Registries.lease(registry, factory);
                HeldLease<FakeConnection> b = Registries.lease(registry, factory);
                assertThatThrownBy(() -> Registries.lease(registry, factory))
                        .isInstanceOf(AcquireTimeoutException.class)
                        .hasMessage("api: no connection free after 20 ms (max=1, in use=1, idle=0, waiting=1)."
                                + " Raise pool.max or lower the load.");
                b.close();
                Registries.lease(registry, factory).close();
                a.close();
            }
        }
    }

    @Nested
    class Brought {

        private final ConnectionFactory<?, FakeConnection> factory = peer.pooled();

        @Test
        void leasesThroughThePluginsPool() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p.max(1).acquire(Duration.ofMillis(20))))) {
                HeldLease<FakeConnection> a = Registries.lease(registry, factory);
                assertThatThrownBy(() -> Registries.lease(registry, factory))
                        .isInstanceOf(AcquireTimeoutException.class)
                        .hasMessage("api: no connection free after 20 ms (max=1, in use=1, idle=0, waiting=1)."
                                + " Raise pool.max or lower the load.");
                a.invalidate();
                FakeConnection connection = a.connection();
                a.close();
                assertThat(connection.alive).isFalse();
                Registries.lease(registry, factory).close();
                PoolFigures figures = registry.figures().getFirst();
                assertThat(figures.leases()).isEqualTo(2);
                assertThat(figures.opened()).isEqualTo(2);
                assertThat(figures.waitingMax()).isEqualTo(1);
            }
            assertThat(peer.open).hasValue(0);
        }
    }
}
