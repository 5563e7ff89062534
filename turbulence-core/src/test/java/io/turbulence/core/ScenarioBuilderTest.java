package io.turbulence.core;

import static io.turbulence.core.FakePlugin.ok;
import static io.turbulence.core.FakePlugin.status;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.yaml.YamlReader;
import io.turbulence.spi.StepAction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scenarios and systems built in Java are what YAML files hold, and are read, checked and run as these are.
class ScenarioBuilderTest {

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    /// What a plugin's builder looks like.
    private record Call(String method, String path) implements StepAction {

        static Call get(String path) {
            return new Call("GET", path);
        }

        @Override
        public String type() {
            return "fake";
        }

        @Override
        public Map<String, @Nullable Object> settings() {
            Map<String, @Nullable Object> settings = new LinkedHashMap<>();
            settings.put("method", method);
            settings.put("path", path);
            return settings;
        }
    }

    @Nested
    class Model {

        @Test
        void holdsWhatYamlHolds() {
            Scenario scenario = Scenario.named("checkout")
                    .description("Buys.")
                    .tags("smoke", "slow")
                    .weight(2)
                    .entry("seed_data", Map.of("user", "ann"))
                    .data(Path.of("customers.csv"), "shuffle")
                    .step(
                            "create",
                            Call.get("/orders"),
                            step -> step.service("api")
                                    .condition("instance >= 0")
                                    .timeout(ofMillis(1500))
                                    .retry(Map.of("max_attempts", 3, "on_status", List.of(503)))
                                    .extract("id", "$.id")
                                    .extract(
                                            "token",
                                            Extract.header("x-token")
                                                    .orElse(null)
                                                    .secret())
                                    .expect("status_code", 201)
                                    .expect(Expect.jsonPath("$.status")
                                            .equalTo("new")
                                            .notEqualTo(null))
                                    .onFailure("continue")
                                    .tags("write")
                                    .description("Creates."))
                    .step("raw", "fake", Map.of("path", "/raw"))
                    .steps(
                            Step.sleep("think", ofMillis(500)),
                            Step.sleep("think_more", ofMillis(100), ofSeconds(2)),
                            Step.assertion("fine", Expect.expression("status_code == 200")),
                            Step.waitFor("confirmed", Call.get("/orders/{{id}}"))
                                    .until(Expect.jsonPath("$.status").in("confirmed", "sent"))
                                    .interval(ofMillis(50))
                                    .timeout(ofSeconds(5)),
                            Step.job(
                                            "batch",
                                            Step.action(Call.get("/batches")).extract("batch", "$.id"),
                                            Step.settings(Map.of("path", "/batches/{{batch}}"))
                                                    .interval(ofSeconds(5)))
                                    .states("$.state", List.of("success"), List.of("dead", "killed")),
                            Step.branch("is_big", "total > 100")
                                    .ifTrue(Step.sleep("a", ofMillis(1)))
                                    .ifFalse(Step.sleep("b", ofMillis(1))),
                            Step.forEach(
                                    "each",
                                    "{{entry.seed_data.items}}",
                                    "one",
                                    Step.of("in_each", Call.get("/items/{{one}}"))),
                            Step.repeat("thrice", 3, Step.sleep("c", ofMillis(1))),
                            Step.loopWhile("until_done", "not done", Step.sleep("d", ofMillis(1))),
                            Step.parallel(
                                    "both",
                                    List.of(
                                            List.of(Step.sleep("e", ofMillis(1))),
                                            List.of(Step.sleep("f", ofMillis(1))))),
                            Step.group("together", Step.sleep("g", ofMillis(1))),
                            Step.call("login", Path.of("login.yaml"))
                                    .with("user", "{{data.user}}")
                                    .returns("token"),
                            Step.decide("way", Map.of("buy", 70), "choice"))
                    .assertion("in_time", Expect.latencyBelow(500))
                    .cleanUp(Step.of("delete", Call.get("/delete")))
                    .stopWhen(true, false)
                    .maxSteps(50)
                    .load(Map.of("instances", 5, "concurrency", 2))
                    .threshold("pass_rate >= 99%");

            assertThat(scenario.node().toTree()).isEqualTo(tree("""
                id: checkout
                description: Buys.
                tags: [smoke, slow]
                weight: 2.0
                entry: { seed_data: { user: ann } }
                data: { file: customers.csv, pick: shuffle }
                flow:
                  - name: create
                    type: fake
                    method: GET
                    path: /orders
                    service: api
                    condition: instance >= 0
                    timeout: 1s500ms
                    retry: { max_attempts: 3, on_status: [503] }
                    extract: { id: $.id, token: { header: x-token, default: null, secret: true } }
                    expect: [ { status_code: 201 }, { jsonpath: $.status, equals: new, not_equals: null } ]
                    on_failure: continue
                    tags: [write]
                    description: Creates.
                  - { name: raw, type: fake, path: /raw }
                  - { name: think, type: sleep, duration: 500ms }
                  - { name: think_more, type: sleep, duration: { min: 100ms, max: 2s } }
                  - { name: fine, type: assert, expect: [ { expression: status_code == 200 } ] }
                  - name: confirmed
                    type: wait
                    poll: { type: fake, method: GET, path: "/orders/{{id}}" }
                    until: [ { jsonpath: $.status, in: [confirmed, sent] } ]
                    interval: 50ms
                    timeout: 5s
                  - name: batch
                    type: job
                    submit: { type: fake, method: GET, path: /batches, extract: { batch: $.id } }
                    poll: { path: "/batches/{{batch}}", interval: 5s }
                    state: $.state
                    success_states: [success]
                    failure_states: [dead, killed]
                  - name: is_big
                    type: branch
                    condition: total > 100
                    if_true: [ { name: a, type: sleep, duration: 1ms } ]
                    if_false: [ { name: b, type: sleep, duration: 1ms } ]
                  - name: each
                    type: loop
                    for_each: "{{entry.seed_data.items}}"
                    as: one
                    do: [ { name: in_each, type: fake, method: GET, path: "/items/{{one}}" } ]
                  - { name: thrice, type: loop, times: 3, do: [ { name: c, type: sleep, duration: 1ms } ] }
                  - { name: until_done, type: loop, while: not done, do: [ { name: d, type: sleep, duration: 1ms } ] }
                  - name: both
                    type: parallel
                    branches: [ [ { name: e, type: sleep, duration: 1ms } ], [ { name: f, type: sleep, duration: 1ms } ] ]
                  - { name: together, type: group, do: [ { name: g, type: sleep, duration: 1ms } ] }
                  - { name: login, type: call, scenario: login.yaml, with: { user: "{{data.user}}" }, returns: [token] }
                  - { name: way, type: decide, choose: { buy: 70 }, output_var: choice }
                assertions: [ { name: in_time, type: assert, expect: [ { latency_ms: { lt: 500 } } ] } ]
                finally: [ { name: delete, type: fake, method: GET, path: /delete } ]
                stop_when: { any_action_fails: true, any_assertion_fails: false }
                max_steps: 50
                load: { instances: 5, concurrency: 2 }
                thresholds: [ "pass_rate >= 99%" ]
                """));
        }

