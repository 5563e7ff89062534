package io.turbulence.sql;

import io.turbulence.api.Deadline;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import io.turbulence.spi.Json;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The rows of a result one by one; the driver fetches them in portions. The statement stays under its
/// deadline until the stream is closed.
final class RowStream implements PayloadStream {

    private final SqlConnection connection;
    private final PreparedStatement statement;
    private final ResultSet rows;
    private final Columns columns;
    private final RunningCall call;
    private final Json json;
    private final int most;
    private final boolean ownTransaction;
    /// Held while the driver is in use.
    private final ReentrantLock inUse = new ReentrantLock();

    private long read;
    private boolean ended;
    private boolean cleaned;
    private volatile boolean closed;

    RowStream(
            SqlConnection connection,
            PreparedStatement statement,
            ResultSet rows,
            Columns columns,
            RunningCall call,
            Json json,
            int most,
            boolean ownTransaction) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
        this.columns = columns;
        this.call = call;
        this.json = json;
        this.most = most;
        this.ownTransaction = ownTransaction;
    }

    @Override
    public @Nullable Frame next(Deadline deadline) throws Exception {
        return connection.pool().workers().call(this::next);
    }

    private @Nullable Frame next() throws SQLException {
        inUse.lock();
        try {
            if (closed || ended) {
                return null;
            }
            if (!rows.next()) {
                end();
                return null;
            }
            if (most > 0 && read == most) {
                throw SqlExchange.tooMany(most);
            }
            read++;
            return Frame.of(Payload.document(columns.row(rows, json)));
        } catch (SQLException e) {
            throw broken(e);
        } finally {
            inUse.unlock();
            if (closed) {
                cleanUp();
            }
        }
    }

    private SQLException broken(SQLException thrown) throws FailureException {
        connection.unfit();
        return SqlExchange.ended(connection, call, thrown);
    }

    @Override
    public Ending ending() {
        return new Ending(null, Metadata.of("rows", read));
    }

    @Override
    public void close() {
        closed = true;
        cleanUp();
    }

    /// Done by whoever comes last: the one who closes, or the reader whom it found reading.
    private void cleanUp() {
        if (!inUse.tryLock()) {
            call.cancel();
            return;
        }
        try {
            if (cleaned) {
                return;
            }
            cleaned = true;
            if (!ended) {
                // What the server still sends is not waited for
                connection.unfit();
                call.cancel();
            }
            connection.finished(call);
        } finally {
            inUse.unlock();
        }
    }

    private void end() throws SQLException {
        rows.close();
        statement.close();
        if (ownTransaction) {
            connection.jdbc().commit();
            connection.jdbc().setAutoCommit(true);
        }
        ended = true;
    }
}
