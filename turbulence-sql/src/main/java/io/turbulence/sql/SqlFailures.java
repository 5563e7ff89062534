package io.turbulence.sql;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Outcome;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Optional;
import java.util.Set;

/// Tells what a driver's exception stands for: an answer of the database, or that there was none.
final class SqlFailures {

    /// For drivers that give no state: a general error.
    static final String GENERAL = "HY000";

    static final String SUCCESS = "00000";

    /// The server goes away: shut down by its operator, after a crash, or not up yet.
    private static final Set<String> GOING = Set.of("57P01", "57P02", "57P03", "57P05");

    /// H2's own, which stand for a database that was closed or a connection that is gone.
    private static final Set<String> GONE_IN_H2 = Set.of("90007", "90067", "90098", "90121");

    private static final String NO_ROOM = "53300";
    private static final int MARIADB_TOO_MANY = 1040;
    private static final int MARIADB_TOO_MANY_OF_USER = 1203;

    private SqlFailures() {}

    static String state(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.isBlank() ? GENERAL : state;
    }

    static String message(SQLException e) {
        String message = e.getMessage();
        return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    }

    /// The failure that it stands for; empty when the database answered.
    static Optional<Failure> failure(SQLException e) {
        String state = state(e);
        if (e instanceof SQLFeatureNotSupportedException) {
            return Optional.of(Failure.PROTOCOL);
        }
        if (GOING.contains(state) || GONE_IN_H2.contains(state)) {
            return Optional.of(Failure.CLOSED);
        }
        if (state.startsWith("08")) {
            return Optional.of(ofConnection(e, state));
        }
        // A driver's own troubles have a cause of the JDK
        Failure known = Outcome.Failed.of(e).failure();
        return known == Failure.PROTOCOL || !state.equals(GENERAL) ? Optional.empty() : Optional.of(known);
    }

    /// Why no connection was opened, as a sentence.
    static FailureException ofOpening(JdbcUrl url, Throwable thrown) {
        if (thrown instanceof FailureException known) {
            return known;
        }
        String place = url.place().authority();
        if (!(thrown instanceof SQLException e)) {
            return new FailureException(
                    Failure.PROTOCOL, "could not connect to '%s': %s".formatted(place, thrown), thrown);
        }
        if (hasNoRoom(e)) {
            return new FailureException(
                    Failure.CONNECT,
                    "could not connect to '%s': %s. The server's limit of connections is reached; lower pool.max or raise it."
                            .formatted(place, withoutDot(message(e))),
                    e);
        }
        return new FailureException(ofOpening(e), "could not connect to '%s': %s".formatted(place, message(e)), e);
    }

    private static Failure ofOpening(SQLException e) {
        Failure known = Outcome.Failed.of(e).failure();
        if (known != Failure.PROTOCOL) {
            return known;
        }
        String state = state(e);
        // Refused by the server's own rules: who we are, which database, not now
        boolean refused =
                state.startsWith("08") || state.startsWith("28") || state.startsWith("3D") || GOING.contains(state);
        return refused ? Failure.CONNECT : Failure.PROTOCOL;
    }

    private static boolean hasNoRoom(SQLException e) {
        return state(e).equals(NO_ROOM)
                || e.getErrorCode() == MARIADB_TOO_MANY
                || e.getErrorCode() == MARIADB_TOO_MANY_OF_USER;
    }

    private static Failure ofConnection(SQLException e, String state) {
        if (state.equals("08P01")) {
            return Failure.PROTOCOL;
        }
        Failure known = Outcome.Failed.of(e).failure();
        return known == Failure.PROTOCOL ? Failure.CLOSED : known;
    }

    private static String withoutDot(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }
}
