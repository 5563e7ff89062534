package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turbulence.core.internal.definition.problem.Corpus;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Mistakes are told with their place before anything is sent: one a file, and all files at once.
class BrokenScenarioTest {

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    static List<Corpus.Case> scenarios() {
        return Corpus.read("/definition/broken-scenarios.txt");
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void tellsMistakeOfScenario(Corpus.Case broken) {
        ScenarioRun run = new ScenarioRun(folder, fake)
                .file("other.yaml", "id: other\ncallable: true\nflow: [ { type: call, scenario: scenario.yaml } ]\n")
                .file(
                        "leaf.yaml",
                        "id: leaf\ncallable: true\nflow: [ { type: fake, path: /x, extract: { user: $.id } } ]\n")
                .scenario(broken.input());

        Throwable thrown = catchThrowable(run::run);

        assertThat(thrown).isNotNull();
        assertThat(thrown.getMessage().replace(folder + "/", "").stripTrailing())
                .isEqualTo(broken.expected());
        assertThat(fake.sent).isEmpty();
        assertThat(fake.opened).hasValue(0);
    }

    static List<Corpus.Case> systems() {
        return Corpus.read("/definition/broken-systems.txt");
    }

    @ParameterizedTest
    @MethodSource("systems")
    void tellsMistakeOfSystem(Corpus.Case broken) {
        ScenarioRun run = new ScenarioRun(folder, fake)
                .system(broken.input())
                .scenario("id: s\nflow: [ { type: sleep, duration: 1ms } ]\n");

        Throwable thrown = catchThrowable(run::run);

        assertThat(thrown).isNotNull();
        assertThat(thrown.getMessage().replace(folder + "/", "").stripTrailing())
                .isEqualTo(broken.expected());
    }

    static List<Corpus.Case> warnings() {
        return Corpus.read("/definition/warnings.txt");
    }

    @ParameterizedTest
    @MethodSource("warnings")
    void warnsOfWhatIsSuspicious(Corpus.Case suspicious) {
        List<String> warnings = new ScenarioRun(folder, fake)
                .system("services: { api: { protocol: fake, pool: { max: 5 } } }\n")
                .scenario(suspicious.input())
                .build()
                .check();

        assertThat(String.join("\n", warnings).replace(folder + "/", "").stripTrailing())
                .isEqualTo(suspicious.expected());
    }

    @Test
    void tellsAllMistakesOfAllFilesAtOnce() {
        ScenarioRun run = new ScenarioRun(folder, fake)
                .system("services: { api: { protocol: fake, tiemout: 5s } }\n")
                .scenario("a.yaml", "id: a\nflow: [ { type: fake, path: /a, extract: { b: \"$[\" } } ]\n")
                .scenario("b.yaml", "id: b\nflow: [ { type: fake }, { type: fake, path: \"{{nope}}\" } ]\n");

        assertThatThrownBy(run::run)
                .hasMessageContaining("system.yaml:1:")
                .hasMessageContaining("a.yaml:2:")
                .hasMessageContaining("b.yaml:2:9")
                .hasMessageContaining("undefined name 'nope'");
    }
}
