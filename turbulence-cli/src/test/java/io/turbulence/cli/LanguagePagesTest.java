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

    @ParameterizedTest
    @ValueSource(strings = {"wait", "assert", "loop", "sleep", "job", "expect", "retry", "pool", "extract", "step"})
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
                .contains(
                        "language: step, sleep, assert, wait, job, branch, loop, parallel, group, call, decide, expect,"
                                + " extract, retry, load, thresholds, pool\n");
    }
}
