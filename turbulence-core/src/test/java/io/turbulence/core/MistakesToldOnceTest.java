package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// One mistake gives one message, and each is found before anything is sent.
class MistakesToldOnceTest {

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

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
}
