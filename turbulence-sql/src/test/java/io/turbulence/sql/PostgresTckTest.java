package io.turbulence.sql;

import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.Capability;
import io.turbulence.tck.PluginContractTck;
import io.turbulence.tck.PooledConnectionTck;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/// The kits against PostgreSQL.
class PostgresTckTest {

    private static final Set<Capability> CAPABILITIES = Capability.allBut(Capability.RECONNECTING);

    private static Postgres server;

    @BeforeAll
    static void start() throws Exception {
        server = Postgres.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    static void select(SqlConnection connection) throws SQLException {
        try (Statement statement = connection.jdbc().createStatement()) {
            statement.execute("select 1");
        }
    }

    @Nested
    class Plugin extends PluginContractTck {

        @Override
        protected ProtocolPlugin plugin() {
            return new SqlPlugin();
        }
    }

    @Nested
    class Connections extends PooledConnectionTck<Database, SqlConnection> {

        @Override
        protected ConnectionFactory.Pooled<Database, SqlConnection> factory() {
            return new Databases();
        }

        @Override
        protected Database settings() {
            return server.database();
        }

        @Override
        protected Database settingsAt(Endpoint elsewhere) {
            return Postgres.databaseAt(elsewhere.host(), elsewhere.port());
        }

        @Override
        protected void exchange(SqlConnection connection) throws SQLException {
            select(connection);
        }

        @Override
        protected Set<Capability> capabilities() {
            return CAPABILITIES;
        }
    }

    @Nested
    class Action extends ActionTck<SqlStep, SqlConnection> {

        @Override
        protected ProtocolAction<SqlStep, SqlConnection> action() {
            return new SqlAction();
        }

        @Override
        protected Database serviceSettings() {
            return server.database();
        }

        @Override
        protected Database serviceSettingsAt(Endpoint elsewhere) {
            return Postgres.databaseAt(elsewhere.host(), elsewhere.port());
        }

        @Override
        protected SqlStep settings() {
            return Steps.query("select 'a text of some length' as said");
        }

        @Override
        protected SqlStep streamingSettings() {
            return new SqlStep("select * from generate_series(1, 5000)", null, null, null, null, null, null, 10, null);
        }

        @Override
        protected Set<Capability> capabilities() {
            return CAPABILITIES;
        }
    }
}
