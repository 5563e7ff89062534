package io.turbulence.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Frame;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import io.turbulence.sql.SqlStep.TransactionStep;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PostgresTest {

    private static Postgres server;
    private SqlHost host;

    @BeforeAll
    static void start() throws Exception {
        server = Postgres.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        host = new SqlHost(server.database());
        host.run(script(
                "drop table if exists t cascade; create table t (id serial primary key, name text unique, n int)"));
    }

    @AfterEach
    void close() throws Exception {
        host.close();
    }

    private static SqlStep script(String sql) {
        return new SqlStep(null, null, null, sql, null, null, null, null, null);
    }

    private static SqlStep transaction(TransactionStep what) {
        return new SqlStep(null, null, null, null, null, null, null, null, what);
    }

    private static SqlStep streamed(String sql, int fetchSize) {
        return new SqlStep(sql, null, null, null, null, null, null, fetchSize, null);
    }

    private static void assertAnswered(Observation observation, String state, String message) {
        assertThat(observation.outcome()).isEqualTo(new Outcome.Completed(false, state));
        assertThat(observation.metadata().get("sql_state")).isEqualTo(state);
        assertThat(observation.metadata().get("message")).isEqualTo(message);
    }

    private static void assertFailed(Observation observation, Failure failure, String message) {
        assertThat(observation.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.failure()).isEqualTo(failure);
            assertThat(failed.message()).isEqualTo(message);
        });
    }

    @Nested
    class Statements {

        @Test
        void answerRowsByLabelInOrder() {
            Observation observation =
                    host.run(Steps.query("select 1 as b, 'x' as a, null as c union all select 2, 'y', 'z'"));
            assertThat(SqlHost.rows(observation)).hasToString("[{b=1, a=x, c=null}, {b=2, a=y, c=z}]");
            assertThat(observation.metadata().asMap()).hasToString("{sql_state=00000, rows=2, columns=[b, a, c]}");
        }

        @Test
        void keepLabelsThatOccurTwice() {
            assertThat(host.rows("select 1 as id, 2 as id, 3 as id")).hasToString("[{id=1, id_2=2, id_3=3}]");
        }

        @Test
        void tellTheKeysThatTheyMade() {
            Observation observation = host.execute("insert into t (name) values (?)", "a");
            assertThat(observation.metadata().get("rows_affected")).isEqualTo(1L);
            assertThat(observation.metadata().get("generated_keys")).hasToString("[{id=1, name=a, n=null}]");
        }

        @Test
        void answerRowsOfReturning() {
            Observation observation = host.execute("insert into t (name) values (?) returning id", "a");
            assertThat(SqlHost.rows(observation)).hasToString("[{id=1}]");
            assertThat(observation.metadata().has("generated_keys")).isFalse();
        }

        @Test
        void tellWarnings() {
            Observation observation = host.execute("do $$ begin raise notice 'look: %', 1; end $$");
            assertThat(observation.metadata().get("warnings")).isEqualTo(List.of("look: 1"));
        }

        @Test
        void takeValuesByName() {
            host.run(Steps.execute("insert into t (name, n) values (:name, :n)", Map.of("name", "a", "n", 7)));
            assertThat(host.run(Steps.query("select n from t where name = :name", Map.of("name", "a"))))
                    .satisfies(
                            observation -> assertThat(SqlHost.rows(observation)).hasToString("[{n=7}]"));
        }

        @Test
        void takeTextForWhatThePlaceNeeds() {
            String uuid = "0f0e0d0c-0b0a-0908-0706-050403020100";
            assertThat(host.value("select ?::uuid = ? ", uuid, uuid)).isEqualTo(true);
            host.execute("insert into t (name, n) values (?, ?)", "a", "42");
            assertThat(host.value("select n from t where n = ?", "42")).isEqualTo(42);
        }

        @Test
        void takeListsAndMaps() {
            assertThat(host.value("select 3 = any(?)", List.of(1, 2, 3))).isEqualTo(true);
            assertThat(host.value("select 'b' = any(?)", List.of("a", "b"))).isEqualTo(true);
            assertThat(host.value("select (?::jsonb) -> 'a'", Map.of("a", List.of(1, "x"))))
                    .isEqualTo(List.of(1, "x"));
        }

        @Test
        void saySoWhenValuesDoNotFit() {
            assertFailed(
                    host.run(Steps.query("select :a, :b", Map.of("a", 1))),
                    Failure.PROTOCOL,
                    "'params' has no 'b', which the statement names; it has a");
            assertFailed(
                    host.run(Steps.query("select :a", Map.of("a", 1, "b", 2))),
                    Failure.PROTOCOL,
                    "'params' has [b], which the statement does not name");
            assertFailed(
                    host.run(Steps.query("select ?, ?", List.of(1))),
                    Failure.PROTOCOL,
                    "'params' has 1 values, but the statement takes 2");
            assertFailed(
                    host.run(Steps.query("select :a", List.of(1))),
                    Failure.PROTOCOL,
                    "'params' is a list, but the statement names its values: a");
        }

        @Test
        void runOnceForEachEntryOfABatch() {
            Observation observation = host.run(new SqlStep(
                    null,
                    "insert into t (name, n) values (:name, :n)",
                    null,
                    null,
                    null,
                    List.of(Map.of("name", "a", "n", 1), Map.of("name", "b", "n", 2)),
                    null,
                    null,
                    null));
            assertThat(observation.metadata().get("rows_affected")).isEqualTo(2L);
            assertThat(host.value("select sum(n) from t")).isEqualTo(3L);
        }

        @Test
        void sayWhichEntryOfABatchWasRefused() {
            Observation observation = host.run(new SqlStep(
                    null,
                    "insert into t (name) values (?)",
                    null,
                    null,
                    null,
                    List.of(List.of("a"), List.of("b"), List.of("a")),
                    null,
                    null,
                    null));
            assertThat(observation.outcome()).isEqualTo(new Outcome.Completed(false, "23505"));
            assertThat(String.valueOf(observation.metadata().get("message"))).startsWith("batch[2]: ");
            assertThat(observation.metadata().has("done_before")).isFalse();
        }

        @Test
        void runAsAScript() {
            Observation observation = host.run(script(
                    "insert into t (name) values ('a;b'); insert into t (name) values ('c'); update t set n = 1"));
            assertThat(observation.metadata().asMap()).hasToString("{sql_state=00000, rows_affected=4, statements=3}");
        }

        @Test
        void sayWhichStatementOfAScriptWasRefused() {
            assertAnswered(
                    host.run(script("insert into t (n) values (1);\nselect nothing from t")),
                    "42703",
                    "statement 2, line 2: ERROR: column \"nothing\" does not exist Position: 8");
        }

        @Test
        void runFromAFile(@TempDir Path folder) throws Exception {
            Path one = Files.writeString(folder.resolve("one.sql"), "select :a as a; -- done\n");
            assertThat(SqlHost.rows(
                            host.run(new SqlStep(null, null, one, null, Map.of("a", 5), null, null, null, null))))
                    .hasToString("[{a=5}]");
            Path many = Files.writeString(folder.resolve("many.sql"), "insert into t (n) values (1); select 1;");
            assertThat(host.run(new SqlStep(null, null, many, null, null, null, null, null, null))
                            .metadata()
                            .get("statements"))
                    .isEqualTo(2L);
        }

        @Test
        void neverExecuteWhatStandsInValues() {
            host.execute("insert into t (name) values (?)", "'; drop table t; --");
            assertThat(host.value("select name from t")).isEqualTo("'; drop table t; --");
        }

        @Test
        void haveNoMoreRowsThanAllowed() {
            SqlStep ten = new SqlStep(
                    "select * from generate_series(1, ?)", null, null, null, List.of(10), null, 10, null, null);
            assertThat(SqlHost.rows(host.run(ten))).hasSize(10);
            SqlStep eleven = new SqlStep(
                    "select * from generate_series(1, ?)", null, null, null, List.of(11), null, 10, null, null);
            assertFailed(
                    host.run(eleven),
                    Failure.TOO_LARGE,
                    "the answer has more than 10 rows, the most that max_rows allows. Narrow the query, raise max_rows,"
                            + " or stream the rows with fetch_size.");
        }
    }

    @Nested
    class Types {

        @Test
        void areMappedToATree() {
            host.execute("create extension if not exists hstore");
            assertThat(host.rows("""
                select true as bool, 1::smallint as small, 2147483648 as big, 1.50::numeric as exact,
                  'NaN'::float8 as nan, 0.1::float4 as short, date '2026-11-21' as day, time '01:02:03' as clock,
                  timestamp '2026-11-21 01:02:03.5' as moment,
                  timestamptz '2026-11-21 01:02:03+02' as instant, timestamptz 'infinity' as forever,
                  '0f0e0d0c-0b0a-0908-0706-050403020100'::uuid as id, '{"a": [1, null]}'::jsonb as doc,
                  array[[1,2],[3,4]] as nested, array['a',null] as texts, '\\x00ff'::bytea as bytes,
                  interval '1 day' as span, '10.0.0.1'::inet as address, b'101' as bits, '12.5'::money as price,
                  '<a/>'::xml as xml, 'a=>1'::hstore as pairs, 12345678901234567890::numeric as huge
                """))
                    .hasToString(
                            ("[{bool=true, small=1, big=2147483648, exact=1.50, nan=NaN, short=0.1, day=2026-11-21,"
                                    + " clock=01:02:03, moment=2026-11-21T01:02:03.5, instant=2026-11-20T23:02:03Z,"
                                    + " forever=infinity, id=0f0e0d0c-0b0a-0908-0706-050403020100, doc={a=[1, null]},"
                                    + " nested=[[1, 2], [3, 4]], texts=[a, null], bytes=AP8=, span=1 day,"
                                    + " address=10.0.0.1, bits=101, price=$12.50, xml=<a/>, pairs={a=1},"
                                    + " huge=12345678901234567890}]"));
            assertThat(host.value("select 1.50::numeric")).isEqualTo(new BigDecimal("1.50"));
        }
    }

    @Nested
    class Streams {

        @Test
        void deliverRowsInPortions() throws Exception {
            try (PayloadStream stream =
                    SqlHost.stream(host.run(streamed("select * from generate_series(1, 25)", 10)))) {
                long rows = 0;
                for (Frame frame = stream.next(soon()); frame != null; frame = stream.next(soon())) {
                    rows++;
                    assertThat(((Payload.Document) frame.payload()).tree())
                            .hasToString("{generate_series=" + rows + "}");
                }
                assertThat(stream.ending().metadata().get("rows")).isEqualTo(25L);
            }
            assertThat(host.connection().isUnfit()).isFalse();
            assertThat(host.connection().jdbc().getAutoCommit()).isTrue();
        }

        @Test
        void commitWhatTheyChanged() throws Exception {
            try (PayloadStream stream =
                    SqlHost.stream(host.run(streamed("insert into t (name) values ('a') returning id", 10)))) {
                while (stream.next(soon()) != null) {
                    // To the end
                }
            }
            try (SqlHost other = new SqlHost(server.database())) {
                assertThat(other.value("select count(*) from t")).isEqualTo(1L);
            }
        }

        @Test
        void giveUpTheirConnectionWhenClosedEarly() throws Exception {
            PayloadStream stream = SqlHost.stream(host.run(streamed("select * from generate_series(1, 100000)", 10)));
            stream.next(soon());
            stream.close();
            assertThat(host.connection().isUnfit()).isTrue();
        }

        private static Deadline soon() {
            return Deadline.after(Duration.ofSeconds(10), "10 s");
        }
    }

    @Nested
    class Transactions {

        @Test
        void spanSteps() throws Exception {
            host.run(transaction(TransactionStep.BEGIN));
            host.execute("insert into t (name) values ('a')");
            try (SqlHost other = new SqlHost(server.database())) {
                assertThat(other.value("select count(*) from t")).isEqualTo(0L);
                assertThat(host.run(transaction(TransactionStep.COMMIT))
                                .outcome()
                                .success())
                        .isTrue();
                assertThat(other.value("select count(*) from t")).isEqualTo(1L);
            }
        }

        @Test
        void beginAndEndWithAStatement() {
            host.run(new SqlStep(
                    null,
                    "insert into t (name) values ('a')",
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    TransactionStep.BEGIN));
            host.run(new SqlStep(
                    null,
                    "insert into t (name) values ('b')",
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    TransactionStep.ROLLBACK));
            assertThat(host.value("select count(*) from t")).isEqualTo(0L);
        }

        @Test
        void areRolledBackWhenTheConnectionGoesBack() throws Exception {
            SqlConnection own = host.pool().lease(Deadline.after(Duration.ofSeconds(10), "10 s"));
            SqlAction action = new SqlAction();
            action.execute(transaction(TransactionStep.BEGIN), own, host.context());
            action.execute(Steps.execute("insert into t (name) values ('a')", null), own, host.context());
            host.pool().release(own, false);
            host.context().close();
            assertThat(host.value("select count(*) from t")).isEqualTo(0L);
        }

        @Test
        void saySoWhenNoneIsOpenOrOneIsOpenAlready() {
            assertFailed(
                    host.run(transaction(TransactionStep.COMMIT)),
                    Failure.PROTOCOL,
                    "no transaction is open. Begin one with 'transaction: begin'.");
            host.run(transaction(TransactionStep.BEGIN));
            assertFailed(
                    host.run(transaction(TransactionStep.BEGIN)),
                    Failure.PROTOCOL,
                    "a transaction is open already, since step 'step'. Commit it or roll it back first.");
        }

        @Test
        void areNotContinuedOnAnotherConnection() throws Exception {
            host.run(transaction(TransactionStep.BEGIN));
            host.connection().unfit();
            SqlConnection other = host.pool().lease(Deadline.after(Duration.ofSeconds(10), "10 s"));
            Outcome outcome;
            try {
                outcome = new SqlAction()
                        .execute(Steps.execute("insert into t (name) values ('a')", null), other, host.context())
                        .outcome();
            } catch (Exception e) {
                outcome = new SqlAction().classify(e);
            }
            host.pool().release(other, false);
            assertThat(outcome).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.failure()).isEqualTo(Failure.CLOSED);
                assertThat(failed.message())
                        .isEqualTo("the transaction of step 'step' was lost with its connection. Nothing of it was"
                                + " kept; begin it anew.");
            });
        }

        @Test
        void hintAtTheirIsolation() throws Exception {
            Database strict = new Database(
                    server.url(),
                    "postgres",
                    null,
                    Map.of("options", "-c default_transaction_isolation=repeatable\\ read"),
                    null);
            try (SqlHost own = new SqlHost(strict)) {
                own.run(transaction(TransactionStep.BEGIN));
                assertThat(own.run(Steps.query("select 1")).metadata().get("hint"))
                        .isEqualTo("the transaction of step 'step' is open with isolation repeatable read and does not"
                                + " see what others commit meanwhile; commit it before waiting");
            }
        }
    }

    @Nested
    class Refusals {

        @Test
        void areAnswers() {
            host.execute("insert into t (name) values ('a')");
            assertAnswered(
                    host.execute("insert into t (name) values ('a')"),
                    "23505",
                    "ERROR: duplicate key value violates unique constraint \"t_name_key\" Detail: Key (name)=(a)"
                            + " already exists.");
            assertAnswered(
                    host.execute("insert into t (n) values (?)", "many"),
                    "22P02",
                    "ERROR: invalid input syntax for type integer: \"many\" Where: unnamed portal parameter $1 ="
                            + " '...'");
            assertThat(host.connection().isUnfit()).isFalse();
        }

        @Test
        void comeFromDeadlocks() throws Exception {
            host.run(script("insert into t (name, n) values ('a', 0), ('b', 0)"));
            try (SqlHost other = new SqlHost(server.database())) {
                host.run(transaction(TransactionStep.BEGIN));
                other.run(transaction(TransactionStep.BEGIN));
                host.execute("update t set n = 1 where name = 'a'");
                other.execute("update t set n = 1 where name = 'b'");
                java.util.concurrent.FutureTask<Observation> crossing = new java.util.concurrent.FutureTask<>(
                        () -> other.execute("update t set n = 1 where name = 'a'"));
                Thread.ofVirtual().start(crossing);
                Observation mine = host.execute("update t set n = 1 where name = 'b'");
                host.run(transaction(TransactionStep.ROLLBACK));
                Observation theirs = crossing.get();
                assertThat(List.of(mine.outcome(), theirs.outcome()))
                        .containsExactlyInAnyOrder(
                                new Outcome.Completed(false, "40P01"), new Outcome.Completed(true, "00000"));
            }
        }

        @Test
        void comeWhenTheDeadlinePasses() throws Exception {
            host.context().deadline(Duration.ofMillis(200));
            assertFailed(
                    host.run(Steps.query("select pg_sleep(30)")),
                    Failure.TIMEOUT,
                    "the statement was not done when the timeout of 200 ms passed and was cancelled on the server");
            assertThat(host.connection().isUnfit()).isTrue();
            try (SqlHost other = new SqlHost(server.database())) {
                assertThat(other.value("select count(*) from pg_stat_activity where query = 'select pg_sleep(30)' and"
                                + " state = 'active'"))
                        .isEqualTo(0L);
            }
        }

        @Test
        void comeWhenTheInstanceIsCancelled() throws Exception {
            java.util.concurrent.FutureTask<Observation> sleeping =
                    new java.util.concurrent.FutureTask<>(() -> host.run(Steps.query("select pg_sleep(31)")));
            Thread.ofVirtual().start(sleeping);
            try (SqlHost other = new SqlHost(server.database())) {
                String running = "select count(*) from pg_stat_activity where query = 'select pg_sleep(31)' and state ="
                        + " 'active'";
                while (!Long.valueOf(1).equals(other.value(running))) {
                    Thread.onSpinWait();
                }
                host.context().cancel();
                assertFailed(sleeping.get(), Failure.CANCELLED, "the statement was cancelled");
                assertThat(other.value(running)).isEqualTo(0L);
            }
        }

        @Test
        void comeWhenTheServerEndsTheConnection() throws Exception {
            Object pid = host.value("select pg_backend_pid()");
            try (SqlHost other = new SqlHost(server.database())) {
                other.rows("select pg_terminate_backend(?)", pid);
            }
            assertFailed(
                    host.run(Steps.query("select 1")),
                    Failure.CLOSED,
                    "FATAL: terminating connection due to administrator command");
            assertThat(host.connection().isUnfit()).isTrue();
        }
    }

    @Nested
    class Opening {

        @Test
        void saysThatTheServerHasNoRoom() throws Exception {
            try (Postgres small = Postgres.start(3);
                    SqlHost one = new SqlHost(small.database())) {
                // Whoever looked whether the server was there may still be about to leave
                while (!Long.valueOf(1)
                        .equals(one.value(
                                "select count(*) from pg_stat_activity where backend_type = 'client backend'"))) {
                    Thread.onSpinWait();
                }
                one.pool().lease(soon());
                one.pool().lease(soon());
                assertThat(org.assertj.core.api.Assertions.catchThrowable(
                                () -> one.pool().lease(soon())))
                        .hasMessage("could not connect to '127.0.0.1:" + small.port()
                                + "': FATAL: sorry, too many clients already. The server's limit of connections is"
                                + " reached; lower pool.max or raise it.")
                        .extracting(thrown -> Outcome.Failed.of(thrown).failure())
                        .isEqualTo(Failure.CONNECT);
            }
        }

        @Test
        void saysThatTheDatabaseIsNotThere() {
            Database none = new Database(
                    "jdbc:postgresql://127.0.0.1:" + server.port() + "/none", "postgres", null, Map.of(), null);
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new SqlHost(none)))
                    .hasMessage("could not connect to '127.0.0.1:" + server.port()
                            + "': FATAL: database \"none\" does not exist");
        }

        @Test
        void runsInitSqlOnEveryConnection() throws Exception {
            Database prepared =
                    new Database(server.url(), "postgres", null, Map.of(), "set my.one = 'x'; set my.two = 'y;z'");
            try (SqlHost own = new SqlHost(prepared)) {
                assertThat(own.value("select current_setting('my.one') || current_setting('my.two')"))
                        .isEqualTo("xy;z");
            }
        }

        @Test
        void saysThatInitSqlFailed() {
            Database broken = new Database(server.url(), "postgres", null, Map.of(), "set nothing");
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> new SqlHost(broken)))
                    .hasMessageStartingWith("'init_sql' of 'db' failed: ERROR: syntax error");
        }

        private static Deadline soon() {
            return Deadline.after(Duration.ofSeconds(10), "10 s");
        }
    }
}
