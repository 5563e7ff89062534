package io.turbulence.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.PayloadStream;
import io.turbulence.spi.PoolSettings;
import io.turbulence.sql.SqlStep.TransactionStep;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What holds on every database.
@Timeout(60)
abstract class DatabasesKit {

    SqlHost host;

    abstract Database database() throws Exception;

    /// The state of a violated unique key.
    abstract String uniqueViolation();

    /// A query that runs for many seconds; null where none is known.
    abstract String slowQuery();

    /// A query for the numbers from 1 to 20000.
    abstract String manyRows();

    @BeforeEach
    void open() throws Exception {
        host = new SqlHost(database());
        host.execute("drop table if exists t");
        assertThat(host.execute("create table t (id integer primary key, name varchar(12000), n integer)")
                        .outcome()
                        .success())
                .isTrue();
    }

    @AfterEach
    void close() throws Exception {
        host.close();
    }

    private Observation transaction(TransactionStep what) {
        return host.run(new SqlStep(null, null, null, null, null, null, null, null, what));
    }

    @Test
    void insertsAndReadsByName() {
        Observation insert = host.run(Steps.execute(
                "insert into t (id, name, n) values (:id, :name, :n)", Map.of("id", 1, "name", "a", "n", 7)));
        assertThat(insert.metadata().get("rows_affected")).isEqualTo(1L);
        Observation query = host.run(Steps.query("select name as a, n as b from t where id = :id", Map.of("id", 1)));
        assertThat(SqlHost.rows(query).getFirst().values()).hasToString("[a, 7]");
        assertThat(query.metadata().get("rows")).isEqualTo(1L);
    }

    @Test
    void tellsAViolatedKey() {
        host.execute("insert into t (id) values (1)");
        Observation again = host.execute("insert into t (id) values (1)");
        assertThat(again.outcome()).isEqualTo(new Outcome.Completed(false, uniqueViolation()));
        assertThat(String.valueOf(again.metadata().get("message"))).isNotBlank();
        assertThat(host.connection().isUnfit()).isFalse();
    }

    @Test
    void tellsAWrongStatement() {
        Observation wrong = host.run(Steps.query("select nothing from t"));
        assertThat(wrong.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Completed.class,
                        completed -> assertThat(completed.success()).isFalse());
        assertThat(String.valueOf(wrong.metadata().get("message"))).containsIgnoringCase("nothing");
    }

    @Test
    void storesNastyTextsUnchanged() {
        List<String> nasty = NastyStrings.all();
        for (int i = 0; i < nasty.size(); i++) {
            assertThat(host.execute("insert into t (id, name) values (?, ?)", i, nasty.get(i))
                            .outcome()
                            .success())
                    .as(nasty.get(i))
                    .isTrue();
            assertThat(host.value("select name from t where id = ?", i)).isEqualTo(nasty.get(i));
        }
        assertThat(((Number) host.value("select count(*) from t")).intValue()).isEqualTo(nasty.size());
    }

    @Test
    void keepsTransactionsApart() throws Exception {
        transaction(TransactionStep.BEGIN);
        host.execute("insert into t (id) values (1)");
        assertThat(transaction(TransactionStep.ROLLBACK).outcome().success()).isTrue();
        transaction(TransactionStep.BEGIN);
        host.execute("insert into t (id) values (2)");
        assertThat(transaction(TransactionStep.COMMIT).outcome().success()).isTrue();
        assertThat(((Number) host.value("select sum(id) from t")).intValue()).isEqualTo(2);
    }

    @Test
    void runsBatchesAndScripts() {
        Observation batch = host.run(new SqlStep(
                null,
                "insert into t (id, name) values (?, ?)",
                null,
                null,
                null,
                List.of(List.of(1, "a"), List.of(2, "b"), List.of(3, "c")),
                null,
                null,
                null));
        assertThat(batch.metadata().get("rows_affected")).isEqualTo(3L);
        Observation script = host.run(new SqlStep(
                null, null, null, "update t set n = 1; delete from t where id = 3;", null, null, null, null, null));
        assertThat(script.metadata().get("statements")).isEqualTo(2L);
        assertThat(((Number) host.value("select count(*) from t where n = 1")).intValue())
                .isEqualTo(2);
    }

    /// How a refusal names the fourth of five entries of a batch.
    abstract String fourthOfFive();

    @Test
    void namesTheEntryOfABatchThatWasRefusedAsFarAsTheDriverTells() {
        Observation refused = host.run(new SqlStep(
                null,
                "insert into t (id, name) values (?, ?)",
                null,
                null,
                null,
                List.of(List.of(1, "a"), List.of(2, "b"), List.of(3, "c"), List.of(1, "d"), List.of(5, "e")),
                null,
                null,
                null));

        assertThat(refused.outcome()).isEqualTo(new Outcome.Completed(false, uniqueViolation()));
        assertThat(String.valueOf(refused.metadata().get("message"))).startsWith(fourthOfFive() + ": ");
        if (refused.metadata().has("done_before")) {
            assertThat(refused.metadata().get("done_before")).isEqualTo(3L);
        }
    }

    @Test
    void endsSlowStatementsAtTheirDeadline() {
        host.context().deadline(Duration.ofMillis(300));
        Observation slow = host.run(Steps.query(slowQuery()));
        assertThat(slow.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT);
            assertThat(failed.message())
                    .isEqualTo("the statement was not done when the timeout of 300 ms passed and was cancelled on the"
                            + " server");
        });
        assertThat(host.connection().isUnfit()).isTrue();
    }

    @Test
    void streamsRows() throws Exception {
        try (PayloadStream stream =
                SqlHost.stream(host.run(new SqlStep(manyRows(), null, null, null, null, null, null, 100, null)))) {
            long rows = 0;
            while (stream.next(Deadline.after(Duration.ofSeconds(10), "10 s")) != null) {
                rows++;
            }
            assertThat(rows).isEqualTo(20_000);
        }
        assertThat(host.connection().isUnfit()).isFalse();
    }

    @Test
    void refusesTooManyRows() {
        assertThat(host.run(Steps.query(manyRows())).outcome())
                .isInstanceOfSatisfying(
                        Outcome.Failed.class,
                        failed -> assertThat(failed.failure()).isEqualTo(Failure.TOO_LARGE));
    }

    @Test
    void servesManyAtOnceThroughOnePool() throws Exception {
        try (SqlHost shared = new SqlHost(database(), PoolSettings.Scope.RUN)) {
            shared.giveBack(false);
            List<Thread> threads = java.util.stream.IntStream.range(0, 50)
                    .mapToObj(i -> Thread.ofVirtual().unstarted(() -> {
                        try {
                            Deadline deadline = Deadline.after(Duration.ofSeconds(30), "30 s");
                            SqlConnection connection = shared.pool().lease(deadline);
                            Observation done = new SqlAction()
                                    .execute(Steps.query("select 1 as one"), connection, shared.context());
                            shared.pool().release(connection, !done.outcome().success());
                            served.incrementAndGet();
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    }))
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(served).hasValue(50);
            assertThat(shared.pool().figures().open()).isLessThanOrEqualTo(4);
        }
    }

    private final java.util.concurrent.atomic.AtomicInteger served = new java.util.concurrent.atomic.AtomicInteger();
}
