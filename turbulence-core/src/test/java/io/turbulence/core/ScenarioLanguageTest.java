package io.turbulence.core;

import static io.turbulence.core.FakePlugin.failing;
import static io.turbulence.core.FakePlugin.ok;
import static io.turbulence.core.FakePlugin.status;
import static io.turbulence.core.FakePlugin.withHeaders;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Failure;
import io.turbulence.api.TurbulenceException;
import io.turbulence.core.ScenarioRun.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ScenarioLanguageTest {

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    private ScenarioRun scenario(String rest) {
        return new ScenarioRun(folder, fake).scenario("id: s\n" + rest);
    }

    private Result run(String rest) {
        return scenario(rest).run();
    }

    private List<Object> sentJson(String path) {
        return new ArrayList<>(
                fake.sent(path).stream().map(FakePlugin.Sent::json).toList());
    }

    @Nested
    class WhenStepIsOk {

        @Test
        void statusOfProtocolDecidesUnlessExpected() {
            fake.on("/404", status(404, Map.of("a", 1)));

            Result result = run("""
                stop_when: { any_action_fails: false }
                flow:
                  - { name: a, type: fake, path: /404 }
                  - { name: b, type: fake, path: /404, expect: { status_code: 404 } }
                  - { name: c, type: fake, path: /404, expect: { status_code: [200, 404] }, extract: { x: $.a } }
                  - { name: d, type: fake, path: /404, expect: { jsonpath: $.a, equals: 1 } }
                """);

            assertThat(result.story()).containsExactly("a failed", "b ok", "c ok", "d failed");
            assertThat(result.errors("a")).hasToString("[the answer was 404]");
        }

        @Test
        void noAnswerFailsWithItsMessage() {
            fake.on("/x", failing(Failure.CLOSED, "the peer closed the connection"));

            Result result = run("flow: [ { name: a, type: fake, path: /x, expect: { status_code: 200 } } ]");

            assertThat(result.errors("a")).hasToString("[the peer closed the connection]");
            assertThat(result.step("a")).containsEntry("failure", "CLOSED");
        }
    }

    @Nested
    class Extract {

        @Test
        void readsEveryForm() {
            fake.on(
                    "/x",
                    withHeaders(
                            Map.of("x-request", "R1", "n", "5"),
                            Map.of("id", 7, "list", List.of(1, 2), "text", "id=42;")));
            fake.on("/text", ok("id=42;"));
            fake.on("/xml", ok("<a><id>9</id></a>"));

            Result result = run("""
                flow:
                  - name: a
                    type: fake
                    path: /x
                    extract:
                      id: $.id
                      all: $.list[*]
                      count: $.list.length()
                      again: { jsonpath: $.id }
                      head: { header: X-Request }
                      meta: { metadata: headers.x-request }
                      code: { metadata: status_code }
                      sum: { expression: "payload.id + 1" }
                      none: { jsonpath: $.missing, default: fallback }
                      hush: { jsonpath: $.id, secret: true }
                  - { name: b, type: fake, path: /text, extract: { num: { regex: "id=(\\\\d+)" }, whole: { regex: "id=." } } }
                  - { name: c, type: fake, path: /xml, extract: { xid: { xpath: //id } } }
                  - name: send
                    type: fake
                    path: /sink
                    json: [ "{{id}}", "{{all}}", "{{count}}", "{{again}}", "{{head}}", "{{meta}}", "{{code}}", "{{sum}}", "{{none}}", "{{num}}", "{{whole}}", "{{xid}}", "n{{id}}" ]
                """).assertPassed();

            assertThat(sentJson("/sink").getFirst())
                    .isEqualTo(
                            List.of(7, List.of(1, 2), 2, 7, "R1", "R1", 200, 8L, "fallback", "42", "id=4", "9", "n7"));
            assertThat(((Map<?, ?>) result.step("a").get("extracted")).get("hush"))
                    .isEqualTo("***");
        }

        @Test
        void whatIsNotFoundFailsWithPathAndShortenedPayload() {
            fake.on("/x", ok(Map.of("id", 7)));

            Result result = run(
                    "flow: [ { name: a, type: fake, path: /x, extract: { b: $.b } }, { name: c, type: fake, path: /c }"
                            + " ]");

            assertThat(String.valueOf(result.errors("a").getFirst()))
                    .contains("'b'")
                    .contains("$.b")
                    .contains("{\"id\":7}");
            assertThat(result.story()).containsExactly("a failed", "c skipped");
        }

        @Test
        void emptyListIsNotFoundAndNullIsFound() {
            fake.on("/x", ok(java.util.Collections.singletonMap("n", null)));

            Result result = run("""
                stop_when: { any_action_fails: false }
                flow:
                  - { name: a, type: fake, path: /x, extract: { b: "$.list[*]" } }
                  - { name: c, type: fake, path: /x, extract: { n: $.n } }
                """);

            assertThat(result.story()).containsExactly("a failed", "c ok");
        }
    }

    @Nested
    class Expect {

        @Test
        void holdsInEveryForm() {
            fake.on(
                    "/x",
                    withHeaders(
                            Map.of("content-type", "application/json"),
                            Map.of(
                                    "id",
                                    "6b1f7d3e-6f8e-4f0a-9a57-3c1d0f6a2b11",
                                    "n",
                                    5,
                                    "one",
                                    1.0,
                                    "list",
                                    List.of("a", "b"),
                                    "text",
                                    "hello",
                                    "map",
                                    Map.of("k", 1))));

            run("""
                flow:
                  - name: a
                    type: fake
                    path: /x
                    expect:
                      - { status_code: 200, jsonpath: $.n, equals: 5, gt: 4, gte: 5, lt: 6, lte: 5, in: [4, 5], not_equals: 6, type: number }
                      - { jsonpath: $.one, equals: 1 }
                      - { jsonpath: $.text, contains: ell, not_contains: z, matches: "h.*o", size: 5, type: text }
                      - { jsonpath: $.list, contains: b, size: 2 }
                      - { jsonpath: $.map, contains: { k: 1 } }
                      - { jsonpath: $.nope, exists: false }
                      - { jsonpath: $.n }
                      - { header: Content-Type, contains: json }
                      - { metadata: status_code, equals: 200 }
                      - { jsonpath: $.n, expression: "value == 5 and payload.n == value" }
                      - { expression: "status_code == 200" }
                      - { schema: { type: object, required: [n] } }
                      - { schema: { $ref: schema.json } }
                      - { body: { id: <uuid>, n: <number>, text: <text>, list: <any>, map: { k: 1 } } }
                      - { body: { text: "<re:h.+>" } }
                      - { latency_ms: { lt: 60000 } }
                      - "payload.n == 5"
                  - { name: b, type: assert, expect: { context_path: steps.a.payload.n, equals: 5 } }
                """.replace(
                                    "schema.json",
                                    folderFile(
                                            "schema.json",
                                            "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}")))
                    .assertPassed();
        }

        private String folderFile(String name, String content) {
            new ScenarioRun(folder, fake).file(name, content);
            return name;
        }

        @Test
        void failureSaysNameSubjectExpectedActualAndPlace() {
            fake.on("/x", ok(Map.of("n", 5)));

            Result result = run("""
                flow:
                  - name: a
                    type: fake
                    path: /x
                    expect:
                      - { jsonpath: $.n, equals: "5" }
                      - { jsonpath: $.gone }
                """);

            String file = folder.resolve("scenario.yaml").toString();
            assertThat(result.errors("a"))
                    .map(String::valueOf)
                    .containsExactly(
                            "'a': $.n was 5 but expected: equals \"5\" (found number, expected text) (" + file + ":7)",
                            "'a': $.gone was not found in {\"n\":5} (" + file + ":8)");
            assertThat(result.assertions).hasSize(2);
            assertThat(result.assertions.getFirst())
                    .containsEntry("step", "a")
                    .containsEntry("subject", "$.n")
                    .containsEntry("ok", false)
                    .containsEntry("actual", "5")
                    .containsEntry("line", 7)
                    .containsEntry("file", file);
        }
    }

    @Nested
    class Retries {

        @Test
        void recordsEveryAttempt() {
            fake.on(
                    "/x",
                    status(503, null),
                    failing(Failure.TIMEOUT, "slow"),
                    failing(Failure.CONNECT, "refused"),
                    ok(Map.of("n", 1)),
                    ok(Map.of("n", 2)));

            Result result = run("""
                flow:
                  - name: a
                    type: fake
                    path: /x
                    retry: { max_attempts: 6, on_status: [503], on_timeout: true, on_connection_error: true, when: "status_code == 200 and payload.n < 2", backoff: exponential, base_delay_ms: 1, max_delay_ms: 2, jitter: true }
                    extract: { n: $.n }
                """).assertPassed();

            List<?> attempts = (List<?>) result.step("a").get("attempts");
            assertThat(attempts).hasSize(5);
            assertThat(attempts)
                    .<Object>map(one -> ((Map<?, ?>) one).get("ok"))
                    .containsExactly(false, false, false, true, true);
            assertThat(attempts)
                    .<Object>map(one -> ((Map<?, ?>) one).get("failure"))
                    .containsExactly(null, "TIMEOUT", "CONNECT", null, null);
        }

        @Test
        void statusThatIsNotNamedIsNotTriedAgain() {
            fake.on("/x", status(500, null));

            run("flow: [ { type: fake, path: /x, retry: { max_attempts: 5, on_status: [503] } } ]");

            assertThat(fake.sent).hasSize(1);
        }

        @Test
        void givesUpAfterMostAttempts() {
            fake.on("/x", status(503, null));

            Result result =
                    run("flow: [ { name: a, type: fake, path: /x, retry: { max_attempts: 3, on_status: [503], backoff:"
                            + " fixed, delay_ms: 1 } } ]");

            assertThat(fake.sent).hasSize(3);
            assertThat(result.errors("a")).hasToString("[the answer was 503]");
        }
    }

    @Nested
    class Data {

        private List<Object> rows(String file, String content, String pick, int instances) {
            new ScenarioRun(folder, fake).file(file, content);
            Result result = scenario("data: { file: " + file + ", pick: " + pick
                            + " }\nflow: [ { type: fake, path: /x, json: \"{{data.n}}\" } ]")
                    .with(builder -> builder.instances(instances).concurrency(1))
                    .run();
            assertThat(result.run.total()).isEqualTo(instances);
            return sentJson("/x");
        }

        @Test
        void csvWrapsAround() {
            assertThat(rows("d.csv", "n,m\n1,\"a,b\"\n2,c\n", "sequential", 3)).containsExactly("1", "2", "1");
        }

        @Test
        void jsonKeepsTypes() {
            assertThat(rows("d.json", "[{\"n\":1},{\"n\":[2]}]", "sequential", 2))
                    .containsExactly(1, List.of(2));
        }

        @Test
        void jsonLinesAndYaml() {
            assertThat(rows("d.jsonl", "{\"n\":1}\n{\"n\":2}\n", "sequential", 2))
                    .containsExactly(1, 2);
            fake.sent.clear();
            assertThat(rows("d.yaml", "- n: x\n- n: y\n", "sequential", 2)).containsExactly("x", "y");
        }

        @Test
        void shuffleGivesEachRowOncePerRound() {
            List<Object> all = rows("d.json", "[{\"n\":1},{\"n\":2},{\"n\":3},{\"n\":4},{\"n\":5}]", "shuffle", 10);

            assertThat(all.subList(0, 5)).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
            assertThat(all.subList(5, 10)).containsExactlyInAnyOrder(1, 2, 3, 4, 5);
        }

        @Test
        void randomPicksAny() {
            assertThat(rows("d.json", "[{\"n\":1},{\"n\":2}]", "random", 50))
                    .contains(1, 2)
                    .hasSize(50);
        }

        @Test
        void uniqueFailsWhenUsedUp() {
            assertThat(rows("d.json", "[{\"n\":1},{\"n\":2}]", "unique", 3)).containsExactly(1, 2);
        }
    }

    @Nested
    class Several {

        @Test
        void weightsShareInstances() {
            new ScenarioRun(folder, fake)
                    .scenario("a.yaml", "id: a\nweight: 3\nflow: [ { type: fake, path: /a } ]")
                    .scenario("b.yaml", "id: b\nflow: [ { type: fake, path: /b } ]")
                    .with(builder -> builder.instances(400))
                    .run()
                    .assertPassed();

            assertThat(fake.sent("/a").size()).isBetween(260, 340);
            assertThat(fake.sent).hasSize(400);
        }

        @Test
        void withoutLoadEachRunsOnce() {
            Result result = new ScenarioRun(folder, fake)
                    .scenario("a.yaml", "id: a\nflow: [ { type: fake, path: /a } ]")
                    .scenario("b.yaml", "id: b\nflow: [ { type: fake, path: /b } ]")
                    .scenario("c.yaml", "id: c\nflow: [ { type: fake, path: /c } ]")
                    .run()
                    .assertPassed();

            assertThat(fake.sent).extracting(FakePlugin.Sent::path).containsExactlyInAnyOrder("/a", "/b", "/c");
            assertThat(result.run.total()).isEqualTo(3);
        }

        @Test
        void onlyAndSkipChooseByTag() {
            new ScenarioRun(folder, fake)
                    .scenario("a.yaml", "id: a\ntags: [smoke]\nflow: [ { type: fake, path: /a } ]")
                    .scenario("b.yaml", "id: b\ntags: [smoke, slow]\nflow: [ { type: fake, path: /b } ]")
                    .scenario("c.yaml", "id: c\nflow: [ { type: fake, path: /c } ]")
                    .with(builder -> builder.only("smoke").skip("slow"))
                    .run()
                    .assertPassed();

            assertThat(fake.sent).extracting(FakePlugin.Sent::path).containsExactly("/a");
        }
    }

    @Nested
    class SystemFile {

        private static final String FLOW =
                "id: s\nflow: [ { name: a, type: fake, service: api, path: /a, json: \"{{run.pass}}\" } ]";

        @Test
        void beforeRunGivesRunValuesAndAfterRunFollowsAlways() {
            fake.on("/login", ok(Map.of("t", "T"))).on("/a", status(500, null));

            Result result = new ScenarioRun(folder, fake)
                    .system("""
                        services: { api: { protocol: fake } }
                        before_run: [ { name: login, type: fake, path: /login, extract: { pass: $.t } } ]
                        after_run: [ { name: bye, type: fake, path: "/bye/{{run.pass}}" } ]
                        """)
                    .scenario(FLOW)
                    .with(builder -> builder.instances(2).concurrency(1))
                    .run();

            assertThat(fake.sent).extracting(FakePlugin.Sent::path).containsExactly("/login", "/a", "/a", "/bye/T");
            assertThat(sentJson("/a")).containsExactly("T", "T");
            assertThat(result.run.exitCode()).isEqualTo(1);
            assertThat(result.run.total()).isEqualTo(2);
        }

        @Test
        void failedBeforeRunStartsNothingAndExitsWithSix() {
            fake.on("/login", status(500, null));

            Result result =
                    new ScenarioRun(folder, fake).system("""
                        services: { api: { protocol: fake } }
                        before_run: [ { name: login, type: fake, path: /login, extract: { pass: $.t } } ]
                        after_run: [ { name: bye, type: fake, path: /bye } ]
                        """).scenario(FLOW).run();

            assertThat(result.run.exitCode()).isEqualTo(6);
            assertThat(result.run.message()).isEqualTo("before_run failed at step 'login': the answer was 500");
            assertThat(fake.sent).extracting(FakePlugin.Sent::path).containsExactly("/login", "/bye");
        }

        @Test
        void profileIsMergedDeeply() {
            new ScenarioRun(folder, fake)
                    .system("""
                        services: { api: { base_url: "fake:1", headers: { a: "1", b: "2" } } }
                        default_profile: local
                        profiles:
                          local: {}
                          staging: { services: { api: { headers: { b: "3", a: null } } } }
                        """)
                    .scenario("id: s\nflow: [ { type: fake, path: /a } ]")
                    .with(builder -> builder.profile("staging"))
                    .run()
                    .assertPassed();

            assertThat(fake.sent.peek().headers()).isEqualTo(Map.of("b", "3"));
        }

        @Test
        void headersMergeInOrderAndVariablesComeFromEverywhere() {
            new ScenarioRun(folder, fake)
                    .file(".env", "FROM_FILE=file\nBOTH=file\n")
                    .system("""
                        default_headers: { A: default, B: default, C: "{{correlation_id}}" }
                        services: { api: { base_url: "fake:1", headers: { b: service, D: "{{env.FROM_FILE}}" } } }
                        """)
                    .scenario("""
                        id: s
                        flow: [ { type: fake, path: "/{{env.BOTH}}/{{env.NONE | default:x}}", headers: { a: step }, json: "{{env.NUMBER}}" } ]
                        """)
                    .with(builder -> builder.environmentFile(folder.resolve(".env"))
                            .variable("BOTH", "var")
                            .variable("NUMBER", "5"))
                    .run()
                    .assertPassed();

            FakePlugin.Sent sent = fake.sent.peek();
            assertThat(sent.path()).isEqualTo("/var/x");
            assertThat(sent.headers()).hasSize(4);
            assertThat(sent.headers().get("a")).isEqualTo("step");
            assertThat(sent.headers().get("b")).isEqualTo("service");
            assertThat(sent.headers().get("D")).isEqualTo("file");
            assertThat(String.valueOf(sent.headers().get("C"))).hasSize(36);
        }

        @Test
        void aPoolThatKeepsMoreOpenThanItMayIsRefused() {
            ScenarioRun run = new ScenarioRun(folder, fake)
                    .system("services: { api: { protocol: fake, pool: { max: 2, min: 5 } } }")
                    .scenario("id: s\nflow: [ { type: fake, path: /a } ]");

            assertThatThrownBy(run::run)
                    .hasMessageContaining(
                            "system.yaml:1:57: services.api.pool.min: 5 connections kept open, of at most 2;"
                                    + " expected at most max, which is 2");
        }

        @Test
        void failingLaunchExitsWithSix() {
            Result result = new ScenarioRun(folder, fake)
                    .system("""
                        services: { api: { protocol: fake } }
                        launch: [ { name: shop, command: ["/bin/sh", -c, "echo broken; exit 3"], ready: { port: true }, timeout: 20s } ]
                        """)
                    .scenario("id: s\nflow: [ { type: fake, path: /a } ]")
                    .run();

            assertThat(result.run.exitCode()).isEqualTo(6);
            assertThat(result.run.message()).contains("'shop'").contains("3").contains("broken");
            assertThat(fake.sent).isEmpty();
        }

        /// Which a terminal sends to all that were started from it, while running instances and `finally` still need
        /// them.
        @Test
        @DisabledOnOs(OS.WINDOWS)
        void launchedProgramsOutliveCtrlC() {
            new ScenarioRun(folder, fake)
                    .system("""
                        services: { api: { protocol: fake } }
                        launch: [ { name: one, command: ["/bin/sh", -c, "kill -INT $$; echo survived; exec sleep 60"], ready: { log: survived } } ]
                        """)
                    .scenario("id: s\nflow: [ { type: fake, path: /a } ]")
                    .run()
                    .assertPassed();
        }

        @Test
        void launchIsReadyByLogOrPoll() {
            fake.on("/health", status(503, null), status(200, null));

            new ScenarioRun(folder, fake)
                    .system("""
                        services: { api: { protocol: fake } }
                        launch:
                          - { name: one, command: ["/bin/sh", -c, "echo up on {{port}}; exec sleep 60"], ready: { log: "up on \\\\d+" } }
                          - { name: two, command: ["/bin/sh", -c, "exec sleep 60"], ready: { poll: { type: fake, service: api, path: /health } } }
                        """)
                    .scenario("id: s\nflow: [ { type: fake, path: \"/{{launch.one.port}}\" } ]")
                    .run()
                    .assertPassed();

            assertThat(fake.sent("/health")).hasSize(2);
            assertThat(fake.sent.stream().toList().getLast().path()).matches("/\\d{4,5}");
        }
    }

    @Nested
    class ExitCodes {

        @Test
        void theMessageSaysWhyItIsNotGood() {
            fake.on("/a", status(500, null));

            Result result = scenario("flow: [ { name: a, type: fake, path: /a } ]")
                    .with(builder -> builder.threshold("pass_rate == 100%"))
                    .run();

            assertThat(result.run.message()).isEqualTo("""
                0 of 1 passed, 1 failed, 0 aborted
                1 × a: the answer was 500
                'pass_rate == 100%' does not hold: 0%\
                """);
        }

        @Test
        void thresholdThatDoesNotHoldIsTwo() {
            Result result = scenario("flow: [ { type: fake, path: /a } ]")
                    .with(builder -> builder.threshold("p95_latency_ms < 0"))
                    .run();

            assertThat(result.run.exitCode()).isEqualTo(2);
        }

        @Test
        void thresholdOnFailuresDecidesThem() {
            fake.on("/a", status(500, null), ok(null));

            Result result = scenario("thresholds: [ \"pass_rate >= 50%\" ]\nflow: [ { type: fake, path: /a } ]")
                    .with(builder -> builder.instances(2).concurrency(1))
                    .run();

            assertThat(result.run.failed()).isEqualTo(1);
            assertThat(result.run.exitCode()).isZero();
        }

        @Test
        void thresholdInFileMayNameStepsAndPools() {
            scenario("thresholds: [ \"steps.a.p99_latency_ms < 60000\", \"steps.s.a.p95_latency_ms < 60000\","
                            + " \"pools.api.wait_p99_ms < 60000\", \"error_count == 0\" ]\n"
                            + "flow: [ { name: a, type: fake, path: /a } ]")
                    .run()
                    .assertPassed();
        }

        @Test
        void unknownTypeIsWrongDefinition() {
            assertThatThrownBy(() -> run("flow: [ { type: kafka.produce, path: /a } ]"))
                    .isInstanceOf(TurbulenceException.class)
                    .hasMessageContaining("unknown step type 'kafka.produce'");
        }
    }

    @Nested
    class Load {

        @Test
        void openWorkloadArrivesAtItsRate() {
            Result result = scenario("load: { rate: 50/s, duration: 1s }\nflow: [ { type: fake, path: /a } ]")
                    .run()
                    .assertPassed();

            assertThat(result.run.total()).isEqualTo(50);
        }

        @Test
        void warmUpIsRecordedButInNoResult() {
            fake.on("/a", (sent, context) -> {
                Thread.sleep(5);
                return FakePlugin.observation(200, null, Map.of());
            });

            Result result = scenario("load: { instances: 5, concurrency: 2, warm_up: 1s }\n"
                            + "flow: [ { name: a, type: fake, path: /a } ]")
                    .run()
                    .assertPassed();

            assertThat(result.run.total()).isEqualTo(5);
            assertThat(result.steps("a")).anyMatch(line -> Boolean.TRUE.equals(line.get("warm_up")));
        }

        @Test
        void poolGivesConnectionsBack() {
            Result result = new ScenarioRun(folder, fake)
                    .system("services: { api: { protocol: fake, pool: { max: 3 } } }")
                    .scenario("id: s\n"
                            + "load: { instances: 100, concurrency: 10 }\n"
                            + "flow: [ { type: fake, path: /a }, { type: fake, path: /b } ]")
                    .run()
                    .assertPassed();

            assertThat(fake.opened.get()).isBetween(1, 3);
            assertThat(fake.closed).hasValue(fake.opened.get());
            Map<?, ?> pool = (Map<?, ?>) ((Map<?, ?>) result.summary.get("pools")).get("api");
            assertThat(pool.get("opened")).isEqualTo(fake.opened.get());
            assertThat(pool.get("leases")).isEqualTo(200);
        }
    }
}
