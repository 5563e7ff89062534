package io.turbulence.spi.skeletons;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ConnectionPool;
import io.turbulence.spi.Lease;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SQL: a pool that the plugin brings, statements that are cancelled by a hook, a transaction that an
/// instance keeps from step to step, and errors of the database as answers.
public final class SqlSkeleton implements ProtocolPlugin {

    private static final Transport SQL = Transport.of("sql");
    private static final Databases DATABASES = new Databases();

    @Override
    public PluginInfo info() {
        return PluginInfo.of("sql", "1", API_LEVEL);
    }

    @Override
    public List<ServiceType<?>> services() {
        return List.of(
                ServiceType.of("sql", Database.class).defaultAction("sql").status("sql_state"));
    }

    @Override
    public List<ProtocolAction<?, ?>> actions() {
        return List.of(new Statement());
    }

    record Database(
            @Setting("JDBC URL.") String url,
            @Setting("User.") @Nullable String username,

            @Setting(value = "Password.", secret = true) @Nullable
            String password) {}

    @OneOf(
            value = {"query", "execute"},
            required = true)
    record Step(
            @Setting(value = "A query.", templates = Setting.Templates.FORBIDDEN) @Nullable
            String query,

            @Setting(value = "Any other statement.", templates = Setting.Templates.FORBIDDEN) @Nullable
            String execute,

            @Setting("Values for the question marks.") List<Object> params,

            @Setting("Begin, commit or roll back.") @Nullable
            Transaction transaction) {}

    enum Transaction {
        BEGIN,
        COMMIT,
        ROLLBACK
    }

    private static final class Statement implements ProtocolAction<Step, Connection> {

        @Override
        public String type() {
            return "sql";
        }

        @Override
        public Class<Step> settings() {
            return Step.class;
        }

        @Override
        public ConnectionFactory<?, Connection> connection() {
            return DATABASES;
        }

        @Override
        public void prepare(Preparation<Step> step) {
            if (step.has("query")
                    && step.constant("query", String.class).orElse("").contains(";")) {
                step.problems().warning("query", "several statements", "Use 'script'.");
            }
        }

        @Override
        public Observation execute(Step step, Connection connection, ActionContext context) throws Exception {
            Connection used = inTransaction(step, connection, context);
            try (PreparedStatement statement = used.prepareStatement(String.valueOf(step.query()))) {
                context.onCancel(() -> cancel(statement));
                int rows = statement.executeUpdate();
                return Observation.answered(SQL, true, "00000", Metadata.of("rows_affected", rows), Payload.empty());
            } catch (SQLException e) {
                return Observation.answered(
                        SQL, false, e.getSQLState(), Metadata.of("message", e.getMessage()), Payload.empty());
            }
        }

        /// A transaction spans steps: its connection is the instance's until it ends.
        private static Connection inTransaction(Step step, Connection connection, ActionContext context)
                throws Exception {
            Open open = context.instanceState("transaction", Open.class, Open::new);
            if (step.transaction() == Transaction.BEGIN) {
                Database database = new Database("jdbc:h2:mem:", null, null);
                open.leases.push(context.lease(DATABASES, DATABASES.endpoint(database)));
            }
            return open.leases.isEmpty() ? connection : open.leases.peek().connection();
        }

        private static void cancel(PreparedStatement statement) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                // Ended already
            }
        }
    }

    /// What an instance holds; given back when it ends.
    private static final class Open implements AutoCloseable {

        private final Deque<Lease<Connection>> leases = new ArrayDeque<>();

        @Override
        public void close() {
            leases.forEach(lease -> {
                lease.invalidate();
                lease.close();
            });
        }
    }

    private static final class Databases implements ConnectionFactory.Pooled<Database, Connection> {

        @Override
        public Class<Database> settings() {
            return Database.class;
        }

        @Override
        public Endpoint endpoint(Database database) {
            return Endpoint.of("jdbc", database.url(), 0);
        }

        @Override
        public void prepare(Preparation<Database> service) {
            PoolSettings pool = service.pool();
            if (pool.idleTimeout().toSeconds() < 10) {
                service.problems()
                        .error(
                                "pool.idle_timeout",
                                pool.idleTimeout().toString(),
                                "at least 10s",
                                "HikariCP raises it.");
            }
        }

        @Override
        public ConnectionPool<Connection> open(Database database, OpenContext context) {
            return new ConnectionPool<>() {
                @Override
                public Connection lease(Deadline deadline) {
                    throw new UnsupportedOperationException(database + " " + deadline);
                }

                @Override
                public void release(Connection connection, boolean broken) throws SQLException {
                    connection.close();
                }

                @Override
                public Figures figures() {
                    return new Figures(0, 0, 0, 0);
                }

                @Override
                public void close() {}
            };
        }
    }
}