        @Test
        void holdsASystem() {
            SystemUnderTest system = SystemUnderTest.named("shop")
                    .set("default_headers", Map.of("X-Tenant", "a"))
                    .service(
                            "api",
                            Service.of("fake")
                                    .set("base_url", "{{env.URL | default:fake:2}}")
                                    .pool("max", 5)
                                    .pool("scope", "run")
                                    .timeout(ofSeconds(7)))
                    .launch(Map.of("name", "shop", "command", List.of("sleep", "1")))
                    .profile("staging", Map.of("services", Map.of("api", Map.of("base_url", "fake:3"))))
                    .beforeRun(Step.of("token", Call.get("/token")).extract("token", "$.t"))
                    .afterRun(Step.of("bye", Call.get("/bye")));

            assertThat(system.node().toTree()).isEqualTo(tree("""
                name: shop
                default_headers: { X-Tenant: a }
                services:
                  api: { protocol: fake, base_url: "{{env.URL | default:fake:2}}", pool: { max: 5, scope: run }, timeout: 7s }
                launch: [ { name: shop, command: [sleep, "1"] } ]
                profiles: { staging: { services: { api: { base_url: fake:3 } } } }
                before_run: [ { name: token, type: fake, method: GET, path: /token, extract: { token: $.t } } ]
                after_run: [ { name: bye, type: fake, method: GET, path: /bye } ]
                """));
        }

