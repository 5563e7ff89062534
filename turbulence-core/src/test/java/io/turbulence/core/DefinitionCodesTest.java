package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.TurbulenceException;
import io.turbulence.core.internal.definition.problem.AllCodes;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Corpus;
import io.turbulence.core.internal.definition.problem.InvalidDefinitionException;
import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.engine.load.Loaded;
import io.turbulence.core.internal.engine.load.Loader;
import io.turbulence.core.internal.engine.load.Source;
import io.turbulence.core.internal.engine.load.Sources;
import io.turbulence.core.internal.engine.workload.Workload;
import io.turbulence.core.internal.plugin.PluginCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every code of a definition's problems stands in the catalogue (RFC-010) with a message that a file brings about.
class DefinitionCodesTest {

    private static final Path CATALOGUE = Path.of("../rfcs/RFC-010-error-catalogue.md");

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    static List<Corpus.Case> examples() {
        return Corpus.read("/definition/catalogue.txt");
    }

    @Test
    void allHaveAnExample() throws IllegalAccessException {
        assertThat(examples()).extracting(Corpus.Case::name).containsExactlyInAnyOrderElementsOf(AllCodes.list());
    }

    @Test
    void allStandInTheCatalogueAndNoOthers() throws IOException, IllegalAccessException {
        Set<String> listed = Pattern.compile("(?m)^\\| `(DEFINITION_\\w+)` \\|")
                .matcher(Files.readString(CATALOGUE))
                .results()
                .map(row -> row.group(1))
                .collect(java.util.stream.Collectors.toSet());

        assertThat(listed).containsExactlyInAnyOrderElementsOf(AllCodes.list());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void haveTheMessageOfTheCatalogue(Corpus.Case example) throws IOException {
        assertThat(messages(example)).contains(example.expected());
        assertThat(Files.readString(CATALOGUE).lines())
                .anySatisfy(row -> assertThat(row)
                        .startsWith("| `" + example.name() + "` |")
                        .contains("`" + example.expected() + "`"));
    }

    /// What is told with the code, without places.
    private List<String> messages(Corpus.Case example) throws IOException {
        return switch (example.name()) {
            case Codes.RENDER -> {
                ScenarioRun.Result result =
                        new ScenarioRun(folder, fake).scenario(example.input()).run();
                yield result.steps.stream()
                        .flatMap(step -> ((List<?>) step.get("errors")).stream())
                        .map(error -> String.valueOf(error).replaceFirst("^\\S+: ", ""))
                        .toList();
            }
            case Codes.INVALID -> {
                try {
                    load(example);
                    yield List.of();
                } catch (TurbulenceException e) {
                    assertThat(e.code()).isEqualTo(Codes.INVALID);
                    yield e.getMessage()
                            .lines()
                            .map(line -> line.replace(folder + "/", ""))
                            .toList();
                }
            }
            default ->
                problems(example).stream()
                        .filter(problem -> problem.code().equals(example.name()))
                        .map(DefinitionCodesTest::message)
                        .toList();
        };
    }

    private static String message(Problem problem) {
        return problem.found()
                + (problem.expected().isEmpty() ? "" : "; expected " + problem.expected())
                + (problem.hint() == null ? "" : ". " + problem.hint());
    }

    private List<Problem> problems(Corpus.Case example) throws IOException {
        try {
            Loaded loaded = load(example);
            loaded.warnOfSmallPools(loaded.workload().orElse(Workload.once()));
            return loaded.warnings();
        } catch (InvalidDefinitionException e) {
            return e.problems();
        }
    }

    private Loaded load(Corpus.Case example) throws IOException {
        List<String> parts = new ArrayList<>(Arrays.asList(example.input().split("(?m)^---\n")));
        Path scenario = Files.writeString(folder.resolve("scenario.yaml"), parts.removeLast());
        Path system = Files.writeString(
                folder.resolve("system.yaml"), parts.isEmpty() ? ScenarioRun.SYSTEM : parts.getFirst());
        try (PluginCatalog plugins = PluginCatalog.of(fake)) {
            return new Loader(
                            plugins,
                            new Sources(
                                    new Source.InFile(system),
                                    List.of(new Source.InFile(scenario)),
                                    null,
                                    Map.of(),
                                    Set.of(),
                                    Set.of(),
                                    null,
                                    Duration.ofSeconds(30)))
                    .load();
        }
    }
}
