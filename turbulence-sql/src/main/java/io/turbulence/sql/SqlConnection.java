package io.turbulence.sql;

import io.turbulence.api.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/// A connection that is lent, with what its pool knows. Used by one step at a time; what runs on it may be
/// ended from other threads.
final class SqlConnection {

    private final Connection jdbc;
    private final SqlPool pool;
    private volatile @Nullable RunningCall running;
    private volatile boolean unfit;

    SqlConnection(Connection jdbc, SqlPool pool) {
        this.jdbc = jdbc;
        this.pool = pool;
    }

    Connection jdbc() {
        return jdbc;
    }

    SqlPool pool() {
        return pool;
    }

    Dialect dialect() {
        return pool.url().dialect();
    }

    /// Says that a statement begins; [#finished] says that it is over.
    RunningCall begin(Statement statement, Deadline deadline) {
        RunningCall call = new RunningCall(jdbc, statement, deadline, pool.name());
        running = call;
        return call;
    }

    /// The statement that runs; null when none does.
    @Nullable
    RunningCall running() {
        return running;
    }

    /// Says that the statement is over. A connection on which one was ended from outside is not lent again: what
    /// ended it may still be on its way and would hit the next.
    RunningCall.State finished(RunningCall call) {
        running = null;
        RunningCall.State state = call.finish();
        if (state != RunningCall.State.DONE) {
            unfit = true;
        }
        return state;
    }

    void unfit() {
        unfit = true;
    }

    boolean isUnfit() {
        return unfit;
    }

    /// Undoes what is open before it goes back.
    void rollBackIfOpen() throws SQLException {
        if (!jdbc.getAutoCommit()) {
            jdbc.rollback();
            jdbc.setAutoCommit(true);
        }
    }
}
