package io.turbulence.sql;

import io.turbulence.api.Observation;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;

/// `sql`: runs a statement, several of them, or one for many values. Thread-safe; keeps nothing.
final class SqlAction implements ProtocolAction<SqlStep, SqlConnection> {

    static final String TYPE = "sql";

    static final Transport TRANSPORT = Transport.of("sql");

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Class<SqlStep> settings() {
        return SqlStep.class;
    }

    @Override
    public ConnectionFactory<?, SqlConnection> connection() {
        return new Databases();
    }

    @Override
    public void prepare(Preparation<SqlStep> step) {
        StepChecks.check(step);
    }

    @Override
    public Observation execute(SqlStep step, SqlConnection connection, ActionContext context) throws Exception {
        SqlExchange exchange = new SqlExchange(step, connection, context);
        try {
            return connection.pool().workers().call(exchange::run);
        } catch (InterruptedException e) {
            RunningCall running = connection.running();
            if (running != null) {
                running.cancel();
            }
            connection.unfit();
            throw e;
        }
    }
}
