package io.turbulence.sql;

import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import io.turbulence.spi.PoolSettings;
import io.turbulence.testkit.FakeActionContext;
import io.turbulence.testkit.FakeOpenContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The host's part for tests of single steps: one pool, one instance that keeps one connection.
final class SqlHost implements AutoCloseable {

    private final SqlPool pool;
    private final SqlConnection connection;
    private final FakeActionContext context;
    private final SqlAction action = new SqlAction();
    private boolean givenBack;

    SqlHost(Database database) throws Exception {
        this(database, PoolSettings.Scope.INSTANCE);
    }

    SqlHost(Database database, PoolSettings.Scope scope) throws Exception {
        Databases databases = new Databases();
        PoolSettings defaults = PoolSettings.defaults();
        pool = (SqlPool) databases.open(
                database,
                FakeOpenContext.to(databases.endpoint(database))
                        .withService("db")
                        .withPool(new PoolSettings(
                                4,
                                0,
                                scope,
                                defaults.acquireTimeout(),
                                defaults.connectTimeout(),
                                defaults.idleTimeout(),
                                defaults.maxLifetime(),
                                defaults.healthCheckInterval(),
                                null,
                                Map.of())));
        connection = pool.lease(io.turbulence.api.Deadline.after(Duration.ofSeconds(10), "10 s"));
        context = FakeActionContext.of(database).deadline(Duration.ofSeconds(30));
    }

    FakeActionContext context() {
        return context;
    }

    SqlConnection connection() {
        return connection;
    }

    SqlPool pool() {
        return pool;
    }

    /// Runs a step as the host does: what is thrown becomes an outcome.
    Observation run(SqlStep step) {
        try {
            return action.execute(step, connection, context);
        } catch (Exception e) {
            return Observation.failed(SqlAction.TRANSPORT, action.classify(e));
        }
    }

    Observation execute(String sql, Object... params) {
        return run(Steps.execute(sql, params.length == 0 ? null : List.of(params)));
    }

    /// The rows of a query that succeeds.
    List<Map<String, @Nullable Object>> rows(String sql, Object... params) {
        Observation observation = run(Steps.query(sql, params.length == 0 ? null : List.of(params)));
        if (!observation.outcome().success()) {
            throw new AssertionError(observation);
        }
        return rows(observation);
    }

    @SuppressWarnings("unchecked")
    static List<Map<String, @Nullable Object>> rows(Observation observation) {
        return (List<Map<String, @Nullable Object>>) ((Payload.Document) observation.payload()).tree();
    }

    /// The value in the only column of the only row.
    @Nullable
    Object value(String sql, Object... params) {
        return rows(sql, params).getFirst().values().iterator().next();
    }

    static PayloadStream stream(Observation observation) {
        return ((Payload.Stream) observation.payload()).stream();
    }

    /// Gives the connection back before the end.
    void giveBack(boolean broken) throws Exception {
        givenBack = true;
        pool.release(connection, broken);
    }

    @Override
    public void close() throws Exception {
        if (!givenBack) {
            giveBack(false);
        }
        context.close();
        pool.close();
    }
}
