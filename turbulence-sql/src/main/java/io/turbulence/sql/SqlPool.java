package io.turbulence.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.pool.HikariPool;
import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.ConnectionPool;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PoolSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/*
 * HikariCP opens, checks, ages and closes the connections. Who waits does so in front of it, in a line: its
 * own waiters may be overtaken by whoever comes at the right moment, and a load test must not give some
 * instances ten times the load of others. Who is past the line is owed a connection, so it waits for nothing but
 * one being opened, and what goes wrong with that is its own failure: HikariCP would hide it and try on
 * until the caller's time is up.
 */
/// The pool of one database. Thread-safe.
final class SqlPool implements ConnectionPool<SqlConnection> {

    private static final int DEFAULT_MAX = 10;

    /// How often it is looked whether opening failed.
    private static final long LOOK_MILLIS = 20;

    private final String service;
    private final JdbcUrl url;
    private final int max;
    private final Opener opener;
    private final HikariPool hikari;
    private final Semaphore line;
    private final StatementWatch watch;
    private final Workers workers;
    private final boolean keptByInstances;
    private final boolean rewritesBatches;
    private final Map<String, ParsedStatement> statements = new ConcurrentHashMap<>();
    private final Map<Path, String> files = new ConcurrentHashMap<>();
    private final Map<String, Columns> columns = new ConcurrentHashMap<>();
    private volatile int isolation = -1;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Those of HikariCP.
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    private final AtomicInteger threadNumber = new AtomicInteger();
    private final @Nullable Connection keeper;

    private SqlPool(
            String service,
            JdbcUrl url,
            int max,
            boolean keptByInstances,
            boolean rewritesBatches,
            Opener opener,
            HikariConfig config,
            @Nullable Connection keeper) {
        this.service = service;
        this.url = url;
        this.max = max;
        this.keptByInstances = keptByInstances;
        this.rewritesBatches = rewritesBatches;
        this.opener = opener;
        this.keeper = keeper;
        config.setThreadFactory(this::thread);
        this.hikari = new HikariPool(config);
        this.line = new Semaphore(max, true);
        this.watch = new StatementWatch(service);
        this.workers = Workers.of(service, url, max);
    }

    private Thread thread(Runnable work) {
        threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
        Thread thread = Thread.ofPlatform()
                .daemon()
                .name(name() + "-pool-" + threadNumber.incrementAndGet())
                .unstarted(work);
        threads.add(thread);
        return thread;
    }

    static SqlPool make(Database database, JdbcUrl url, Driver driver, OpenContext context) throws SQLException {
        PoolSettings limits = context.pool();
        int max = limits.max() == null ? DEFAULT_MAX : limits.max();
        Opener opener = new Opener(context.service(), database, url, driver, limits.connectTimeout());
        HikariConfig config = new HikariConfig();
        config.setPoolName(context.service());
        config.setDataSource(opener);
        config.setMaximumPoolSize(max);
        config.setMinimumIdle(Math.min(limits.min(), max));
        config.setIdleTimeout(limits.idleTimeout().toMillis());
        config.setMaxLifetime(limits.maxLifetime().toMillis());
        config.setKeepaliveTime(limits.healthCheckInterval().toMillis());
        config.setConnectionTimeout(Math.max(250, limits.connectTimeout().toMillis()));
        config.setValidationTimeout(Math.clamp(limits.connectTimeout().toMillis(), 250, 5_000));
        // The first that needs a connection says what went wrong
        config.setInitializationFailTimeout(-1);
        Connection keeper = url.livesInMemory() ? keeper(opener) : null;
        boolean kept = limits.scope() == PoolSettings.Scope.INSTANCE;
        return new SqlPool(context.service(), url, max, kept, rewritesBatches(database), opener, config, keeper);
    }

    private static boolean rewritesBatches(Database database) {
        String told = database.url() + database.properties();
        return told.toLowerCase(Locale.ROOT).contains("rewritebatched");
    }

    /// A database in memory is gone when its last connection is closed, which may happen between two steps.
    private static Connection keeper(Opener opener) throws SQLException {
        try {
            return opener.apart();
        } catch (FailureException e) {
            throw new SQLException(e.getMessage(), e);
        }
    }

