package io.turbulence.core;

import static io.turbulence.core.FakePlugin.ok;
import static io.turbulence.core.FakePlugin.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What steps that poll, call and judge make known of themselves.
class StepOutcomesTest {

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    @Test
    void aStatusThatTheAnswerDoesNotHaveIsToldWithWhatItHas() {
        fake.on(
                "/a",
                (sent, context) -> Observation.answered(
                        Transport.of("fake"),
                        true,
                        "HIT",
                        Metadata.builder().put("status", "HIT").put("bytes", 5).build(),
                        Payload.empty()));

        assertThat(run("id: s\nflow: [ { name: a, type: fake, path: /a, expect: { status_code: 200 } } ]")
                        .errors("a"))
                .isEqualTo(
                        List.of("'a': status_code was expected but the newest answer has none; its metadata has: bytes,"
                                + " status (" + folder.resolve("scenario.yaml") + ":2)"));
    }

    @Test
    void namesWrongStatusBeforeWhatCouldNotBeExtracted() {
        fake.on("/a", status(404, Map.of("error", "none")));

        ScenarioRun.Result result = run("""
            id: s
            flow:
              - { name: a, type: fake, path: /a, extract: { id: $.id }, expect: [ { jsonpath: $.x }, { status_code: 200 } ] }
            """);

        assertThat(result.errors("a"))
                .hasSize(3)
                .first()
                .asString()
                .startsWith("'a': status_code was 404 but 200 was expected");
        assertThat(result.instances.getFirst().get("error")).asString().contains("status_code was 404");
    }

    @Test
    void tellsWhatDoesNotFitTheSchemaAsAWhole() {
        fake.on("/a", ok(Map.of("n", 1)));

        ScenarioRun.Result result = run("""
            id: s
            flow:
              - { name: a, type: fake, path: /a, expect: { schema: { type: array } } }
            """);

        assertThat(result.errors("a"))
                .isEqualTo(List.of("'a': the payload does not fit the schema: object found, array expected ("
                        + folder.resolve("scenario.yaml") + ":3)"));
    }

    @Test
    void pollsALastTimeBeforeTheTimeIsUp() {
        fake.on("/a", ok(Map.of("n", 1)), ok(Map.of("n", 2)));

        ScenarioRun.Result result = run("""
            id: s
            flow:
              - { name: a, type: wait, path: /a, interval: 60s, timeout: 3s, until: { jsonpath: $.n, equals: 2 } }
            """);

        result.assertPassed();
        assertThat(fake.sent).hasSize(2);
    }

    @Test
    void recordsWhatAWaitExpectedOfItsLastPoll() {
        fake.on("/a", ok(Map.of("n", 1)), ok(Map.of("n", 2)));

        ScenarioRun.Result result = run("""
            id: s
            flow:
              - { name: a, type: wait, path: /a, interval: 1ms, until: [ { status_code: 200 }, { jsonpath: $.n, equals: 2 } ] }
            """);

        assertThat(result.assertions)
                .extracting(line -> line.get("step"), line -> line.get("subject"), line -> line.get("ok"))
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("a", "status_code", true),
                        org.assertj.core.groups.Tuple.tuple("a", "$.n", true));
    }

    @Test
    void recordsWhatASubmissionExpected() {
        fake.on("/jobs", ok(Map.of("id", 1, "accepted", false)));

        ScenarioRun.Result result = run("""
            id: s
            flow:
              - name: a
                type: job
                submit: { type: fake, path: /jobs, expect: { jsonpath: $.accepted, equals: true } }
                poll: { path: /jobs/1 }
                state: $.state
                success_states: [done]
            """);

        assertThat(result.assertions)
                .singleElement()
                .satisfies(line -> assertThat(line).containsEntry("ok", false).containsEntry("subject", "$.accepted"));
        assertThat(result.errors("a"))
                .singleElement()
                .asString()
                .startsWith("submit: $.accepted was false but expected: equals true");
    }

    @Test
    void stopsInACalledScenarioAsThatOneSays() {
        fake.on("/bad", status(500, null));

        ScenarioRun.Result result = new ScenarioRun(folder, fake)
                .file("goes_on.yaml", """
                    id: goes_on
                    callable: true
                    stop_when: { any_action_fails: false }
                    flow: [ { name: bad, type: fake, path: /bad }, { name: after_bad, type: fake, path: /after } ]
                    """)
                .file("stops.yaml", """
                    id: stops
                    callable: true
                    stop_when: { any_assertion_fails: true }
                    flow: [ { name: wrong, type: assert, expect: "1 == 2" }, { name: after_wrong, type: fake, path: /after } ]
                    """)
                .scenario("""
                    id: s
                    flow:
                      - { name: first, type: call, scenario: goes_on.yaml }
                      - { name: second, type: call, scenario: stops.yaml }
                      - { name: third, type: fake, path: /third }
                    """)
                .run();

        assertThat(result.story())
                .containsExactly(
                        "bad failed",
                        "after_bad ok",
                        "first ok",
                        "wrong failed",
                        "after_wrong skipped",
                        "second failed",
                        "third skipped");
    }

    @Test
    void leavesNamesToStepsThatAskForThem() {
        ScenarioRun.Result result = run("""
            id: s
            flow:
              - { type: fake, path: /a }
              - { type: fake, path: /b }
              - { name: fake_1, type: fake, path: /c }
            """);

        assertThat(result.story()).isEqualTo(List.of("fake_2 ok", "fake_3 ok", "fake_1 ok"));
    }

    private ScenarioRun.Result run(String scenario) {
        return new ScenarioRun(folder, fake).scenario(scenario).run();
    }
}
