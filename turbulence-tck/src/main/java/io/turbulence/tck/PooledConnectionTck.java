package io.turbulence.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.Outcome;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ConnectionPool;
import io.turbulence.spi.ConnectionPool.Figures;
import io.turbulence.spi.PoolSettings;
import io.turbulence.testkit.ClosedPort;
import io.turbulence.testkit.FakeOpenContext;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a pool that a plugin brings must do.
///
/// @param <S> the service's settings
/// @param <C> the connection
@Timeout(120)
public abstract class PooledConnectionTck<S extends Record, C> {

    private static final int MAX = 3;

    /// The factory under test.
    protected abstract ConnectionFactory.Pooled<S, C> factory();

    /// Settings of a service that is there and works.
    protected abstract S settings() throws Exception;

    /// One small exchange over the connection; throws when it fails.
    protected abstract void exchange(C connection) throws Exception;

    /// What it can do.
    protected Set<Capability> capabilities() {
        return Capability.all();
    }

    /// Settings of the same service at another place. Needed only where the factory does not connect to
    /// the endpoint that it is given.
    protected S settingsAt(Endpoint elsewhere) throws Exception {
        return settings();
    }

    /// Beginnings of the names of threads that belong to the server, where it runs in the test's own process. They may
    /// come and go while the plugin is watched for threads that it leaves behind.
    protected List<String> serverThreads() {
        return List.of();
    }

    @Test
    public void lendsAndTakesBack() throws Exception {
        try (ConnectionPool<C> pool = open()) {
            C connection = lease(pool);
            exchange(connection);
            assertThat(pool.figures().inUse()).isEqualTo(1);
            pool.release(connection, false);
            awaitFigures(pool, figures -> figures.inUse() == 0);
            C again = lease(pool);
            exchange(again);
            pool.release(again, false);
        }
    }

    @Test
    public void lendsAConnectionAgainThatIsNotBroken() throws Exception {
        try (ConnectionPool<C> pool = open()) {
            for (int i = 0; i < 4 * MAX; i++) {
                C connection = lease(pool);
                exchange(connection);
                pool.release(connection, false);
            }
            // -1 where the pool does not tell
            assertThat(pool.opened())
                    .as("connections opened for %d leases, one after the other", 4 * MAX)
                    .isLessThanOrEqualTo(MAX);
        }
    }

    @Test
    public void lendsNoMoreThanItsLimit() throws Exception {
        try (ConnectionPool<C> pool = open()) {
            C first = lease(pool);
            C second = lease(pool);
            C third = lease(pool);
            assertThat(pool.figures()).isEqualTo(new Figures(MAX, MAX, 0, 0));
            assertThatThrownBy(
                            () -> Promptly.run("leasing in vain", () -> pool.lease(deadline(Duration.ofMillis(300)))))
                    .isInstanceOf(TimeoutException.class);
            pool.release(first, false);
            pool.release(second, false);
            pool.release(third, false);
        }
    }

    @Test
    public void givesAReturnedConnectionToWhoWaits() throws Exception {
        try (ConnectionPool<C> pool = open()) {
            C first = lease(pool);
            C second = lease(pool);
            C third = lease(pool);
            Promptly<C> waiter = Promptly.start("waiting for a connection", () -> lease(pool));
            awaitFigures(pool, figures -> figures.waiting() == 1);
            pool.release(first, false);
            C lent = waiter.join();
            exchange(lent);
            pool.release(lent, false);
            pool.release(second, false);
            pool.release(third, false);
        }
    }

    @Test
    public void endsTheWaitOfAnInterruptedCaller() throws Exception {
        try (ConnectionPool<C> pool = open()) {
            C first = lease(pool);
            C second = lease(pool);
            C third = lease(pool);
            Promptly<C> waiter =
                    Promptly.start("waiting for a connection", () -> pool.lease(deadline(Duration.ofMinutes(5))));
            awaitFigures(pool, figures -> figures.waiting() == 1);
            waiter.interrupt();
            assertThat(Outcome.Failed.of(catchThrowable(waiter::join)).failure())
                    .isEqualTo(Failure.CANCELLED);
            pool.release(first, false);
            pool.release(second, false);
            pool.release(third, false);
        }
    }