    @Override
    public SqlConnection lease(Deadline deadline) throws Exception {
        if (!line.tryAcquire(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException("no connection free when the " + deadline.limit() + " passed");
        }
        boolean lent = false;
        try {
            SqlConnection connection = new SqlConnection(fromHikari(deadline), this);
            watch.add(connection);
            lent = true;
            return connection;
        } finally {
            if (!lent) {
                line.release();
            }
        }
    }

    private Connection fromHikari(Deadline deadline) throws SQLException {
        long failuresBefore = opener.failures();
        while (true) {
            if (closed.get()) {
                throw new SQLException("the pool is closed", "08003");
            }
            try {
                return hikari.getConnection(Math.clamp(deadline.remainingMillis(), 1, LOOK_MILLIS));
            } catch (SQLTransientConnectionException e) {
                // Counted after it is known, so asked for in the other order: an older one is not told
                boolean failed = opener.failures() != failuresBefore;
                FailureException failure = opener.lastFailure();
                if (failed && failure != null) {
                    throw again(failure);
                }
                if (deadline.expired()) {
                    throw new FailureException(
                            Failure.TIMEOUT,
                            "could not connect to '%s': it was not done when the %s passed"
                                    .formatted(url.place().authority(), deadline.limit()),
                            e);
                }
            }
        }
    }

    /// Each holder gets an exception of its own.
    private static FailureException again(FailureException failure) {
        return new FailureException(failure.failure(), String.valueOf(failure.getMessage()), failure);
    }

    @Override
    public void release(SqlConnection connection, boolean broken) throws Exception {
        watch.remove(connection);
        try {
            if (broken || connection.isUnfit()) {
                connection.unfit();
                hikari.evictConnection(connection.jdbc());
            } else {
                giveBack(connection);
            }
        } finally {
            line.release();
        }
    }

    private void giveBack(SqlConnection connection) throws SQLException {
        try {
            connection.rollBackIfOpen();
        } catch (SQLException e) {
            hikari.evictConnection(connection.jdbc());
            throw e;
        }
        connection.jdbc().close();
    }

    @Override
    public Figures figures() {
        int inUse = max - line.availablePermits();
        int open = Math.max(hikari.getTotalConnections(), 0);
        int lent = Math.min(inUse, open);
        return new Figures(open, lent, open - lent, line.getQueueLength());
    }

    @Override
    public long opened() {
        return opener.opened();
    }

    @Override
    public long openNanos(SqlConnection connection) {
        try {
            return opener.openNanos(connection.jdbc().unwrap(Connection.class));
        } catch (SQLException e) {
            return -1;
        }
    }

    @Override
    public void close() throws Exception {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        // Hikari waits for its threads, which wait for the server, or before they ask it again
        opener.close();
        threads.forEach(Thread::interrupt);
        try {
            hikari.shutdown();
        } finally {
            // Whoever still stands in line is sent away
            line.release(Integer.MAX_VALUE / 2);
            watch.close();
            workers.close();
            if (keeper != null) {
                keeper.close();
            }
        }
    }

    /// Whether the driver was told to make one statement of many entries of a batch.
    boolean rewritesBatches() {
        return rewritesBatches;
    }

    /// Whether an instance keeps its connection from step to step, so that a transaction may span steps.
    boolean keptByInstances() {
        return keptByInstances;
    }

    /// The isolation of transactions, asked for once: some drivers ask the server.
    int isolation(Connection connection) throws SQLException {
        int known = isolation;
        if (known < 0) {
            known = connection.getTransactionIsolation();
            isolation = known;
        }
        return known;
    }

    String name() {
        return "turbulence-sql-" + service;
    }

    JdbcUrl url() {
        return url;
    }

    /// Runs a driver's calls where they may block.
    Workers workers() {
        return workers;
    }

    /// The content of a file, read once.
    String file(Path file, Function<Path, String> read) {
        String known = files.get(file);
        return known != null ? known : files.computeIfAbsent(file, read);
    }

    /// The columns of a result. Drivers tell of them slowly, so what was found out for the statement's last result
    /// is used again where it still fits.
    Columns columns(ParsedStatement statement, ResultSetMetaData told) throws SQLException {
        Columns known = columns.get(statement.text());
        if (known != null && known.fit(told)) {
            return known;
        }
        Columns fresh = Columns.of(told, url.dialect());
        columns.put(statement.text(), fresh);
        return fresh;
    }

    /// A statement parsed, once for each text. Texts are the scenario's and hold no templates, so there are few.
    ParsedStatement parsed(String sql) {
        ParsedStatement known = statements.get(sql);
        return known != null
                ? known
                : statements.computeIfAbsent(sql, text -> ParsedStatement.parse(text, url.dialect()));
    }
}
