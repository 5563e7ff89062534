package io.turbulence.sql;

import static java.util.Objects.requireNonNull;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.StreamBounds;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Phase;
import io.turbulence.spi.ShownText;
import io.turbulence.sql.SqlStep.TransactionStep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One step on one connection. For one thread.
final class SqlExchange {

    private static final int MOST_ROWS = 10_000;
    private static final int BATCH = 1_000;
    private static final int MOST_WARNINGS = 100;
    private static final int SHOWN = 2_000;

    private final SqlStep step;
    private final SqlConnection connection;
    private final ActionContext context;
    private final @Nullable InstanceTransaction transaction;
    private final Facts facts = new Facts();

    SqlExchange(SqlStep step, SqlConnection connection, ActionContext context) {
        this.step = step;
        this.connection = connection;
        this.context = context;
        this.transaction = connection.pool().keptByInstances()
                ? context.instanceState("transaction", InstanceTransaction.class, InstanceTransaction::new)
                : null;
    }

    /// What the answer's metadata is made of.
    private static final class Facts {

        private long rows = -1;
        private long rowsAffected = -1;
        private @Nullable List<String> columns;
        private @Nullable List<Object> generatedKeys;
        private final List<String> warnings = new ArrayList<>(0);
        private long statements;

        void affected(long count) {
            rowsAffected = Math.max(0, rowsAffected) + count;
        }

        Metadata.Builder metadata() {
            Metadata.Builder metadata = Metadata.builder().put("sql_state", SqlFailures.SUCCESS);
            if (rows >= 0) {
                metadata.put("rows", rows);
            }
            if (rowsAffected >= 0) {
                metadata.put("rows_affected", rowsAffected);
            }
            if (columns != null) {
                metadata.put("columns", columns);
            }
            if (generatedKeys != null) {
                metadata.put("generated_keys", generatedKeys);
            }
            if (!warnings.isEmpty()) {
                metadata.put("warnings", warnings);
            }
            if (statements > 0) {
                metadata.put("statements", statements);
            }
            return metadata;
        }
    }

    Observation run() throws Exception {
        try {
            if (transaction != null) {
                enterTransaction(transaction);
            }
            Payload payload = statement();
            if (transaction != null && step.transaction() == TransactionStep.COMMIT) {
                transaction.commit(connection);
            } else if (transaction != null && step.transaction() == TransactionStep.ROLLBACK) {
                transaction.rollBack(connection);
            }
            return answered(payload);
        } catch (SQLException e) {
            return refused(e, 0, "");
        } catch (RefusedException e) {
            return refused(e.refusal, e.place, e.where);
        }
    }

    private void enterTransaction(InstanceTransaction open) throws SQLException {
        if (step.transaction() == TransactionStep.BEGIN) {
            open.begin(connection, context.step());
        } else if (step.transaction() == null || hasText()) {
            open.join(connection);
        }
    }

    private boolean hasText() {
        return step.query() != null || step.execute() != null || step.file() != null || step.script() != null;
    }

    private Payload statement() throws Exception {
        String script = step.script();
        if (script != null) {
            return script(Script.parse(script, connection.dialect()));
        }
        if (!hasText()) {
            return Payload.empty();
        }
        String sql = text();
        Path file = step.file();
        if (file != null && step.params() == null && step.batch() == null) {
            Script parts = Script.parse(sql, connection.dialect());
            if (parts.statements().size() > 1) {
                return script(parts);
            }
        }
        ParsedStatement parsed = connection.pool().parsed(sql);
        return step.batch() != null ? batch(parsed, step.batch()) : single(parsed);
    }