    @Test
    public void replacesABrokenConnection() throws Exception {
        try (ConnectionPool<C> pool = open()) {
            for (int i = 0; i < 2 * MAX; i++) {
                C connection = lease(pool);
                exchange(connection);
                pool.release(connection, true);
                C next = lease(pool);
                assertThat(next)
                        .as("lent after a connection was released as broken")
                        .isNotSameAs(connection);
                pool.release(next, true);
            }
            C good = lease(pool);
            exchange(good);
            pool.release(good, false);
        }
    }

    @Test
    public void serves200VirtualThreadsWithAFewConnections() throws Exception {
        try (ConnectionPool<C> pool = open()) {
            Concurrently.run(200, number -> {
                C connection = lease(pool);
                try {
                    exchange(connection);
                } finally {
                    pool.release(connection, false);
                }
            });
            awaitFigures(pool, figures -> figures.inUse() == 0);
            assertThat(pool.figures().open()).isLessThanOrEqualTo(MAX);
        }
    }

    @Test
    public void refusesToLendOnceClosedAndClosesTwice() throws Exception {
        ConnectionPool<C> pool = open();
        exchangeOnce(pool);
        pool.close();
        Promptly.doing("closing again", pool::close);
        assertThatThrownBy(() -> Promptly.run("leasing from a closed pool", () -> lease(pool)))
                .isInstanceOf(Exception.class);
    }

    @Test
    public void leavesNoThreadBehind() throws Exception {
        ThreadWatch threads = new ThreadWatch(serverThreads());
        try (ConnectionPool<C> pool = open()) {
            exchangeOnce(pool);
        }
        threads.assertNoneLeft();
    }

    @Test
    public void failsWithConnectWhereNobodyListens() throws Exception {
        if (!capabilities().contains(Capability.NETWORK)) {
            assertThat(factory().endpoint(settings()).port()).isZero();
            return;
        }
        try (ClosedPort port = ClosedPort.reserve()) {
            Endpoint closed = Endpoint.of(factory().endpoint(settings()).scheme(), port.host(), port.port());
            Throwable thrown = catchThrowable(() -> Promptly.doing("leasing in vain", () -> {
                try (ConnectionPool<C> pool = factory().open(settingsAt(closed), context(closed))) {
                    pool.lease(deadline(Duration.ofSeconds(5)));
                }
            }));
            assertThat(thrown).isNotNull();
            assertThat(Outcome.Failed.of(thrown).failure())
                    .as("the failure that '%s' stands for", thrown)
                    .isEqualTo(Failure.CONNECT);
        }
    }

    private ConnectionPool<C> open() throws Exception {
        return Promptly.run(
                "opening", () -> factory().open(settings(), context(factory().endpoint(settings()))));
    }

    private static FakeOpenContext context(Endpoint endpoint) {
        PoolSettings defaults = PoolSettings.defaults();
        return FakeOpenContext.to(endpoint)
                .withDeadline(deadline(Duration.ofSeconds(30)))
                .withPool(new PoolSettings(
                        MAX,
                        0,
                        defaults.scope(),
                        defaults.acquireTimeout(),
                        defaults.connectTimeout(),
                        defaults.idleTimeout(),
                        defaults.maxLifetime(),
                        defaults.healthCheckInterval(),
                        defaults.leakAfter(),
                        defaults.perHost()));
    }

    private void exchangeOnce(ConnectionPool<C> pool) throws Exception {
        C connection = lease(pool);
        exchange(connection);
        pool.release(connection, false);
    }

    private C lease(ConnectionPool<C> pool) throws Exception {
        return pool.lease(deadline(Duration.ofSeconds(30)));
    }

    private static void awaitFigures(ConnectionPool<?> pool, java.util.function.Predicate<Figures> condition) {
        Deadline deadline = deadline(Promptly.soon());
        while (!condition.test(pool.figures())) {
            assertThat(deadline.expired())
                    .as("figures %s did not become what they should", pool.figures())
                    .isFalse();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    private static Deadline deadline(Duration duration) {
        return Deadline.after(duration, "TCK limit of " + duration.toMillis() + " ms");
    }
}