        @Test
        void changesNothingThatIsSharedAlready() {
            Step common = Step.of("common", Call.get("/a"));
            common.extract("x", "$.x");

            assertThat(common.node().keys()).containsExactly("name", "type", "method", "path");
        }

        @Test
        void refusesValuesThatNoFileCouldHold() {
            assertThatThrownBy(() -> Step.of("a", "fake", Map.of("json", new StringBuilder("x"))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'json' was a java.lang.StringBuilder but it must be a text, number, boolean, null,"
                            + " Duration, DataSize, Path, enum, Map or List");
        }

        private @Nullable Object tree(String yaml) {
            return new YamlReader(new Problems())
                    .readMapping(Path.of("expected.yaml"), yaml)
                    .orElseThrow()
                    .toTree();
        }
    }

    @Nested
    class Running {

        @Test
        void runsOverASystemBuiltInJavaToo() {
            fake.on("/orders", status(201, Map.of("id", "o-1")))
                    .on("/orders/o-1", ok(Map.of("status", "new")), ok(Map.of("status", "confirmed")));
            Scenario scenario = Scenario.named("checkout")
                    .step("create", new Call("POST", "/orders"), step -> step.extract("id", "$.id"))
                    .steps(Step.waitFor("confirmed", Call.get("/orders/{{id}}"))
                            .until(Expect.jsonPath("$.status").equalTo("confirmed"))
                            .interval(ofMillis(1)))
                    .assertion("all_fine", Expect.contextPath("id").equalTo("o-1"));

            RunResult result = run(scenario);

            assertThat(result.exitCode()).isZero();
            assertThat(fake.sent).extracting(FakePlugin.Sent::path).startsWith("/orders", "/orders/o-1");
            assertThat(result.folder().resolve("manifest.json"))
                    .content()
                    .contains("\"ScenarioBuilderTest.java\"", "\"sha256\"");
        }

        @Test
        void callsScenariosBuiltInJava() {
            fake.on("/login", ok(Map.of("token", "t-1")));
            Scenario login = Scenario.named("login")
                    .callable()
                    .step("ask", Call.get("/login"), step -> step.extract("token", "$.token"));
            Scenario twice = Scenario.named("twice")
                    .steps(
                            Step.call("first", login).with("user", "ann").returns("token"),
                            Step.call("second", login).with("user", "bob").returns("token"))
                    .step("use", Call.get("/use/{{token}}"));

            assertThat(run(twice).exitCode()).isZero();
            assertThat(fake.sent).extracting(FakePlugin.Sent::path).containsExactly("/login", "/login", "/use/t-1");
        }

        @Test
        void runsBesideFiles() throws IOException {
            Path file = Files.writeString(
                    folder.resolve("other.yaml"), "id: other\nflow: [ { type: fake, path: /file } ]\n");

            TurbulenceRun.builder()
                    .plugins(fake)
                    .system(SystemUnderTest.named("s").service("api", Service.of("fake")))
                    .scenario(file)
                    .scenario(Scenario.named("java").step("a", Call.get("/java")))
                    .output(folder.resolve("result"))
                    .build()
                    .execute();

            assertThat(fake.sent).extracting(FakePlugin.Sent::path).containsExactlyInAnyOrder("/file", "/java");
        }

