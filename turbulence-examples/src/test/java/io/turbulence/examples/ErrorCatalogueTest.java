package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// RFC-010 lists each code that the sources name, and none that they do not. The codes of definitions have a
/// test of their own, beside the code.
class ErrorCatalogueTest {

    private static final Path ROOT = Path.of("..");
    private static final String CODE = "((?:PLUGIN|CONNECTION|INTERNAL)_[A-Z]+(?:_[A-Z]+)*)";
    private static final Pattern LITERAL = Pattern.compile("\"" + CODE + "\"");
    private static final Pattern CONSTANT = Pattern.compile("(?m)^ {4}" + CODE + "[,;]?$");
    private static final Pattern LISTED = Pattern.compile("`" + CODE + "`");

    @Test
    void listsTheCodesOfTheSources() throws IOException {
        SortedSet<String> codes = new TreeSet<>();
        Arrays.stream(Failure.values()).map(failure -> "CONNECTION_" + failure).forEach(codes::add);
        for (Path source : sources()) {
            String text = Files.readString(source);
            codes.addAll(all(LITERAL, text));
            codes.addAll(all(CONSTANT, text));
        }

        String catalogue = Files.readString(ROOT.resolve("rfcs/RFC-010-error-catalogue.md"));
        assertThat(all(LISTED, catalogue)).containsExactlyElementsOf(codes);
    }

    /// Those of the modules that have codes; in transports such words are the protocols' own.
    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Stream.concat(
                Files.walk(ROOT.resolve("turbulence-api/src/main")),
                Files.walk(ROOT.resolve("turbulence-core/src/main")))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static SortedSet<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
