package io.turbulence.sql;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/// Opens connections with the driver, each within the time for connecting, and remembers what went wrong at
/// last. Thread-safe.
///
/// Drivers differ in which time limits they know and in what they mean by them, so each opening has a
/// thread of its own that is given up when it takes too long.
final class Opener implements DataSource {

    private final String service;
    private final Database database;
    private final JdbcUrl url;
    private final Driver driver;
    private final Duration connectTimeout;
    private final Properties properties;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong opened = new AtomicLong();

    /// How long those took that nobody was lent yet. Weak, since some are closed before.
    private final Map<Connection, Long> unused = Collections.synchronizedMap(new WeakHashMap<>());

    private volatile @Nullable FailureException last;

    /// What ends the attempts that are under way.
    private final Set<Runnable> pending = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    Opener(String service, Database database, JdbcUrl url, Driver driver, Duration connectTimeout) {
        this.service = service;
        this.database = database;
        this.url = url;
        this.driver = driver;
        this.connectTimeout = connectTimeout;
        this.properties = properties(database, url);
    }

    /// How many attempts have failed so far.
    long failures() {
        return failures.get();
    }

    /// Why the last attempt failed; null when none has.
    @Nullable
    FailureException lastFailure() {
        return last;
    }

    /// How many connections were opened so far.
    long opened() {
        return opened.get();
    }

    /// How long opening took, asked for the first time; -1 when it was asked for before.
    long openNanos(Connection connection) {
        if (unused.isEmpty()) {
            return -1;
        }
        Long nanos = unused.remove(connection);
        return nanos == null ? -1 : nanos;
    }

    /// Opens one that the pool has nothing to do with.
    Connection apart() throws SQLException {
        return open(Deadline.after(connectTimeout, "connect_timeout of " + seconds(connectTimeout)));
    }

    @Override
    public Connection getConnection() throws SQLException {
        long from = System.nanoTime();
        try {
            Connection connection =
                    open(Deadline.after(connectTimeout, "connect_timeout of " + seconds(connectTimeout)));
            unused.put(connection, System.nanoTime() - from);
            opened.incrementAndGet();
            return connection;
        } catch (FailureException e) {
            last = e;
            failures.incrementAndGet();
            throw new SQLException(e.getMessage(), e);
        }
    }

    /// @throws FailureException when none could be opened
    private Connection open(Deadline deadline) throws SQLException {
        CompletableFuture<Connection> opened = new CompletableFuture<>();
        Runnable end = () -> opened.cancel(false);
        pending.add(end);
        if (closed) {
            pending.remove(end);
            throw notWanted();
        }
        Thread opening = (url.nativeCode() ? Thread.ofPlatform().daemon() : Thread.ofVirtual())
                .name("turbulence-sql-" + service + "-open")
                .start(() -> {
                    try {
                        Connection connection = connect();
                        if (!opened.complete(connection)) {
                            connection.close();
                        }
                    } catch (SQLException | RuntimeException | LinkageError e) {
                        opened.completeExceptionally(e);
                    }
                });
        try {
            return opened.get(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw SqlFailures.ofOpening(url, e.getCause() == null ? e : e.getCause());
        } catch (CancellationException e) {
            abandon(opened, opening);
            throw notWanted();
        } catch (TimeoutException e) {
            abandon(opened, opening);
            throw new FailureException(
                    Failure.TIMEOUT,
                    "could not connect to '%s': it was not done when the %s passed"
                            .formatted(url.place().authority(), deadline.limit()),
                    e);
        } catch (InterruptedException e) {
            abandon(opened, opening);
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while connecting", e);
        } finally {
            pending.remove(end);
        }
    }

    /// Ends what is under way, and opens no more: the pool does not wait for a server that says nothing.
    void close() {
        closed = true;
        pending.forEach(Runnable::run);
    }

    private static SQLException notWanted() {
        return new SQLException("the pool is closed", "08003");
    }

    private static void abandon(CompletableFuture<Connection> opened, Thread opening) {
        // Whoever comes too late closes what it opened
        opened.cancel(false);
        opening.interrupt();
    }

    private Connection connect() throws SQLException {
        Connection connection = driver.connect(database.url(), properties);
        if (connection == null) {
            throw new SQLException(driver.getClass().getName() + " does not take '" + url.shown() + "'", "08001");
        }
        String initSql = database.initSql();
        if (initSql == null) {
            return connection;
        }
        try (Statement statement = connection.createStatement()) {
            for (Script.Statement each : Script.parse(initSql, url.dialect()).statements()) {
                statement.execute(each.text());
            }
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw new FailureException(
                    Failure.PROTOCOL, "'init_sql' of '%s' failed: %s".formatted(service, e.getMessage()), e);
        }
    }

    private static Properties properties(Database database, JdbcUrl url) {
        Properties properties = new Properties();
        if (url.dialect() == Dialect.POSTGRESQL) {
            // A text from a scenario may be a UUID, a date, a number: the server takes it for what the place needs
            properties.setProperty("stringtype", "unspecified");
            properties.setProperty("ApplicationName", "turbulence");
        }
        properties.putAll(database.properties());
        if (database.username() != null) {
            properties.setProperty("user", database.username());
        }
        if (database.password() != null) {
            properties.setProperty("password", database.password());
        }
        return properties;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        throw new SQLFeatureNotSupportedException("the user is the service's");
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        // Nothing is written to it
    }

    @Override
    public void setLoginTimeout(int seconds) {
        // The pool's own connect_timeout holds
    }

    @Override
    public int getLoginTimeout() {
        // So long the pool waits for its own threads when it is closed
        return 1;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("logs through System.Logger");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
