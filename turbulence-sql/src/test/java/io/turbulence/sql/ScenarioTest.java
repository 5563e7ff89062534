package io.turbulence.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.tck.PluginTestKit;
import io.turbulence.tck.PluginTestKit.Result;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Scenarios through the whole engine, on PostgreSQL.
@Timeout(60)
class ScenarioTest {

    private static Postgres server;

    @BeforeAll
    static void start() throws Exception {
        server = Postgres.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @BeforeEach
    void table() throws Exception {
        try (SqlHost host = new SqlHost(server.database())) {
            host.execute("drop table if exists t");
            host.execute("create table t (id text primary key, name text)");
        }
    }

    private static PluginTestKit scenario(String yaml) {
        return PluginTestKit.scenario(yaml).with(new SqlPlugin());
    }

    private static Result run(String pool, String yaml) throws Exception {
        return scenario(yaml).system(server.system(pool)).run();
    }

    private static Map<String, Object> only(Result result, String step) {
        assertThat(result.observations(step)).hasSize(1);
        return result.observations(step).getFirst();
    }

    @Nested
    class Steps {

        @Test
        void insertAndReadBack() throws Exception {
            Result result = run("{}", """
                id: s
                flow:
                  - { name: put, type: sql, execute: "insert into t values (:id, :name)", params: { id: "{{instance_id}}", name: a } }
                  - name: look
                    type: sql
                    query: "select name from t where id = ?"
                    params: [ "{{instance_id}}" ]
                    extract: { found: "$[0].name" }
                    expect: [ { jsonpath: "$[0].name", equals: a }, { metadata: rows, equals: 1 } ]
                  - { type: assert, expect: { expression: "found == 'a' and last.metadata.rows == 1" } }
                """);
            assertThat(result.run().exitCode()).isZero();
            assertThat(only(result, "look")).containsEntry("transport", "sql").containsEntry("ok", true);
        }

        @Test
        void haveTheirFirstConnectionCountedAsOpenedAndNotAsWaitedFor() throws Exception {
            Result result = run("{}", """
                id: s
                flow:
                  - { name: first, type: sql, query: "select 1" }
                  - { name: second, type: sql, query: "select 2" }
                """);

            assertThat(only(result, "first").get("connect_ms")).isInstanceOf(Number.class);
            assertThat(only(result, "second").get("connect_ms")).isNull();
            assertThat(((Number) only(result, "first").get("pool_wait_ms")).doubleValue())
                    .isLessThan(((Number) only(result, "first").get("connect_ms")).doubleValue());
        }

        @Test
        void sayWhatTheDatabaseSaid() throws Exception {
            Result result = run("{}", """
                id: s
                flow: [ { name: wrong, type: sql, query: "select nothing from t" } ]
                """);
            assertThat(only(result, "wrong"))
                    .containsEntry(
                            "errors",
                            List.of("the answer was 42703: ERROR: column \"nothing\" does not exist Position: 8"))
                    .containsEntry("failure", null);
        }

        @Test
        void mayExpectAState() throws Exception {
            Result result = run("{}", """
                id: s
                flow:
                  - { name: once, type: sql, execute: "insert into t values ('a', 'b')" }
                  - { name: twice, type: sql, execute: "insert into t values ('a', 'b')", expect: { sql_state: "23505" } }
                """);
            assertThat(result.run().exitCode()).isZero();
        }

        @Test
        void storeWhatIsInAFeederUnchanged() throws Exception {
            StringBuilder rows = new StringBuilder();
            List<String> nasty = NastyStrings.all();
            for (String text : nasty) {
                rows.append(new io.turbulence.testkit.SimpleJson().writeText(Map.of("text", text)))
                        .append('\n');
            }
            java.nio.file.Path file = java.nio.file.Files.createTempFile("nasty", ".jsonl");
            try {
                java.nio.file.Files.writeString(file, rows.toString());
                Result result = scenario("""
                    id: s
                    data: { file: "%s", pick: sequential }
                    flow:
                      - { name: put, type: sql, execute: "insert into t values (:id, :text)", params: { id: "{{text(instance)}}", text: "{{data.text}}" } }
                      - name: look
                        type: sql
                        query: "select name, name = :text as same, octet_length(name) as bytes from t where id = :id"
                        params: { id: "{{text(instance)}}", text: "{{data.text}}" }
                        expect: [ { jsonpath: "$[0].same", equals: true }, { expression: "payload[0].name == data.text" } ]
                    """.formatted(file))
                        .system(server.system("{}"))
                        .instances(nasty.size(), 10)
                        .run();
                assertThat(result.observations())
                        .allSatisfy(step -> assertThat(step).containsEntry("errors", List.of()));
                assertThat(result.run().exitCode()).isZero();
                assertThat(nasty).hasSizeGreaterThanOrEqualTo(100);
                assertThat(result.observations("look")).hasSize(nasty.size());
            } finally {
                java.nio.file.Files.delete(file);
            }
            try (SqlHost host = new SqlHost(server.database())) {
                assertThat(host.rows("select name from t").stream().map(row -> row.get("name")))
                        .containsExactlyInAnyOrderElementsOf(nasty);
            }
        }
    }

    @Nested
    class Waiting {

        @Test
        void endsWhenTheRowAppears() throws Exception {
            Result result = run("{}", """
                id: s
                flow:
                  - type: parallel
                    branches:
                      - - { type: sleep, duration: 300ms }
                        - { name: put, type: sql, execute: "insert into t values ('a', 'late')" }
                      - - name: appears
                          type: wait
                          service: db
                          query: "select name from t where id = :id"
                          params: { id: a }
                          interval: 50ms
                          timeout: 10s
                          until: { jsonpath: "$[0].name", equals: late }
                          extract: { name: "$[0].name" }
                """);
            assertThat(result.run().exitCode()).isZero();
            assertThat(only(result, "appears")).containsEntry("extracted", Map.of("name", "late"));
        }

        @Test
        void hintsAtTheTransactionThatCannotSeeIt() throws Exception {
            Result result = scenario("""
                id: s
                flow:
                  - { name: open_it, type: sql, transaction: begin }
                  - { name: appears, type: wait, service: db, query: "select 1 from t", interval: 50ms, timeout: 2s, until: { metadata: rows, equals: 1 } }
                """).system("""
                    services:
                      db:
                        protocol: sql
                        url: "%s"
                        username: postgres
                        properties: { options: "-c default_transaction_isolation=serializable" }
                        pool: { scope: instance }
                    """.formatted(server.url())).run();
            assertThat(String.valueOf(only(result, "appears").get("errors")))
                    .contains("'appears' did not hold within 2 s")
                    .endsWith("; the transaction of step 'open_it' is open with isolation serializable and does not see"
                            + " what others commit meanwhile; commit it before waiting]");
        }
    }

    @Nested
    class Transactions {

        @Test
        void spanTheStepsOfOneInstance() throws Exception {
            Result result = scenario("""
                id: s
                flow:
                  - { name: open_it, type: sql, transaction: begin }
                  - { name: put, type: sql, execute: "insert into t values (?, 'x')", params: [ "{{instance}}" ] }
                  - { name: look, type: sql, query: "select count(*) as n from t", expect: { jsonpath: "$[0].n", equals: 1 } }
                  - { name: end_it, type: sql, transaction: rollback }
                """)
                    .system(server.system("{ scope: instance }"))
                    .instances(50, 10)
                    .run();
            assertThat(result.run().exitCode()).isZero();
        }

        @Test
        void areRolledBackAtTheEndOfTheirInstance() throws Exception {
            Result result = scenario("""
                id: s
                flow:
                  - { type: sql, transaction: begin, execute: "insert into t values (?, 'x')", params: [ "{{instance}}" ] }
                """)
                    .system(server.system("{ scope: instance }"))
                    .instances(5, 2)
                    .run();
            assertThat(result.run().exitCode()).isZero();
            try (SqlHost host = new SqlHost(server.database())) {
                assertThat(host.value("select count(*) from t")).isEqualTo(0L);
            }
        }

        @Test
        void needConnectionsThatInstancesKeep() {
            assertThatThrownBy(() -> run("{}", """
                id: s
                flow: [ { type: sql, transaction: begin } ]
                """))
                    .hasMessageContaining("transaction: a transaction on connections that all instances share; expected"
                            + " 'scope: instance' in the service's pool. Each step may run on another connection of the"
                            + " pool otherwise.");
        }
    }

    @Nested
    class Loading {

        private static void refused(String step, String message) {
            assertThatThrownBy(() -> run("{}", "id: s\nflow: [ %s ]\n".formatted(step)))
                    .hasMessageContaining(message);
        }

        @Test
        void refusesTemplatesInStatements() {
            refused("{ type: sql, query: \"select * from {{env.TABLE}}\" }", "query");
            refused("{ type: sql, execute: \"delete from t where id = '{{instance}}'\" }", "execute");
            refused("{ type: sql, script: \"select '{{uuid}}'\" }", "script");
        }

        @Test
        void refusesStatementsWithoutTheirValues() {
            refused(
                    "{ type: sql, query: \"select :a\" }",
                    "query: 1 values to bind and no 'params'; expected 'params' with a");
            refused(
                    "{ type: sql, query: \"select :a\", params: { b: 1 } }",
                    "params: no 'a'; expected a value for ':a'");
            refused(
                    "{ type: sql, query: \"select ?, ?\", params: [ 1 ] }",
                    "params: 1 values; expected 2, as many as the statement has '?'");
            refused(
                    "{ type: sql, query: \"select 1; select 2\" }",
                    "query: 2 statements; expected one statement. Use 'script' for several.");
            refused("{ type: sql, params: [ 1 ] }", "no statement");
        }

        @Test
        void refusesTransactionsByText() {
            refused(
                    "{ type: sql, execute: \"begin\" }",
                    "execute: 'begin' as a statement; expected 'transaction: begin', 'commit' or 'rollback'. The pool"
                            + " must know that a transaction is open.");
        }

        @Test
        void refusesWhatHikariWouldChange() {
            pool(
                    "{ idle_timeout: 5s }",
                    "pool.idle_timeout: 5s; expected at least 10s for a database. HikariCP would silently use another"
                            + " value.");
            pool(
                    "{ max_lifetime: 20s, idle_timeout: 10s, health_check_interval: 30s }",
                    "pool.max_lifetime: 20s; expected at least 30s for a database");
            pool(
                    "{ health_check_interval: 10s }",
                    "pool.health_check_interval: 10s; expected at least 30s for a database");
            pool("{ connect_timeout: 100ms }", "pool.connect_timeout: 100ms; expected at least 250ms for a database");
            pool(
                    "{ idle_timeout: 60s, max_lifetime: 60s }",
                    "pool.idle_timeout: 60s; expected at least 1s less than 'max_lifetime', which is 60s");
            pool(
                    "{ health_check_interval: 60s, max_lifetime: 60s }",
                    "pool.health_check_interval: 60s; expected less than 'max_lifetime', which is 60s");
        }

        private static void pool(String pool, String message) {
            assertThatThrownBy(() -> run(pool, "id: s\nflow: [ { type: sql, query: \"select 1\" } ]\n"))
                    .hasMessageContaining(message);
        }

        @Test
        void refusesUrlsWithoutADriver() {
            assertThatThrownBy(() -> scenario("id: s\nflow: [ { type: sql, query: \"select 1\" } ]\n")
                            .system("services: { db: { protocol: sql, url: \"jdbc:sqlserver://h;password=x\" } }")
                            .run())
                    .hasMessageContaining("url: 'jdbc:sqlserver://h' has no driver; expected a URL that a driver takes;"
                            + " there are: org.duckdb.DuckDBDriver, org.h2.Driver, org.mariadb.jdbc.Driver,"
                            + " org.postgresql.Driver, org.sqlite.JDBC. Put the driver's jar"
                            + " (com.microsoft.sqlserver:mssql-jdbc) into plugins/sql/, or among the dependencies.");
        }
    }
}
