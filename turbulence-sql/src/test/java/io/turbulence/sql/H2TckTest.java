package io.turbulence.sql;

import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.Capability;
import io.turbulence.tck.PooledConnectionTck;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/// The kits against H2 in this process.
class H2TckTest {

    private static final Set<Capability> CAPABILITIES =
            Capability.allBut(Capability.NETWORK, Capability.HANDSHAKE, Capability.RECONNECTING);

    private static final Database DATABASE = Database.at("jdbc:h2:mem:tck");

    @Nested
    class Connections extends PooledConnectionTck<Database, SqlConnection> {

        @Override
        protected ConnectionFactory.Pooled<Database, SqlConnection> factory() {
            return new Databases();
        }

        @Override
        protected Database settings() {
            return DATABASE;
        }

        @Override
        protected void exchange(SqlConnection connection) throws SQLException {
            PostgresTckTest.select(connection);
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
            return DATABASE;
        }

        @Override
        protected SqlStep settings() {
            return Steps.query("select 'a text of some length' as said");
        }

        @Override
        protected SqlStep streamingSettings() {
            return new SqlStep("select x from system_range(1, 5000)", null, null, null, null, null, null, 10, null);
        }

        @Override
        protected Set<Capability> capabilities() {
            return CAPABILITIES;
        }
    }
}
