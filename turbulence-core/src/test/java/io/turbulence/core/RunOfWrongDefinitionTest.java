package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# to be written\n",
                "hello\n",
                "flows: [ { type: fake, path: /a } ]\n",
                "steps: []\n",
                "id: s\n"
            })
    void missesNoFileOfAFolderThatIsMeantToBeAScenario(String text) {
        ScenarioRun run = withFolder("cut-off.yaml", text);

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> run.build().execute())
                .satisfies(thrown -> assertThat(thrown.problems())
                        .extracting(DefinitionException.Problem::file)
                        .containsOnly(folder.resolve("cut-off.yaml")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- { user: a }\n- { user: b }\n",
                "services: { api: { protocol: fake } }\n",
                "type: object\nproperties: { id: { type: string } }\n"
            })
    void passesOverOtherFilesOfAFolder(String text) {
        assertThat(withFolder("other.yaml", text).build().execute().passed()).isEqualTo(1);
    }

    private ScenarioRun withFolder(String name, String text) {
        return new ScenarioRun(folder, fake)
                .file("good.yaml", "id: good\nflow: [ { name: a, type: fake, path: /a } ]\n")
                .file(name, text)
                .with(builder -> builder.scenario(folder));
    }

    @Test
    void missesNoServiceOfASystemThatCannotBeRead() {
        Path missing = folder.resolve("nope.yaml");
        ScenarioRun run = new ScenarioRun(folder, fake)
                .system("")
                .scenario("id: s\nflow: [ { name: items, type: fake, path: /a, extract: { lst: $.l } },"
                        + " { type: fake, service: api, path: \"/{{lst}}\" } ]\n")
                .with(builder -> builder.system(missing));

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> run.build().execute())
                .satisfies(thrown -> assertThat(thrown.problems())
                        .singleElement()
                        .satisfies(problem -> assertThat(problem.file()).isEqualTo(missing)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        rows.csv   | a,b,a             | its header has the name 'a' twice
        rows.csv   | a;b               | its header has ';' and no ','; separate values by ','
        rows.json  | [{"a": 1}, 5]     | row 2 is the number 5 and no mapping of names to values
        rows.jsonl | [1]               | row 1 is a list and no mapping of names to values
        """)
    void refusesRowsWithoutNames(String name, String content, String why) {
        ScenarioRun run = new ScenarioRun(folder, fake)
                .file(name, content)
                .scenario("id: s\ndata: { file: " + name + " }\nflow: [ { type: fake, path: /a } ]\n");

        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> run.build().execute())
                .withMessageContaining("data.file: '" + name + "', which cannot be read: " + why
                        + "; expected a file of rows: csv, json, jsonl or yaml");
    }

    @Test
    void refusesInstancesAtARate() {
        ScenarioRun run = new ScenarioRun(folder, fake)
                .scenario("id: s\nflow: [ { type: fake, path: /a } ]\n")
                .with(builder -> builder.instances(5).rate("5/s").duration(Duration.ofSeconds(4)));

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> run.build().execute())
                .withMessage(
                        "instances was 5 beside a rate of 5/s; instances arrive at a rate for a duration, or so many"
                                + " in all are run");
        assertThat(fake.sent).isEmpty();
    }
}