        @Test
        void takesProfilesOfASystemBuiltInJava() {
            SystemUnderTest system = SystemUnderTest.named("s")
                    .service("api", Service.of("fake"))
                    .profile("two", Map.of("services", Map.of("other", Map.of("protocol", "fake"))));

            TurbulenceRun.builder()
                    .plugins(fake)
                    .system(system)
                    .profile("two")
                    .scenario(Scenario.named("s").step("a", Call.get("/a"), step -> step.service("other")))
                    .output(folder.resolve("result"))
                    .build()
                    .execute();

            assertThat(fake.sent).extracting(FakePlugin.Sent::service).containsExactly("other");
        }

        private RunResult run(Scenario scenario) {
            return TurbulenceRun.builder()
                    .plugins(fake)
                    .system(SystemUnderTest.named("s").service("api", Service.of("fake")))
                    .scenario(scenario)
                    .output(folder.resolve("result"))
                    .build()
                    .execute();
        }
    }

    @Nested
    class Problem {

        @Test
        void tellsTheLineOfTheProgram() {
            int line = line() + 1;
            Scenario scenario = Scenario.named("broken")
                    .step(
                            "create",
                            Call.get("/orders"),
                            step -> step.extract("id", "$.id")
                                    .set("expcet", Map.of())
                                    .timeout(ofSeconds(1)))
                    .step("use", "fake", Map.of("path", "{{idd}}"))
                    .set("flwo", List.of());

            Throwable thrown = catchThrowable(() -> check(scenario));

            assertThat(thrown).hasMessage("""
                ScenarioBuilderTest.java:%d: flow[0].expcet: the unknown key 'expcet'; expected one of 'method', 'path', 'headers', 'json', or a key that every step may have. Did you mean 'expect'?
                ScenarioBuilderTest.java:%d: flow[1].path: undefined name 'idd'; expected one of correlation_id, entry, env, headers, id, instance, instance_id, last, last_response, metadata, payload, run, run_id, status_code, steps. Did you mean 'id'?
                ScenarioBuilderTest.java:%d: flwo: unknown key 'flwo'; expected one of id, stop_when, description, tags, weight, callable, entry, data, flow, assertions, finally, max_steps, load, thresholds, version. Did you mean 'flow'?\
                """.formatted(line + 5, line + 7, line + 8));
        }

        @Test
        void tellsTheSameMistakeOfTwoStepsInOneLineTwice() {
            Scenario scenario = Scenario.named("broken").steps(wrong("a"), wrong("b"));

            assertThatThrownBy(() -> check(scenario))
                    .hasMessageContaining("flow[0].path")
                    .hasMessageContaining("flow[1].path");
        }

        @Test
        void tellsOfTwoScenariosWithOneId() {
            int line = line() + 1;
            Scenario first = Scenario.named("same").step("a", Call.get("/a"));
            Scenario second = Scenario.named("same").step("b", Call.get("/b"));

            assertThatThrownBy(() -> check(first, second))
                    .hasMessage(
                            "ScenarioBuilderTest.java:%d: id: 'same', which ScenarioBuilderTest.java:%d has too; expected an id that is unique among the scenarios"
                                    .formatted(line + 1, line));
        }

        private Step wrong(String name) {
            return Step.of(name, Call.get("{{nowhere}}"));
        }

        private void check(Scenario... scenarios) {
            TurbulenceRun.Builder builder = TurbulenceRun.builder()
                    .plugins(fake)
                    .system(SystemUnderTest.named("s").service("api", Service.of("fake")));
            List.of(scenarios).forEach(builder::scenario);
            builder.build().check();
        }

        /// The line of whoever calls this.
        private static int line() {
            return StackWalker.getInstance()
                    .walk(frames -> frames.skip(1).findFirst().orElseThrow())
                    .getLineNumber();
        }
    }
}
