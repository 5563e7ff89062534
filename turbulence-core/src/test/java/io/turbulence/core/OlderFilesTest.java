package io.turbulence.core;

import static io.turbulence.core.FakePlugin.ok;
import static io.turbulence.core.FakePlugin.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turbulence.core.internal.definition.problem.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What RFC-008 says of files of the HTTP-only past: what goes on, what means something else, and where a file must
/// change, with the message that says so.
class OlderFilesTest {

    private static final Path RFC = Path.of("../rfcs/RFC-008-versioning-compatibility.md");

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    static List<Corpus.Case> changes() {
        return Corpus.read("/definition/older-files.txt");
    }

    @ParameterizedTest
    @MethodSource("changes")
    void mustChangeWhereAMessageSaysSo(Corpus.Case change) throws IOException {
        List<String> parts = new ArrayList<>(Arrays.asList(change.input().split("(?m)^---\n")));
        ScenarioRun run = new ScenarioRun(folder, fake).scenario(parts.removeLast());
        parts.forEach(run::system);

        Throwable thrown = catchThrowable(() -> run.build().check());

        assertThat(thrown).isNotNull();
        assertThat(thrown.getMessage().replace(folder + "/", "").stripTrailing())
                .isEqualTo(change.expected());
        assertThat(Files.readString(RFC)).contains("| " + change.name() + " |");
    }

    @Nested
    class GoOn {

        @Test
        void withSecondsInTheirKeys() {
            fake.on("/a", status(503, null), ok(Map.of("state", "done")));

            run("""
                id: s
                flow:
                  - { type: wait, path: /a, interval_seconds: 0.01, timeout_seconds: 5, expect: { jsonpath: $.state, equals: done } }
                  - { type: sleep, duration_seconds: 0.001 }
                """).assertPassed();
        }

        @Test
        void withTheLastResponseAndPythonsWords() {
            fake.on("/a", ok(Map.of("id", 7, "tags", List.of("x"))));

            run("""
                id: s
                flow:
                  - { type: fake, path: /a, extract: { id: "$.id" } }
                  - { type: assert, expect: { expression: "last_response.status_code == 200 and last_response.body.id is not None" } }
                  - { type: assert, expect: { expression: "'x' in last_response.body.tags and not (id == 8) and len(payload.tags) == 1" } }
                  - { type: assert, expect: { context_path: id, equals: 7 } }
                """).assertPassed();
        }

        @Test
        void withSettingsUnderTheProtocolsName() {
            new ScenarioRun(folder, fake)
                    .system("services: { api: { fake: { base_url: \"fake:9\" }, timeout_seconds: 5 } }\n")
                    .scenario("id: s\nflow: [ { type: fake, service: api, path: /a } ]\n")
                    .run()
                    .assertPassed();
        }

        @Test
        void withTheOlderNamesOfThePool() {
            new ScenarioRun(folder, fake)
                    .system("services: { api: { protocol: fake, pool: { max_connections: 5, min_connections: 1,"
                            + " connection_timeout: 3 } } }\n")
                    .scenario("id: s\nflow: [ { type: fake, path: /a } ]\n")
                    .run()
                    .assertPassed();
        }
    }

    @Nested
    class MeanSomethingElse {

        @Test
        void wherePlainNumbersBeginWithNought() {
            ScenarioRun.Result result = run("""
                id: s
                flow:
                  - { type: fake, path: /a, json: { old: 010, new: 0o10, time: 1:30 } }
                  - { type: assert, expect: { body: { old: 10, new: 8, time: "1:30" } } }
                """);

            result.assertPassed();
        }

        @Test
        void whereAMissingKeyWasNothing() {
            ScenarioRun.Result result = run("""
                id: s
                flow:
                  - { type: fake, path: /a, json: { id: 1 } }
                  - { name: wrong, type: assert, expect: { expression: "payload.name == None" } }
                  - { name: right, type: assert, expect: { expression: "not has(payload, 'name') and payload?.name == None" } }
                """);

            assertThat(result.story()).contains("wrong failed", "right ok");
        }

        @Test
        void whereNobodyLookedAtTheStatus() {
            fake.on("/a", status(404, null)).on("/b", status(404, null));

            ScenarioRun.Result result = run("""
                id: s
                flow:
                  - { name: a, type: fake, path: /a, on_failure: continue }
                  - { name: b, type: fake, path: /b, expect: { status_code: 404 } }
                """);

            assertThat(result.story()).containsExactly("a failed", "b ok");
        }

        @Test
        void whereATemplateAloneKeepsItsType() {
            run("""
                id: s
                flow:
                  - { type: fake, path: /a, json: { n: 5 }, extract: { n: $.n } }
                  - { type: fake, path: /b, json: { kept: "{{n}}", text: "{{n}} pieces" } }
                  - { type: assert, expect: { body: { kept: 5, text: 5 pieces } } }
                """).assertPassed();
        }
    }

    private ScenarioRun.Result run(String scenario) {
        return new ScenarioRun(folder, fake).scenario(scenario).run();
    }
}
