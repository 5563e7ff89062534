package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a program that starts a run is thrown when there is nothing that could be run.
class RunOfWrongDefinitionTest {

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    @Test
    void tellsProblemsOneByOne() {
        ScenarioRun run =
                new ScenarioRun(folder, fake).scenario("id: s\nflow: [ { name: a, type: fake, path: /a, pth: /b } ]\n");

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> run.build().execute())
                .satisfies(thrown -> {
                    assertThat(thrown.code()).isEqualTo("DEFINITION_INVALID");
                    assertThat(thrown.problems()).singleElement().satisfies(problem -> {
                        assertThat(problem.code()).isEqualTo("DEFINITION_UNKNOWN_KEY");
                        assertThat(problem.file()).isEqualTo(folder.resolve("scenario.yaml"));
                        assertThat(problem.line()).isEqualTo(2);
                        assertThat(problem.column()).isEqualTo(42);
                        assertThat(problem.hint()).isEqualTo("Did you mean 'path'?");
                    });
                });
    }

    @Test
    void saysThatNothingWasNamed() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> TurbulenceRun.builder().plugins(fake).build().execute())
                .withMessage("no scenario to run; name one with scenario(...)");
    }

    @Test
    void refusesThresholdThatIsNone() {
        ScenarioRun run = new ScenarioRun(folder, fake)
                .scenario("id: s\nflow: [ { name: a, type: fake, path: /a } ]\n")
                .with(builder -> builder.threshold("pass_rate > many"));

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> run.build().execute())
                .satisfies(thrown -> assertThat(thrown.getClass()).isEqualTo(IllegalArgumentException.class))
                .withMessageContaining("'many'");
    }
}
