package io.turbulence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.InstalledPlugins;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `docs` says of the language's own words.
class LanguagePagesTest {

    private static final Pattern KEYS = Pattern.compile("expected one of ([a-z_, ]+)");
    private static final String EXAMPLE = "Example:\n";

    @TempDir
    private Path folder;

    static Set<String> builtInSteps() {
        return new TreeSet<>(InstalledPlugins.builtInSteps());
    }

    @ParameterizedTest
    @MethodSource("builtInSteps")
    void showsExampleThatChecks(String type) throws IOException {
        Program program = new Program(folder);
        program.write("system.yaml", "services: { api: { base_url: \"http://127.0.0.1:1\" } }\n");
        program.write(
                "login.yaml",
                "id: login\ncallable: true\nflow: [ { type: http, path: /, extract: { session: $.id } } ]\n");
        String page = LanguagePages.all().get(type);
        program.write(
                "example.yaml", "id: example\nflow:\n" + page.substring(page.indexOf(EXAMPLE) + EXAMPLE.length()));

        assertThat(program.call("check", "@/system.yaml", "@/example.yaml")).satisfies(result -> {
            assertThat(result.err()).isEmpty();
            assertThat(result.exitCode()).isZero();
        });
    }

    /// The keys that a message offers are those that a page must tell.
    @ParameterizedTest
    @MethodSource("builtInSteps")
    void tellsEveryKey(String type) throws IOException {
        Program program = new Program(folder);
        program.write("system.yaml", "services: { api: { base_url: \"http://127.0.0.1:1\" } }\n");
        String needed = switch (type) {
            case "wait" -> ", poll: { type: http, path: / }, until: { status_code: 200 }";
            case "job" -> ", submit: { type: http, path: / }, poll: { path: / }, state: $.s, success_states: [a]";
            default -> "";
        };
        program.write("wrong.yaml", "id: wrong\nflow: [ { type: " + type + needed + ", zzz: 1 } ]\n");
        String pages = LanguagePages.all().get(type) + LanguagePages.all().get("step");

        Matcher keys = KEYS.matcher(program.call("check", "@/system.yaml", "@/wrong.yaml")
                .err()
                .lines()
                .filter(line -> line.contains("unknown key 'zzz'"))
                .findFirst()
                .orElseThrow());

        assertThat(keys.find()).isTrue();
        assertThat(List.of(keys.group(1).split(", ")))
                .allSatisfy(key -> assertThat(pages).containsPattern("\\b" + key + "\\b"));
    }

    /// Of the two files and their blocks: a message offers a key that the page must tell.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        scenario  | zzz: 1
        data      | data: { zzz: 1, rows: [ { a: 1 } ] }
        stop_when | stop_when: { zzz: 1 }
        load      | load: { zzz: 1, instances: 1 }
        system    | zzz: 1
        launch    | launch: [ { name: a, command: [a], zzz: 1 } ]
        """)
    void tellsEveryKeyOfABlock(String page, String wrong) throws IOException {
        boolean ofSystem = page.equals("system") || page.equals("launch");
        Program program = new Program(folder);
        program.write(
                "system.yaml",
                "services: { api: { base_url: \"http://127.0.0.1:1\" } }\n" + (ofSystem ? wrong + "\n" : ""));
        program.write(
                "wrong.yaml", "id: wrong\nflow: [ { type: sleep, duration: 1ms } ]\n" + (ofSystem ? "" : wrong + "\n"));

        Matcher keys = KEYS.matcher(
                program.call("check", "@/system.yaml", "@/wrong.yaml").err());

        assertThat(keys.find()).isTrue();
        assertThat(List.of(keys.group(1).split(", ")))
                .allSatisfy(key -> assertThat(LanguagePages.all().get(page)).containsPattern("\\b" + key + "\\b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"scenario", "data", "stop_when", "load"})
    void showsBlockOfAScenarioThatChecks(String name) throws IOException {
        Program program = new Program(folder);
        program.write("system.yaml", "services: { api: { base_url: \"http://127.0.0.1:1\" } }\n");
        String page = LanguagePages.all().get(name);
        String example = page.substring(page.indexOf(EXAMPLE) + EXAMPLE.length());
        program.write(
                "example.yaml",
                name.equals("scenario")
                        ? example
                        : "id: example\nflow: [ { type: sleep, duration: 1ms } ]\n" + example);

        assertThat(program.call("check", "@/system.yaml", "@/example.yaml"))
                .satisfies(
                        result -> assertThat(result.exitCode()).as(result.err()).isZero());
    }

    @ParameterizedTest
    @ValueSource(strings = {"system", "launch", "profiles"})
    void showsBlockOfASystemThatChecks(String name) throws IOException {
        Program program = new Program(folder);
        String page = LanguagePages.all().get(name);
        program.write(
                "system.yaml",
                (name.equals("launch") ? "services: { api: { base_url: \"http://127.0.0.1:1\" } }\n" : "")
                        + page.substring(page.indexOf(EXAMPLE) + EXAMPLE.length()));
        program.write("example.yaml", "id: example\nflow: [ { type: http, path: / } ]\n");

        assertThat(program.call("check", "@/system.yaml", "@/example.yaml"))
                .satisfies(
                        result -> assertThat(result.exitCode()).as(result.err()).isZero());
    }

    @Test
    void showFunctionsThatExist() throws IOException {
        Program program = new Program(folder);
        program.write("system.yaml", "services: { api: { base_url: \"http://127.0.0.1:1\" } }\n");
        program.write("wrong.yaml", "id: wrong\nflow: [ { type: http, path: \"/{{zzz(1)}}\" } ]\n");
        String page = LanguagePages.all().get("templates");

        String message = program.call("check", "@/system.yaml", "@/wrong.yaml").err();

        Matcher names = Pattern.compile("functions are ([a-z0-9_, ]+)").matcher(message);
        assertThat(names.find()).as(message).isTrue();
        assertThat(List.of(names.group(1).split(", ")))
                .allSatisfy(name -> assertThat(page).containsPattern("\\b" + name + "\\b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "system",
                "scenario",
                "data",
                "launch",
                "profiles",
                "stop_when",
                "templates",
                "wait",
                "assert",
                "loop",
                "sleep",
                "job",
                "expect",
                "retry",
                "pool",
                "extract",
                "step"
            })
    void areShownByName(String word) {
        Program.Result result = new Program(folder).call("docs", word);

        assertThat(result.exitCode()).isZero();
        assertThat(result.out()).contains(word).hasLineCount((int)
                result.out().lines().count());
        assertThat(result.out().lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(130));
    }

    @Test
    void areNamedBesideSteps() {
        assertThat(new Program(folder).call("docs").out())
                .contains("language: step, sleep, assert, wait, job, branch, loop, parallel, group, call, decide,"
                        + " expect, extract, retry, load, thresholds, system, scenario, data, launch, profiles,"
                        + " stop_when, templates, pool\n");
    }
}
