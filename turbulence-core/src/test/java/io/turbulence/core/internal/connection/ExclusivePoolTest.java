package io.turbulence.core.internal.connection;

import static io.turbulence.core.internal.connection.Registries.pool;
import static io.turbulence.core.internal.connection.Registries.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.turbulence.api.Failure;
import io.turbulence.core.internal.connection.FakePeer.FakeConnection;
import io.turbulence.core.internal.plugin.PluginException;
import io.turbulence.spi.ConnectionFactory;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExclusivePoolTest {

    private final FakePeer peer = new FakePeer();
    private final ConnectionFactory<?, FakeConnection> factory = peer.exclusive();

    private HeldLease<FakeConnection> lease(Registry registry) throws InterruptedException {
        return Registries.lease(registry, factory);
    }

    @Nested
    class Lending {

        @Test
        void lendsTheSameConnectionAgain() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p))) {
                FakeConnection first;
                try (HeldLease<FakeConnection> lease = lease(registry)) {
                    first = lease.connection();
                    assertThat(lease.reused()).isFalse();
                    assertThat(lease.openNanos()).isNotNegative();
                    assertThat(lease.uses()).isEqualTo(1);
                }
                try (HeldLease<FakeConnection> lease = lease(registry)) {
                    assertThat(lease.connection()).isSameAs(first);
                    assertThat(lease.reused()).isTrue();
                    assertThat(lease.openNanos()).isEqualTo(-1);
                    assertThat(lease.uses()).isEqualTo(2);
                }
            }
            assertThat(peer.open).hasValue(0);
        }

        @Test
        void lendsTheNewestFirst() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p))) {
                HeldLease<FakeConnection> a = lease(registry);
                HeldLease<FakeConnection> b = lease(registry);
                FakeConnection newest = b.connection();
                a.close();
                b.close();
                try (HeldLease<FakeConnection> lease = lease(registry)) {
                    assertThat(lease.connection()).isSameAs(newest);
                }
            }
        }

        @Test
        void closingALeaseTwiceReturnsItOnce() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p))) {
                HeldLease<FakeConnection> a = lease(registry);
                a.close();
                a.close();
                try (HeldLease<FakeConnection> b = lease(registry);
                        HeldLease<FakeConnection> c = lease(registry)) {
                    assertThat(b.connection()).isNotSameAs(c.connection());
                }
                assertThatThrownBy(a::connection)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("api: the lease was closed; its connection is not this holder's any more");
            }
        }

        @Test
        void discardsABrokenConnection() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p.max(1)))) {
                FakeConnection broken;
                try (HeldLease<FakeConnection> lease = lease(registry)) {
                    broken = lease.connection();
                    lease.invalidate();
                }
                try (HeldLease<FakeConnection> lease = lease(registry)) {
                    assertThat(lease.connection()).isNotSameAs(broken);
                }
                assertThat(broken.closes).hasValue(1);
                assertThat(peer.mostOpen).hasValue(1);
            }
        }

        @Test
        void discardsTheConnectionOfAnInterruptedHolder() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p.max(1)))) {
                HeldLease<FakeConnection> lease = lease(registry);
                FakeConnection connection = lease.connection();
                Thread.currentThread().interrupt();
                lease.close();
                assertThat(Thread.interrupted()).isTrue();
                try (HeldLease<FakeConnection> next = lease(registry)) {
                    assertThat(next.connection()).isNotSameAs(connection);
                }
            }
        }

        @Test
        void discardsWhatCannotBeReset() throws Exception {
            peer.beforeReset = () -> {
                throw new IllegalStateException("cannot roll back");
            };
            try (Registry registry = Registries.open(pool(p -> p.max(1)))) {
                lease(registry).close();
                lease(registry).close();
                assertThat(peer.opened).hasValue(2);
                assertThat(registry.figures().getFirst().evicted().unhealthy()).isEqualTo(2);
            }
        }
    }

    @Nested
    class Waiting {

        @Test
        void givesAReturnedConnectionToTheLongestWaiter() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p.max(1)));
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                HeldLease<FakeConnection> held = lease(registry);
                Future<HeldLease<FakeConnection>> first = threads.submit(() -> lease(registry));
                awaitWaiting(registry, 1);
                Future<HeldLease<FakeConnection>> second = threads.submit(() -> lease(registry));
                awaitWaiting(registry, 2);
                held.close();
                HeldLease<FakeConnection> given = first.get(5, TimeUnit.SECONDS);
                assertThat(second).isNotDone();
                assertThat(given.waitNanos()).isPositive();
                given.close();
                second.get(5, TimeUnit.SECONDS).close();
                PoolFigures figures = registry.figures().getFirst();
                assertThat(figures.waitingMax()).isEqualTo(2);
                assertThat(figures.inUseMax()).isEqualTo(1);
                assertThat(figures.waitMs().max()).isPositive();
            }
        }

        @Test
        void saysWhyNoConnectionBecameFree() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p.max(2).acquire(Duration.ofMillis(20))))) {
                try (HeldLease<FakeConnection> a = lease(registry);
                        HeldLease<FakeConnection> b = lease(registry)) {
                    assertThat(a.connection()).isNotSameAs(b.connection());
                    AcquireTimeoutException timeout =
                            catchThrowableOfType(AcquireTimeoutException.class, () -> lease(registry));
                    assertThat(timeout)
                            .hasMessage("api: no connection free after 20 ms (max=2, in use=2, idle=0, waiting=1)."
                                    + " Raise pool.max or lower the load.");
                    assertThat(timeout.code()).isEqualTo("CONNECTION_POOL");
                    assertThat(timeout.outcome().failure()).isEqualTo(Failure.POOL);
                    assertThat(timeout.waitNanos()).isPositive();
                    assertThat(registry.figures().getFirst().waitMs().max())
                            .as("a pool that starves does not look like one without waits")
                            .isGreaterThanOrEqualTo(20);
                }
                assertThat(registry.figures().getFirst().errorRate()).isEqualTo(1.0 / 3);
            }
        }

        @Test
        void namesTheLastFailureToOpenInATimeout() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p.max(2).acquire(Duration.ofMillis(20))))) {
                HeldLease<FakeConnection> a = lease(registry);
                peer.beforeOpen = () -> {
                    throw new ConnectException("Connection refused");
                };
                assertThatThrownBy(() -> lease(registry)).isInstanceOf(OpenFailedException.class);
                peer.beforeOpen = null;
                HeldLease<FakeConnection> b = lease(registry);
                assertThatThrownBy(() -> lease(registry))
                        .hasMessage("api: no connection free after 20 ms (max=2, in use=2, idle=0, waiting=1)."
                                + " Last failure to open: could not connect to 'api.local:80': Connection refused."
                                + " Raise pool.max or lower the load.");
                a.close();
                b.close();
            }
        }

        @Test
        void saysThatTheStepsOwnLimitCutTheWaitShort() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p.max(1)));
                    HeldLease<FakeConnection> held = lease(registry)) {
                assertThat(held.reused()).isFalse();
                assertThatThrownBy(() -> Registries.instance(registry)
                                .lease("api", factory, FakePeer.PLACE, Registries.within(Duration.ofMillis(15))))
                        .hasMessageMatching("api: no connection free after \\d+ ms, cut short by timeout of 15 ms"
                                + " \\(max=1, in use=1, idle=0, waiting=1\\)\\. Raise pool\\.max or lower the load\\.");
            }
        }

        @Test
        void passesOnWhatAnInterruptedWaiterWasGiven() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p.max(1)))) {
                HeldLease<FakeConnection> held = lease(registry);
                CountDownLatch interrupted = new CountDownLatch(1);
                Thread waiter = Thread.startVirtualThread(() -> {
                    try {
                        lease(registry).close();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                    }
                });
                awaitWaiting(registry, 1);
                waiter.interrupt();
                assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
                held.close();
                lease(registry).close();
                assertThat(peer.opened).hasValue(1);
            }
        }
    }

    @Nested
    class Opening {

        @Test
        void aClosedPortFailsEachStepWithItsOwnFailure() throws Exception {
            peer.beforeOpen = () -> {
                throw new ConnectException("Connection refused");
            };
            try (Registry registry = Registries.open(pool(p -> p))) {
                for (int i = 0; i < 3; i++) {
                    OpenFailedException failed = catchThrowableOfType(OpenFailedException.class, () -> lease(registry));
                    assertThat(failed.outcome().failure()).isEqualTo(Failure.CONNECT);
                    assertThat(failed).hasMessage("could not connect to 'api.local:80': Connection refused");
                    assertThat(failed.code()).isEqualTo("CONNECTION_CONNECT");
                }
                assertThat(registry.figures().getFirst().openFailed()).isEqualTo(3);
                peer.beforeOpen = null;
                lease(registry).close();
            }
        }

        @Test
        void failuresInARowSendAwayThoseWhoWouldWaitInVain() throws Exception {
            CountDownLatch go = new CountDownLatch(1);
            peer.beforeOpen = () -> {
                go.await();
                throw new ConnectException("Connection refused");
            };
            try (Registry registry = Registries.open(pool(p -> p.max(1)));
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<HeldLease<FakeConnection>>> all = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    all.add(threads.submit(() -> lease(registry)));
                }
                awaitWaiting(registry, 19);
                go.countDown();
                for (Future<HeldLease<FakeConnection>> each : all) {
                    assertThatThrownBy(() -> each.get(5, TimeUnit.SECONDS))
                            .hasRootCauseMessage("Connection refused")
                            .hasCauseInstanceOf(OpenFailedException.class);
                }
                assertThat(peer.attempts).hasValue(5);
            }
        }

        @Test
        void opensNoMoreThanMax() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p.max(3)));
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> all = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    all.add(threads.submit(() -> {
                        try (HeldLease<FakeConnection> lease = lease(registry)) {
                            assertThat(lease.connection().holders.incrementAndGet())
                                    .isEqualTo(1);
                            Thread.sleep(Duration.ofNanos(1));
                            lease.connection().holders.decrementAndGet();
                        }
                        return null;
                    }));
                }
                for (Future<?> each : all) {
                    each.get(20, TimeUnit.SECONDS);
                }
                assertThat(peer.mostOpen.get()).isLessThanOrEqualTo(3);
                assertThat(registry.figures().getFirst().leases()).isEqualTo(200);
            }
        }

        @Test
        void anErrorOfThePluginLosesNoPlace() throws Exception {
            peer.beforeOpen = () -> {
                throw new NoClassDefFoundError("com/example/Gone");
            };
            try (Registry registry = Registries.open(pool(p -> p.max(1)))) {
                assertThatThrownBy(() -> lease(registry))
                        .isInstanceOf(PluginException.class)
                        .hasMessageStartingWith("a connection of 'api' does not fit the classes around it: "
                                + "NoClassDefFoundError: com/example/Gone. ");
                peer.beforeOpen = null;
                lease(registry).close();
            }
        }
    }

    static void awaitWaiting(Registry registry, int count) throws InterruptedException {
        while (registry.figures().getFirst().waiting() < count) {
            Thread.sleep(1);
        }
        assertThat(soon().expired()).isFalse();
    }
}
