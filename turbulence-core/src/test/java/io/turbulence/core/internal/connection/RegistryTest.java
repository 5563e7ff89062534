package io.turbulence.core.internal.connection;

import static io.turbulence.core.internal.connection.Eventually.eventually;
import static io.turbulence.core.internal.connection.Registries.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Outcome;
import io.turbulence.core.internal.connection.FakePeer.FakeConnection;
import io.turbulence.core.internal.plugin.PluginException;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PoolSettings;
import io.turbulence.testkit.ManualClock;
import io.turbulence.testkit.SimpleJson;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RegistryTest {

    private final FakePeer peer = new FakePeer();
    private final ConnectionFactory<?, FakeConnection> factory = peer.exclusive();
    private final ManualClock clock = new ManualClock();

    private HeldLease<FakeConnection> lease(Registry registry) throws InterruptedException {
        return Registries.lease(registry, factory);
    }

    private Registry onManualClock(PoolSettings pool) throws InterruptedException {
        return Registries.open(Registries.builder(pool)
                .clock(clock, clock.instant())
                .withoutHousekeeper()
                .connect("api", factory));
    }

    @Nested
    class LifeCycle {

        @Test
        void lendsNothingBeforeItIsOpen() {
            try (Registry registry = Registries.builder(pool(p -> p)).build()) {
                RegistryClosedException closed =
                        catchThrowableOfType(RegistryClosedException.class, () -> lease(registry));
                assertThat(closed).hasMessage("'api': no connection is lent; the registry is not open yet");
                assertThat(closed.outcome().failure()).isEqualTo(Failure.CANCELLED);
            }
        }

        @Test
        void opensTheLeastNumberOfConnectionsBeforehand() throws Exception {
            try (Registry registry = onManualClock(pool(p -> p.min(3)))) {
                assertThat(peer.open).hasValue(3);
                try (HeldLease<FakeConnection> lease = lease(registry)) {
                    assertThat(lease.reused()).isTrue();
                }
            }
        }

        @Test
        void opensThemOnceHoweverManyStepsUseThem() throws Exception {
            Registry.Builder builder = Registries.builder(pool(p -> p.min(2)));
            for (int step = 0; step < 5; step++) {
                builder.connect("api", peer.exclusive());
            }
            try (Registry registry = Registries.open(builder)) {
                assertThat(registry.figures().getFirst().idle()).isEqualTo(2);
                assertThat(peer.opened).hasValue(2);
            }
        }

        @Test
        void reportsEveryFailureToOpen() {
            peer.beforeOpen = () -> {
                throw new ConnectException("Connection refused");
            };
            Registry registry = Registry.builder()
                    .json(new SimpleJson())
                    .service("api", Registries.SETTINGS, pool(p -> p.min(1)))
                    .service("other", new FakePeer.Settings("other.local"), pool(p -> p.min(1)))
                    .connect("api", factory)
                    .connect("other", factory)
                    .build();
            RegistryOpenException failed =
                    catchThrowableOfType(RegistryOpenException.class, () -> registry.open(Registries.soon()));
            assertThat(failed).hasMessageStartingWith("not everything could be opened before the run:\n  ");
            assertThat(String.valueOf(failed.getMessage()).lines().skip(1))
                    .containsExactlyInAnyOrder(
                            "  could not connect to 'api.local:80': Connection refused",
                            "  could not connect to 'other.local:80': Connection refused");
            assertThatThrownBy(() -> lease(registry))
                    .hasMessage("'api': no connection is lent; the registry is closed");
        }

        @Test
        void closingTwiceIsFine() throws Exception {
            Registry registry = onManualClock(pool(p -> p.min(2)));
            registry.close();
            registry.close();
            assertThat(peer.closed).hasValue(2);
        }

        @Test
        void collectsWhatFailsWhenClosing() throws Exception {
            Registry registry = onManualClock(pool(p -> p.min(3)));
            peer.beforeClose = () -> {
                throw new IllegalStateException("stuck");
            };
            assertThatThrownBy(registry::close)
                    .isInstanceOf(RegistryCloseException.class)
                    .hasMessage("3 connections did not close well; the first: stuck")
                    .satisfies(e -> assertThat(e.getSuppressed()).hasSize(2));
            assertThat(peer.open).hasValue(0);
        }

        @Test
        void explainsClassesThatDoNotFitWhenAConnectionIsOpened() throws Exception {
            peer.beforeOpen = () -> {
                throw new NoSuchMethodError("'void com.acme.Wire.connect()'");
            };
            try (Registry registry = Registries.open(Registries.builder(pool(p -> p)))) {
                assertThatThrownBy(() -> lease(registry))
                        .isInstanceOf(PluginException.class)
                        .hasMessageStartingWith(
                                "a connection of 'api' does not fit the classes around it: NoSuchMethodError: 'void"
                                        + " com.acme.Wire.connect()'. Turbulence here: turbulence-api ");
                peer.beforeOpen = null;
                lease(registry).close();
            }
        }

        @Test
        void givesUpACloseThatHangsAndSaysWhere() throws Exception {
            CountDownLatch never = new CountDownLatch(1);
            CountDownLatch interrupted = new CountDownLatch(1);
            peer.beforeClose = () -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                }
            };
            Registry registry = Registries.open(Registries.builder(pool(p -> p)).longestClose(Duration.ofSeconds(1)));
            lease(registry).close();

            assertThatThrownBy(registry::close)
                    .isInstanceOf(RegistryCloseException.class)
                    .hasMessageMatching("1 connection did not close well: 'api': close\\(\\) was still going on after"
                            + " 1 s, in"
                            + " io\\.turbulence\\..*RegistryTest\\$.*\\(RegistryTest\\.java:\\d+\\)."
                            + " It is given up\\. This is a defect of the plugin: tell its author, or"
                            + " remove it\\.");
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        }

        @Test
        void closesTheNewestPoolFirst() throws Exception {
            List<String> order = new CopyOnWriteArrayList<>();
            FakePeer second = new FakePeer();
            peer.beforeClose = () -> order.add("first");
            second.beforeClose = () -> order.add("second");
            Registry registry = Registries.open(
                    Registries.builder(pool(p -> p)).service("other", Registries.SETTINGS, pool(p -> p)));
            lease(registry).close();
            Registries.instance(registry)
                    .lease("other", second.exclusive(), FakePeer.PLACE, Registries.soon())
                    .close();
            registry.close();
            assertThat(order).containsExactly("second", "first");
        }

        @Test
        void drainingWaitsForLeasesAndLendsNoMore() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p));
                    ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                HeldLease<FakeConnection> held = lease(registry);
                Future<Integer> draining = threads.submit(() -> registry.drain(Registries.soon()));
                eventually("nothing is lent any more", () -> {
                    try {
                        lease(registry).close();
                        return false;
                    } catch (RegistryClosedException e) {
                        return true;
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
                assertThat(draining).isNotDone();
                held.close();
                assertThat(draining.get(10, TimeUnit.SECONDS)).isZero();
                eventually("it is closed", () -> peer.open.get() == 0);
            }
        }

        @Test
        void sendsWaitersAwayWhenItCloses() throws Exception {
            Registry registry = Registries.open(pool(p -> p.max(1)));
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                HeldLease<FakeConnection> held = lease(registry);
                Future<HeldLease<FakeConnection>> waiting = threads.submit(() -> lease(registry));
                ExclusivePoolTest.awaitWaiting(registry, 1);
                registry.close();
                assertThatThrownBy(() -> waiting.get(10, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(RegistryClosedException.class)
                        .hasMessageContaining("api: no connection is lent any more; the registry is closed");
                assertThat(peer.open).hasValue(0);
                held.close();
                assertThat(peer.closed).hasValue(1);
            }
        }

        @Test
        void clearReplacesEveryConnectionOnce() throws Exception {
            try (Registry registry = onManualClock(pool(p -> p))) {
                HeldLease<FakeConnection> held = lease(registry);
                lease(registry).close();
                registry.clear();
                eventually("the idle one is closed", () -> peer.open.get() == 1);
                held.close();
                eventually("the other is closed when it comes back", () -> peer.open.get() == 0);
                lease(registry).close();
                assertThat(peer.opened).hasValue(3);
            }
        }

        @Test
        void sameServiceAndPlaceIsOnePoolHoweverItIsWritten() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p))) {
                InstanceConnections a = Registries.instance(registry);
                a.lease("api", factory, Endpoint.of("FAKE", "API.local", 80), Registries.soon())
                        .close();
                lease(registry).close();
                assertThat(peer.opened).hasValue(1);
                assertThat(registry.figures().getFirst().hosts()).containsOnlyKeys("api.local:80");
            }
        }

        @Test
        void anotherPlaceOfTheServiceHasItsOwnLimitAndName() throws Exception {
            PoolSettings.PerHost less = new PoolSettings.PerHost(null, 1);
            try (Registry registry =
                    Registries.open(pool(p -> p.acquire(Duration.ofMillis(20)).perHost("Other.local:81", less)))) {
                InstanceConnections a = Registries.instance(registry);
                Endpoint other = Endpoint.of("fake", "other.local", 81);
                HeldLease<FakeConnection> held = a.lease("api", factory, other, Registries.soon());
                assertThatThrownBy(() -> a.lease("api", factory, other, Registries.soon()))
                        .hasMessage("api (other.local:81): no connection free after 20 ms (max=1, in use=1, idle=0,"
                                + " waiting=1). Raise pool.max or lower the load.");
                lease(registry).close();
                held.close();
                assertThat(registry.figures().getFirst().hosts()).containsOnlyKeys("api.local:80", "other.local:81");
            }
        }
    }

    @Nested
    class Ageing {

        @Test
        void closesWhatIsIdleForTooLongDownToTheLeast() throws Exception {
            try (Registry registry = onManualClock(pool(p -> p.min(1).idle(Duration.ofSeconds(30))))) {
                List<HeldLease<FakeConnection>> held = new ArrayList<>();
                for (int i = 0; i < 5; i++) {
                    held.add(lease(registry));
                }
                held.forEach(HeldLease::close);
                clock.advance(Duration.ofSeconds(29));
                registry.housekeep();
                assertThat(peer.open).hasValue(5);
                clock.advance(Duration.ofSeconds(2));
                registry.housekeep();
                eventually("four are closed", () -> peer.open.get() == 1);
                assertThat(registry.figures().getFirst().evicted().idle()).isEqualTo(4);
            }
        }

        @Test
        void letsTheUnusedOnesAgeWhileTheNewestIsUsed() throws Exception {
            try (Registry registry = onManualClock(pool(p -> p.idle(Duration.ofSeconds(30))))) {
                HeldLease<FakeConnection> a = lease(registry);
                HeldLease<FakeConnection> b = lease(registry);
                a.close();
                b.close();
                for (int i = 0; i < 10; i++) {
                    clock.advance(Duration.ofSeconds(5));
                    lease(registry).close();
                    registry.housekeep();
                }
                eventually("one is closed", () -> peer.open.get() == 1);
                assertThat(peer.opened).hasValue(2);
            }
        }

        @Test
        void replacesWhatReachedItsLifetime() throws Exception {
            try (Registry registry = onManualClock(pool(p ->
                    p.lifetime(Duration.ofMinutes(30)).idle(Duration.ofHours(2)).check(Duration.ZERO)))) {
                lease(registry).close();
                clock.advance(Duration.ofMinutes(31));
                lease(registry).close();
                assertThat(peer.opened).hasValue(2);
                assertThat(peer.mostOpen).hasValue(1);
                assertThat(registry.figures().getFirst().evicted().lifetime()).isEqualTo(1);
            }
        }

        @Test
        void asksOnlyAConnectionThatWasNotUsedJustBefore() throws Exception {
            try (Registry registry = onManualClock(pool(p -> p))) {
                lease(registry).close();
                clock.advance(Duration.ofMillis(400));
                lease(registry).close();
                assertThat(peer.checks).hasValue(0);
                clock.advance(Duration.ofMillis(600));
                lease(registry).close();
                assertThat(peer.checks).hasValue(1);
            }
        }

        @Test
        void asksAllOnceOneWasFoundBroken() throws Exception {
            try (Registry registry = onManualClock(pool(p -> p))) {
                HeldLease<FakeConnection> a = lease(registry);
                HeldLease<FakeConnection> b = lease(registry);
                b.close();
                clock.advance(Duration.ofMillis(1));
                a.invalidate();
                a.close();
                lease(registry).close();
                assertThat(peer.checks).hasValue(1);
                assertThat(peer.opened).hasValue(2);
            }
        }

        @Test
        void replacesWhatIsFoundDeadBeforeItIsLent() throws Exception {
            try (Registry registry = onManualClock(pool(p -> p))) {
                FakeConnection dead;
                try (HeldLease<FakeConnection> lease = lease(registry)) {
                    dead = lease.connection();
                }
                dead.alive = false;
                clock.advance(Duration.ofSeconds(1));
                try (HeldLease<FakeConnection> lease = lease(registry)) {
                    assertThat(lease.connection()).isNotSameAs(dead);
                }
                assertThat(dead.closes).hasValue(1);
                assertThat(registry.figures().getFirst().evicted().unhealthy()).isEqualTo(1);
            }
        }

        @Test
        void checksIdleConnectionsInTheBackgroundAndReplacesBrokenOnes() throws Exception {
            try (Registry registry =
                    onManualClock(pool(p -> p.min(2).idle(Duration.ofHours(1)).check(Duration.ofSeconds(60))))) {
                peer.connections.forEach(connection -> connection.alive = false);
                for (int i = 0; i < 2; i++) {
                    clock.advance(Duration.ofSeconds(61));
                    registry.housekeep();
                    int closed = i + 1;
                    eventually("one more is closed", () -> peer.closed.get() == closed);
                }
                registry.housekeep();
                eventually("there are two again", () -> {
                    registry.housekeep();
                    return peer.open.get() == 2;
                });
                assertThat(registry.figures().getFirst().evicted().unhealthy()).isEqualTo(2);
            }
        }

        @Test
        void twentyFourHoursLeaveNothingBehind() throws Exception {
            Random random = new Random(7);
            try (Registry registry = onManualClock(pool(p -> p.max(20).leakAfter(Duration.ofMinutes(5))))) {
                long leases = 0;
                for (int minute = 0; minute < 24 * 60; minute++) {
                    List<HeldLease<FakeConnection>> held = new ArrayList<>();
                    for (int i = random.nextInt(20); i >= 0; i--) {
                        held.add(lease(registry));
                        leases++;
                    }
                    clock.advance(Duration.ofSeconds(1 + random.nextInt(20)));
                    held.forEach(HeldLease::close);
                    registry.housekeep();
                    clock.advance(Duration.ofSeconds(random.nextInt(40)));
                    registry.housekeep();
                }
                clock.advance(Duration.ofMinutes(1));
                registry.housekeep();
                eventually("every idle one is closed", () -> peer.open.get() == 0);
                PoolFigures figures = registry.figures().getFirst();
                assertThat(figures.leases()).isEqualTo(leases);
                assertThat(figures.opened()).isEqualTo(figures.closed());
                assertThat(figures.leaked()).isZero();
                assertThat(figures.idle()).isZero();
                assertThat(figures.inUse()).isZero();
                assertThat(peer.mostOpen.get()).isLessThanOrEqualTo(20);
            }
        }
    }

    @Nested
    class Reporting {

        private final Lines log = new Lines();

        @Test
        void namesWhoHoldsALeaseForTooLong() throws Exception {
            try (Registry registry = Registries.open(Registries.builder(pool(p -> p.leakAfter(Duration.ofSeconds(5))))
                    .clock(clock, clock.instant())
                    .withoutHousekeeper()
                    .log(log)
                    .traceLeases(true))) {
                HeldLease<FakeConnection> held = lease(registry);
                clock.advance(Duration.ofSeconds(6));
                registry.housekeep();
                registry.housekeep();
                assertThat(log.lines)
                        .containsExactly("api: connection 1 to api.local:80 was held for 6 s by instance 'instance-1'"
                                + " in step 'order'. The stack shows who took it.");
                assertThat(log.thrown.getFirst()).hasStackTraceContaining("namesWhoHoldsALeaseForTooLong");
                assertThat(registry.figures().getFirst().leaked()).isEqualTo(1);
                held.close();
            }
        }

        @Test
        void namesWhoNeverGaveALeaseBackAndClosesItsConnection() throws Exception {
            Registry registry = Registries.open(Registries.builder(pool(p -> p))
                    .clock(clock, clock.instant())
                    .log(log));
            HeldLease<FakeConnection> held = lease(registry);
            clock.advance(Duration.ofSeconds(90));
            registry.close();
            assertThat(log.lines)
                    .containsExactly("api: connection 1 to api.local:80 was not given back after 90 s by instance"
                            + " 'instance-1' in step 'order'. Run with --trace-leases to see who took it.");
            assertThat(peer.open).hasValue(0);
            held.close();
            assertThat(peer.closed).hasValue(1);
        }

        @Test
        void tellsWhenAServiceWasAwayAndCameBack() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p))) {
                peer.beforeOpen = () -> {
                    throw new ConnectException("Connection refused");
                };
                assertThatThrownBy(() -> lease(registry)).isInstanceOf(OpenFailedException.class);
                assertThat(registry.outages()).singleElement().satisfies(outage -> {
                    assertThat(outage.until()).isNull();
                    assertThat(outage.attempts()).isEqualTo(1);
                });
                peer.beforeOpen = null;
                lease(registry).close();
                Outage outage = registry.outages().getFirst();
                assertThat(outage.until()).isNotNull().isAfterOrEqualTo(outage.from());
                assertThat(new Outage("api", "api.local:80", Instant.EPOCH, Instant.EPOCH.plusSeconds(3), 2, "refused"))
                        .hasToString("'api': api.local:80 could not be reached from 1970-01-01T00:00:00Z to"
                                + " 1970-01-01T00:00:03Z (3 s), 2 attempts; the last: refused");
            }
        }

        @Test
        void tellsNoOutageWhereWaitingForThePoolLeftTooLittleTime() throws Exception {
            try (Registry registry = onManualClock(pool(p -> p.max(1)))) {
                OpenFailedException hurried = openedAfterWaiting(registry, Duration.ofMillis(9_978));
                assertThat(hurried)
                        .hasMessage("could not connect to 'api.local:80': no answer"
                                + " (22 ms that waiting for the pool had left of the timeout of 10 s)");
                assertThat(hurried.outcome().failure()).isEqualTo(Failure.TIMEOUT);
                assertThat(registry.outages()).isEmpty();
                assertThat(registry.figures().getFirst().openFailed()).isEqualTo(1);

                OpenFailedException patient = openedAfterWaiting(registry, Duration.ofMillis(4_000));
                assertThat(patient)
                        .hasMessageContaining("6 s that waiting for the pool had left of the timeout of 10 s");
                assertThat(registry.outages()).hasSize(1);
            }
        }

        /// What became of a holder who waited for another one, and then had to connect to a silent peer.
        private OpenFailedException openedAfterWaiting(Registry registry, Duration wait) throws Exception {
            peer.beforeOpen = null;
            HeldLease<FakeConnection> first = lease(registry);
            peer.beforeOpen = () -> {
                throw new FailureException(Failure.TIMEOUT, "no answer");
            };
            Deadline deadline = Deadline.after(Duration.ofSeconds(10), "timeout of 10 s", clock);
            FutureTask<@Nullable Object> second = new FutureTask<>(
                    () -> Registries.instance(registry).lease("api", factory, FakePeer.PLACE, deadline));
            Thread.ofVirtual().start(second);
            eventually("it waits", () -> registry.figures().getFirst().waiting() == 1);
            clock.advance(wait);
            first.invalidate();
            first.close();
            try {
                second.get(20, TimeUnit.SECONDS);
                throw new AssertionError("there is no connection to be had");
            } catch (ExecutionException e) {
                return (OpenFailedException) Objects.requireNonNull(e.getCause());
            }
        }

        @Test
        void tellsNoOutageOfAPeerThatAnswersNo() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p))) {
                peer.beforeOpen = () -> {
                    throw new FailureException(Failure.PROTOCOL, "no such topic");
                };
                assertThatThrownBy(() -> lease(registry)).isInstanceOf(OpenFailedException.class);
                assertThat(registry.outages()).isEmpty();
                peer.beforeOpen = null;
                lease(registry).close();
                assertThat(registry.outages()).isEmpty();
            }
        }

        @Test
        void tellsOfAnOutageThatCallsOverAnOpenConnectionFound() throws Exception {
            try (Registry registry = Registries.open(pool(p -> p));
                    HeldLease<FakeConnection> held = lease(registry)) {
                held.told(new Outcome.Failed(Failure.CONNECT, "no broker can be reached", null));
                held.told(new Outcome.Failed(Failure.TIMEOUT, "no answer", null));
                assertThat(registry.outages()).singleElement().satisfies(outage -> {
                    assertThat(outage.until()).isNull();
                    assertThat(outage.message()).isEqualTo("no broker can be reached");
                });
                held.told(new Outcome.Completed(false, "NOT_FOUND"));
                assertThat(registry.outages().getFirst().until()).isNotNull();
            }
        }

        @Test
        void leasesTellTheHistoryOfTheirConnection() throws Exception {
            try (Registry registry = onManualClock(pool(p -> p))) {
                Instant opened = clock.instant();
                HeldLease<FakeConnection> first = lease(registry);
                clock.advance(Duration.ofMillis(100));
                first.close();
                clock.advance(Duration.ofMillis(100));
                try (HeldLease<FakeConnection> second = lease(registry)) {
                    assertThat(second.createdAt()).isEqualTo(opened);
                    assertThat(second.lastUsedAt()).isEqualTo(opened.plusMillis(100));
                    assertThat(second.uses()).isEqualTo(2);
                }
            }
        }
    }

    /// Keeps what is logged as warnings.
    private static final class Lines implements System.Logger {

        private final List<String> lines = new CopyOnWriteArrayList<>();
        private final List<Throwable> thrown = new CopyOnWriteArrayList<>();

        @Override
        public String getName() {
            return "lines";
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.compareTo(Level.WARNING) >= 0;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable e) {
            if (isLoggable(level)) {
                lines.add(String.valueOf(message));
                if (e != null) {
                    thrown.add(e);
                }
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... parameters) {
            if (isLoggable(level)) {
                lines.add(String.valueOf(format));
            }
        }
    }
}