    private String text() {
        if (step.query() != null) {
            return step.query();
        }
        if (step.execute() != null) {
            return step.execute();
        }
        return connection.pool().file(requireNonNull(step.file()), SqlExchange::read);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be read", e);
        }
    }

    private Payload single(ParsedStatement parsed) throws Exception {
        boolean streams = step.fetchSize() != null;
        boolean wantsKeys =
                step.query() == null && parsed.inserts() && connection.dialect().tellsGeneratedKeys();
        tell(parsed.text(), step.params());
        boolean ownTransaction = streams && beginForStream();
        PreparedStatement prepared = prepare(parsed, wantsKeys);
        RunningCall call = null;
        boolean handedOver = false;
        try {
            limits(prepared);
            new Parameters(parsed, connection.dialect(), context.json()).bind(prepared, step.params(), "params");
            call = begin(prepared);
            boolean hasRows = prepared.execute();
            context.mark(Phase.FIRST_BYTE);
            if (hasRows && streams) {
                handedOver = true;
                return stream(prepared, call, ownTransaction);
            }
            Payload payload = results(parsed, prepared, hasRows, wantsKeys);
            warnings(prepared);
            if (ownTransaction) {
                endOwnTransaction(true);
            }
            return payload;
        } catch (SQLException e) {
            SQLException refusal = ended(call, e);
            if (ownTransaction) {
                endOwnTransaction(false);
            }
            throw refusal;
        } finally {
            if (!handedOver) {
                close(prepared, call);
            }
        }
    }

    private PreparedStatement prepare(ParsedStatement parsed, boolean wantsKeys) throws SQLException {
        Connection jdbc = connection.jdbc();
        return wantsKeys
                ? jdbc.prepareStatement(parsed.text(), Statement.RETURN_GENERATED_KEYS)
                : jdbc.prepareStatement(parsed.text());
    }

    private void limits(PreparedStatement prepared) throws SQLException {
        if (step.fetchSize() != null) {
            prepared.setFetchSize(step.fetchSize());
        } else if (mostRows() > 0) {
            // One more, so that too many can be told from just enough
            prepared.setMaxRows(mostRows() + 1);
        }
    }

    private int mostRows() {
        Integer most = step.maxRows();
        if (most != null) {
            return most;
        }
        return step.fetchSize() == null ? MOST_ROWS : 0;
    }

    /// The first result that has rows is the payload; what all of them changed is summed up.
    private Payload results(ParsedStatement parsed, PreparedStatement prepared, boolean first, boolean wantsKeys)
            throws SQLException {
        Payload payload = Payload.empty();
        boolean hasRows = first;
        boolean read = false;
        while (true) {
            if (hasRows && !read) {
                payload = rows(parsed, prepared);
                read = true;
            } else if (!hasRows) {
                int count = prepared.getUpdateCount();
                if (count < 0) {
                    return payload;
                }
                facts.affected(count);
                if (wantsKeys) {
                    keys(prepared);
                }
            }
            hasRows = prepared.getMoreResults();
        }
    }

    private Payload rows(ParsedStatement parsed, PreparedStatement prepared) throws SQLException {
        try (ResultSet result = prepared.getResultSet()) {
            Columns columns = connection.pool().columns(parsed, result.getMetaData());
            List<Object> rows = new ArrayList<>();
            int most = mostRows();
            while (result.next()) {
                if (most > 0 && rows.size() == most) {
                    throw tooMany(most);
                }
                rows.add(columns.row(result, context.json()));
            }
            facts.rows = rows.size();
            facts.columns = columns.labels();
            return Payload.document(rows);
        }
    }

    static FailureException tooMany(int most) {
        return new FailureException(
                Failure.TOO_LARGE,
                "the answer has more than %,d rows, the most that max_rows allows. Narrow the query, raise max_rows, or stream the rows with fetch_size."
                        .formatted(most));
    }

    private void keys(PreparedStatement prepared) throws SQLException {
        try (ResultSet result = prepared.getGeneratedKeys()) {
            if (result == null) {
                return;
            }
            Columns columns = Columns.of(result.getMetaData(), connection.dialect());
            List<Object> keys = new ArrayList<>(1);
            while (keys.size() < MOST_ROWS && result.next()) {
                keys.add(columns.row(result, context.json()));
            }
            facts.generatedKeys = keys;
        }
    }

    private Payload stream(PreparedStatement prepared, RunningCall call, boolean ownTransaction) throws SQLException {
        ResultSet result = prepared.getResultSet();
        Columns columns = Columns.of(result.getMetaData(), connection.dialect());
        facts.columns = columns.labels();
        RowStream rows =
                new RowStream(connection, prepared, result, columns, call, context.json(), mostRows(), ownTransaction);
        return Payload.stream(rows, StreamBounds.NONE);
    }

    /// Some drivers fetch in portions inside a transaction only.
    ///
    /// @return whether one was begun for that
    private boolean beginForStream() throws SQLException {
        if (connection.dialect().streamsInTransactionsOnly()
                && connection.jdbc().getAutoCommit()) {
            connection.jdbc().setAutoCommit(false);
            return true;
        }
        return false;
    }

    private void endOwnTransaction(boolean well) throws SQLException {
        if (well) {
            connection.jdbc().commit();
        } else {
            connection.jdbc().rollback();
        }
        connection.jdbc().setAutoCommit(true);
    }

    private Payload batch(ParsedStatement parsed, Object given) throws Exception {
        if (!(given instanceof List<?> entries)) {
            throw new FailureException(Failure.PROTOCOL, "'batch' is '" + given + "'; it must be a list");
        }
        tell(parsed.text(), entries.size() + " times");
        PreparedStatement prepared = prepare(parsed, false);
        RunningCall call = null;
        int sent = 0;
        int bound = 0;
        try {
            Parameters parameters = new Parameters(parsed, connection.dialect(), context.json());
            call = begin(prepared);
            for (int i = 0; i < entries.size(); i++) {
                parameters.bind(prepared, entries.get(i), "batch[" + i + "]");
                prepared.addBatch();
                bound = i + 1;
                if (bound - sent == BATCH || bound == entries.size()) {
                    count(prepared.executeBatch());
                    sent = bound;
                }
            }
            context.mark(Phase.FIRST_BYTE);
            facts.rowsAffected = Math.max(0, facts.rowsAffected);
            warnings(prepared);
            return Payload.empty();
        } catch (SQLException e) {
            boolean sending = bound > sent && (bound - sent == BATCH || bound == entries.size());
            if (!sending) {
                throw ended(call, e);
            }
            SQLException cause =
                    e instanceof BatchUpdateException && e.getNextException() != null ? e.getNextException() : e;
            FailedEntry entry =
                    FailedEntry.of(e, sent, bound - sent, connection.pool().rewritesBatches());
            throw new RefusedException(ended(call, cause), entry.doneBefore(), entry.where());
        } finally {
            close(prepared, call);
        }
    }

    private void count(int[] counts) {
        for (int count : counts) {
            if (count >= 0) {
                facts.affected(count);
            }
        }
    }

    private Payload script(Script script) throws Exception {
        try (Statement statement = connection.jdbc().createStatement()) {
            for (Script.Statement each : script.statements()) {
                tell(each.text(), null);
                RunningCall call = begin(statement);
                try {
                    if (!statement.execute(each.text())) {
                        facts.affected(Math.max(0, statement.getUpdateCount()));
                    }
                    warnings(statement);
                } catch (SQLException e) {
                    // It may have begun a transaction that nobody would end
                    connection.unfit();
                    throw new RefusedException(
                            ended(call, e),
                            facts.statements,
                            "statement %d, line %d".formatted(facts.statements + 1, each.line()));
                } finally {
                    connection.finished(call);
                }
                facts.statements++;
            }
            context.mark(Phase.FIRST_BYTE);
            return Payload.empty();
        }
    }

    private RunningCall begin(Statement statement) {
        RunningCall call = connection.begin(statement, context.deadline());
        context.onCancel(call::cancel);
        return call;
    }

    private void close(Statement statement, @Nullable RunningCall call) {
        if (call != null) {
            connection.finished(call);
        }
        try {
            statement.close();
        } catch (SQLException e) {
            connection.unfit();
        }
    }

    private void warnings(Statement statement) throws SQLException {
        SQLWarning warning = statement.getWarnings();
        while (warning != null && facts.warnings.size() < MOST_WARNINGS) {
            facts.warnings.add(String.valueOf(warning.getMessage()));
            warning = warning.getNextWarning();
        }
    }

    /// The database's own exception, unless there was no answer.
    ///
    /// @throws FailureException when there was none
    private SQLException ended(@Nullable RunningCall call, SQLException thrown) {
        return ended(connection, call, thrown);
    }

    static SQLException ended(SqlConnection connection, @Nullable RunningCall call, SQLException thrown) {
        RunningCall.State state = call == null ? RunningCall.State.DONE : connection.finished(call);
        if (call != null && state == RunningCall.State.LATE) {
            throw new FailureException(
                    Failure.TIMEOUT,
                    call.wasCut()
                            ? "the statement was not done when the %s passed; the server did not answer to its cancelling, so the connection was cut"
                                    .formatted(call.deadline().limit())
                            : "the statement was not done when the %s passed and was cancelled on the server"
                                    .formatted(call.deadline().limit()),
                    thrown);
        }
        if (state == RunningCall.State.CANCELLED) {
            throw new FailureException(Failure.CANCELLED, "the statement was cancelled", thrown);
        }
        SqlFailures.failure(thrown).ifPresent(failure -> {
            connection.unfit();
            throw new FailureException(failure, SqlFailures.message(thrown), thrown);
        });
        return thrown;
    }

    private Observation answered(Payload payload) throws SQLException {
        Metadata.Builder metadata = facts.metadata();
        String hint = step.query() == null ? null : isolationHint();
        if (hint != null) {
            metadata.put("hint", hint);
        }
        if (context.verbose()) {
            context.tell("< " + metadata.build());
        }
        return Observation.answered(SqlAction.TRANSPORT, true, SqlFailures.SUCCESS, metadata.build(), payload);
    }

    /// Who waits for a row inside a transaction may wait in vain.
    private @Nullable String isolationHint() throws SQLException {
        String since = transaction == null ? null : transaction.since(connection);
        if (since == null) {
            return null;
        }
        int level = connection.pool().isolation(connection.jdbc());
        return level < Connection.TRANSACTION_REPEATABLE_READ
                ? null
                : ("the transaction of step '%s' is open with isolation %s and does not see what others commit "
                                + "meanwhile; commit it before waiting")
                        .formatted(since, InstanceTransaction.isolation(level));
    }

    private Observation refused(SQLException e, long place, String where) {
        String state = SqlFailures.state(e);
        String message = SqlFailures.message(e).replaceAll("\\s*\\n\\s*", " ");
        Metadata.Builder metadata = Metadata.builder()
                .put("sql_state", state)
                .put("vendor_code", e.getErrorCode())
                .put("message", where.isEmpty() ? message : where + ": " + message);
        if (!where.isEmpty() && place >= 0) {
            metadata.put("done_before", place);
        }
        if (context.verbose()) {
            context.tell("< " + state + " " + message);
        }
        return Observation.answered(SqlAction.TRANSPORT, false, state, metadata.build(), Payload.empty());
    }

    private void tell(String sql, @Nullable Object values) {
        if (context.verbose()) {
            String shown = values == null ? sql : sql + " " + values;
            context.tell("> " + ShownText.shortened(shown, SHOWN));
        }
    }

    /// The database refused one of several.
    private static final class RefusedException extends Exception {

        private static final long serialVersionUID = 1L;

        private final transient SQLException refusal;
        private final long place;
        private final String where;

        RefusedException(SQLException refusal, long place, String where) {
            super(refusal);
            this.refusal = refusal;
            this.place = place;
            this.where = where;
        }
    }
}
