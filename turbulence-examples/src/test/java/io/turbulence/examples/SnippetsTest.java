package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Code in the documents is code that the build compiles and runs: each block under a comment
/// `<!-- snippet: path/from/the/root#region -->` is equal to that file, or to that region of it, which
/// stands between the lines `// region NAME` and `// endregion`. `-Dsnippets.update=true` writes the
/// blocks anew.
class SnippetsTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern SNIPPET =
            Pattern.compile("<!-- snippet: ([^ #]+)(?:#(\\S+))? -->\\n```(\\w*)\\n(.*?)```\\n", Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> areWhatTheBuildCompiles() throws IOException {
        if (Boolean.getBoolean("snippets.update")) {
            for (Path document : documents()) {
                Files.writeString(
                        document,
                        SNIPPET.matcher(Files.readString(document))
                                .replaceAll(snippet -> Matcher.quoteReplacement(filled(snippet))));
            }
        }
        List<DynamicTest> tests = new ArrayList<>();
        for (Path document : documents()) {
            SNIPPET.matcher(Files.readString(document))
                    .results()
                    .forEach(snippet -> tests.add(DynamicTest.dynamicTest(
                            document.getFileName() + ": " + name(snippet),
                            () -> assertThat(snippet.group(4))
                                    .as("run the tests with -Dsnippets.update=true")
                                    .isEqualTo(source(snippet)))));
        }
        return tests.stream();
    }

    @Test
    void everyBlockOfJavaHasASource() throws IOException {
        for (Path document : documents()) {
            String withoutSnippets = SNIPPET.matcher(Files.readString(document)).replaceAll("");
            assertThat(withoutSnippets)
                    .as("%s: put <!-- snippet: … --> above each block of Java", document)
                    .doesNotContain("```java");
        }
    }

    @Test
    void everyBlockOfYamlInReadmeHasASource() throws IOException {
        String readme = Files.readString(ROOT.resolve("README.md"));
        assertThat(SNIPPET.matcher(readme).replaceAll("")).doesNotContain("```yaml");
    }

    private static List<Path> documents() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("rfcs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), files)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static String name(MatchResult snippet) {
        return snippet.group(1) + (snippet.group(2) == null ? "" : "#" + snippet.group(2));
    }

    private static String filled(MatchResult snippet) {
        return "<!-- snippet: " + name(snippet) + " -->\n```" + snippet.group(3) + "\n" + source(snippet) + "```\n";
    }

    private static String source(MatchResult snippet) {
        Path file = ROOT.resolve(snippet.group(1));
        try {
            List<String> lines = Files.readAllLines(file);
            String region = snippet.group(2);
            return String.join("\n", region == null ? lines : region(lines, region, file))
                            .stripIndent()
                            .strip()
                    + "\n";
        } catch (IOException e) {
            throw new AssertionError("snippet '" + name(snippet) + "' could not be read", e);
        }
    }

    private static List<String> region(List<String> lines, String name, Path file) {
        int start = lines.stream().map(String::strip).toList().indexOf("// region " + name);
        assertThat(start).as("the line of '// region %s' in %s", name, file).isNotNegative();
        List<String> region = new ArrayList<>();
        for (String line : lines.subList(start + 1, lines.size())) {
            if (line.strip().equals("// endregion")) {
                break;
            }
            region.add(line);
        }
        return region;
    }
}
