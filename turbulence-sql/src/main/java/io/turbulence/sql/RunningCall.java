package io.turbulence.sql;

import io.turbulence.api.Deadline;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A statement that runs, and how it is ended from outside: first by asking the server, then, when that does
/// not help, by cutting the connection. Thread-safe.
final class RunningCall {

    /// How long the server has to answer to being asked. It takes a connection of its own, which a busy server is slow
    /// to accept.
    private static final long HELPS_WITHIN = TimeUnit.SECONDS.toNanos(2);

    private static final System.Logger LOG = System.getLogger(RunningCall.class.getName());

    /// What became of it.
    enum State {
        RUNNING,
        /// The deadline passed.
        LATE,
        /// The instance was cancelled.
        CANCELLED,
        DONE
    }

    private final Connection connection;
    private final Statement statement;
    private final Deadline deadline;
    private final String name;
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private volatile long asked;
    private volatile boolean cut;
    private volatile boolean finished;
    private volatile @Nullable Thread asking;

    RunningCall(Connection connection, Statement statement, Deadline deadline, String name) {
        this.connection = connection;
        this.statement = statement;
        this.deadline = deadline;
        this.name = name;
    }

    /// Looked at now and then: asks when it is late, cuts when asking did not help.
    void look() {
        if (state.get() == State.RUNNING) {
            if (deadline.expired()) {
                end(State.LATE);
            }
        } else if (!finished && !cut && asked != 0 && System.nanoTime() - asked > HELPS_WITHIN) {
            cut = true;
            Thread.ofVirtual().name(name + "-cut").start(this::cut);
        }
    }

    /// The instance is cancelled.
    void cancel() {
        end(State.CANCELLED);
    }

    /// The statement is over.
    ///
    /// @return what became of it; `DONE` when nobody ended it
    State finish() {
        finished = true;
        if (state.compareAndSet(State.RUNNING, State.DONE)) {
            return State.DONE;
        }
        Thread still = asking;
        if (still != null) {
            still.interrupt();
        }
        return state.get();
    }

    Deadline deadline() {
        return deadline;
    }

    /// Whether asking the server did not help.
    boolean wasCut() {
        return cut;
    }

    private void end(State why) {
        if (state.compareAndSet(State.RUNNING, why)) {
            asked = System.nanoTime() | 1;
            asking = Thread.ofVirtual().name(name + "-cancel").start(this::ask);
        }
    }

    private void ask() {
        try {
            statement.cancel();
        } catch (SQLException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a statement could not be cancelled on the server", e);
        }
    }

    private void cut() {
        Thread still = asking;
        if (still != null) {
            // Drivers hold the end of the statement back until the asking is over
            still.interrupt();
        }
        try {
            connection.abort(Runnable::run);
        } catch (SQLException | RuntimeException e) {
            LOG.log(Level.DEBUG, "a connection could not be cut", e);
        }
    }
}
