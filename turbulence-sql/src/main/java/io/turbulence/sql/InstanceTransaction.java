package io.turbulence.sql;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// The transaction of one instance, from the step that begins it to the one that ends it. Thread-safe, since
/// an instance may run steps side by side.
final class InstanceTransaction {

    /// Guarded by this object, which is nobody else's.
    private @Nullable SqlConnection connection;

    private String since = "";

    synchronized void begin(SqlConnection on, String step) throws SQLException {
        SqlConnection open = connection;
        if (open == on) {
            throw wrong("a transaction is open already, since step '%s'. Commit it or roll it back first."
                    .formatted(since));
        }
        if (open != null && isAlive(open)) {
            throw elsewhere();
        }
        on.jdbc().setAutoCommit(false);
        connection = on;
        since = step;
    }

    /// Checks that what runs next on a connection is inside the open transaction, if there is one.
    synchronized void join(SqlConnection on) throws SQLException {
        SqlConnection open = connection;
        if (open == null || open == on) {
            return;
        }
        if (isAlive(open)) {
            throw elsewhere();
        }
        throw lost();
    }

    synchronized void commit(SqlConnection on) throws SQLException {
        check(on);
        if (connection == null) {
            throw none();
        }
        on.jdbc().commit();
        end(on);
    }

    synchronized void rollBack(SqlConnection on) throws SQLException {
        if (connection == null) {
            throw none();
        }
        if (connection != on && !isAlive(connection)) {
            // It was rolled back when its connection was lost
            connection = null;
            return;
        }
        check(on);
        on.jdbc().rollback();
        end(on);
    }

    /// The step that began the transaction that is open on this connection; null when none is.
    @Nullable
    synchronized String since(SqlConnection on) {
        return connection == on ? since : null;
    }

    private void check(SqlConnection on) throws SQLException {
        SqlConnection open = connection;
        if (open != null && open != on) {
            if (isAlive(open)) {
                throw elsewhere();
            }
            connection = null;
            throw lost();
        }
    }

    private void end(SqlConnection on) throws SQLException {
        connection = null;
        on.jdbc().setAutoCommit(true);
    }

    private static boolean isAlive(SqlConnection open) throws SQLException {
        return !open.isUnfit() && !open.jdbc().isClosed();
    }

    static String isolation(int level) {
        return switch (level) {
            case Connection.TRANSACTION_REPEATABLE_READ -> "repeatable read";
            case Connection.TRANSACTION_SERIALIZABLE -> "serializable";
            default -> "snapshot";
        };
    }

    private FailureException elsewhere() {
        return wrong("the transaction of step '%s' is open on another connection of this instance. Steps of one "
                        .formatted(since)
                + "transaction cannot run side by side.");
    }

    private FailureException lost() {
        return new FailureException(
                Failure.CLOSED,
                "the transaction of step '%s' was lost with its connection. Nothing of it was kept; begin it anew."
                        .formatted(since));
    }

    private static FailureException none() {
        return wrong("no transaction is open. Begin one with 'transaction: begin'.");
    }

    private static FailureException wrong(String message) {
        return new FailureException(Failure.PROTOCOL, message);
    }
}
