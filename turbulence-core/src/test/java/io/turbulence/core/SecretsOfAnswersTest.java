package io.turbulence.core;

import static io.turbulence.core.FakePlugin.ok;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What an answer says under a secret's name is in nothing that a run writes.
class SecretsOfAnswersTest {

    private static final String TOKEN = "supersecrettoken123-" + "x".repeat(300);

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    @BeforeEach
    void answer() {
        fake.on(
                "/token",
                ok(Map.of("token", TOKEN, "tokens", List.of("supersecrettoken123"), "status", "new", "pin", 1)));
        fake.on("/sink", FakePlugin.echo());
    }

    @Test
    void areNotInMessageOfFailedComparison() throws IOException {
        ScenarioRun.Result result = run("""
            id: s
            flow:
              - { name: login, type: fake, path: /token, expect: { jsonpath: "$.token", equals: "1" } }
            """);

        assertThat(result.errors("login"))
                .isEqualTo(List.of("'login': $.token was *** but expected: equals *** (" + scenario() + ":3)"));
        assertThat(result.instances.getFirst())
                .containsEntry("error", "'login': $.token was *** but expected: equals *** (" + scenario() + ":3)");
        assertThat(result.assertions.getFirst())
                .containsEntry("actual", "***")
                .containsEntry("message", "$.token was *** but expected: equals ***");
        assertNowhere(result);
    }

    @Test
    void areNotInMessageOfFailedExpression() throws IOException {
        ScenarioRun.Result result = run("""
            id: s
            flow:
              - { name: login, type: fake, path: /token, expect: { expression: "payload.status == payload.token" } }
            """);

        assertThat(result.errors("login"))
                .isEqualTo(List.of(
                        "'login': `payload.status == payload.token` does not hold: `payload.status` was \"new\","
                                + " `payload.token` was *** (" + scenario() + ":3)"));
        assertNowhere(result);
    }

    @Test
    void areNotInMessageOfFailedShapeNorOfWhatWasNotFound() throws IOException {
        ScenarioRun.Result result = run("""
            id: s
            flow:
              - name: login
                type: fake
                path: /token
                on_failure: continue
                expect: [ { body: { tokens: [ 7 ] } }, { jsonpath: $.nothing } ]
              - { name: poll, type: wait, path: /token, timeout: 1ms, interval: 1ms, until: { jsonpath: "$.token", equals: b } }
            """);

        assertThat(result.errors("login"))
                .first()
                .isEqualTo("'login': body.tokens[0] was *** but *** was expected (" + scenario() + ":7)");
        assertNowhere(result);
    }

    @Test
    void areNotInWhatIsExtractedAndNowhereFromThenOn() throws IOException {
        ScenarioRun.Result result = run("""
            id: s
            flow:
              - { name: login, type: fake, path: /token, extract: { auth: "$.token", all: "$.tokens", state: $.status } }
              - { name: sink, type: fake, path: /sink, json: { a: "{{auth}}", b: "is {{all[0]}}" }, expect: { jsonpath: $.a, equals: b } }
            """);

        assertThat(result.step("login").get("extracted"))
                .isEqualTo(Map.of("auth", "***", "all", "***", "state", "new"));
        assertThat(result.step("sink").get("payload")).isEqualTo(Map.of("a", "***", "b", "is ***"));
        assertNowhere(result);
    }

    @Test
    void areNotInWhatOtherInstancesDoWithWhatBeforeRunExtracted() throws IOException {
        ScenarioRun.Result result = new ScenarioRun(folder, fake)
                .with(builder -> builder.output(folder.resolve("result")))
                .system("""
                    services: { api: { protocol: fake } }
                    before_run: [ { type: fake, path: /token, extract: { auth: "$.token" } } ]
                    """)
                .scenario("""
                    id: s
                    flow: [ { name: sink, type: fake, path: /sink, json: { a: "{{run.auth}}" } } ]
                    """)
                .run()
                .assertPassed();

        assertThat(result.step("sink").get("payload")).isEqualTo(Map.of("a", "***"));
        assertNowhere(result);
    }

    private ScenarioRun.Result run(String scenario) {
        return new ScenarioRun(folder, fake).scenario(scenario).run();
    }

    private Path scenario() {
        return folder.resolve("scenario.yaml");
    }

    private static void assertNowhere(ScenarioRun.Result result) throws IOException {
        try (Stream<Path> files = Files.walk(result.run.folder())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.getFileName().toString())
                        .doesNotContain("supersecrettoken123");
            }
        }
        assertThat(result.run.toString()).doesNotContain("supersecrettoken123");
    }
}
