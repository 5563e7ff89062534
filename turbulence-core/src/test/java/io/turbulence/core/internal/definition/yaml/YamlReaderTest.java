package io.turbulence.core.internal.definition.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.definition.problem.Problems;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class YamlReaderTest {

    private static final Path FILE = Path.of("shop.yaml");

    private final Problems problems = new Problems();

    @Nested
    class Values {

        @Test
        void followCoreSchemaOfYaml12() {
            assertThat(tree("""
                            texts: [yes, on, 'true', "1", 1_000, 2026-01-01, 0b1, 1.2.3, =]
                            booleans: [true, False, TRUE]
                            nothing: [~, null]
                            numbers: [1, -1, +1, 010, 0o17, 0xFF, 3000000000, 123456789012345678901, 0.5, 1e3, .5, -.5, 0.1000000000000000000000001]
                            blocks: |
                              a
                                b
                            """))
                    .isEqualTo(Map.of(
                            "texts",
                                    Arrays.asList("yes", "on", "true", "1", "1_000", "2026-01-01", "0b1", "1.2.3", "="),
                            "booleans", Arrays.asList(true, false, true),
                            "nothing", Arrays.asList(null, null),
                            "numbers",
                                    Arrays.asList(
                                            1,
                                            -1,
                                            1,
                                            10,
                                            15,
                                            255,
                                            3_000_000_000L,
                                            new BigInteger("123456789012345678901"),
                                            0.5,
                                            1000.0,
                                            0.5,
                                            -0.5,
                                            new BigDecimal("0.1000000000000000000000001")),
                            "blocks", "a\n  b\n"));
        }

        @Test
        void keepTheirPlaces() {
            MappingNode root = mapping("a:\n  - b: 1\n    'c d': [x, \"y\"]\n");
            MappingNode item =
                    (MappingNode) ((SequenceNode) root.get("a")).items().getFirst();
            assertThat(item.location()).isEqualTo(new Location(FILE, 2, 5));
            assertThat(item.entry("c d").keyLocation()).isEqualTo(new Location(FILE, 3, 5));
            assertThat(((SequenceNode) item.get("c d")).items().get(1).location())
                    .isEqualTo(new Location(FILE, 3, 16));
        }

        @Test
        void countColumnsInCharacters() {
            assertThat(mapping("{'😀😀': a, b: c}").entry("b").keyLocation()).isEqualTo(new Location(FILE, 1, 11));
        }

        @Test
        void takeKeysAsText() {
            assertThat(tree("200: a\ntrue: b\n~: c\n1.50: d\n"))
                    .isEqualTo(Map.of("200", "a", "true", "b", "~", "c", "1.50", "d"));
        }
    }

    @Nested
    class PlacesInTexts {

        @Test
        void areFoundInPlainText() {
            assertPlace("a: one {{x}}", "a", "{{", 1, 8);
        }

        @Test
        void areFoundInQuotes() {
            assertPlace("a: \"\\\"o\\x41\\n\\u00e9{{x}}\"", "a", "{{", 1, 20);
            assertPlace("a: 'it''s {{x}}'", "a", "{{", 1, 11);
        }

        @Test
        void areFoundInBlocks() {
            assertPlace("a: |\n  one\n    two\n  {{x}}\n", "a", "{{", 4, 3);
            assertPlace("a: >-\n  one\n  two {{x}}\n\n  three {{y}}\n", "a", "{{y", 5, 9);
        }

        @Test
        void areFoundInFoldedText() {
            assertPlace("a: one\n  two\n  {{x}}", "a", "{{", 3, 3);
            assertPlace("a: \"one \\\n   two\n\n  {{x}}\"", "a", "{{", 4, 3);
        }

        private void assertPlace(String yaml, String key, String part, int line, int column) {
            ScalarNode scalar = (ScalarNode) mapping(yaml).get(key);
            assertThat(scalar.locationOf(scalar.text().indexOf(part))).isEqualTo(new Location(FILE, line, column));
        }
    }

    @Nested
    class Aliases {

        @Test
        void areReplacedByWhatTheyStandFor() {
            MappingNode root = mapping("base: &b {a: [1, *x]}\nother: *b\n".replace("*x", "2"));
            ScalarNode two = (ScalarNode) ((SequenceNode) ((MappingNode) root.get("other")).get("a"))
                    .items()
                    .get(1);
            assertThat(two.location()).isEqualTo(new Location(FILE, 1, 18, new Location(FILE, 2, 8)));
        }

        @Test
        void mayNameTheNewestOfTwoAnchors() {
            assertThat(tree("a: &x 1\nb: *x\nc: &x 2\nd: *x\n")).isEqualTo(Map.of("a", 1, "b", 1, "c", 2, "d", 2));
        }

        @Test
        void mergeBelowOwnKeysAndEarlierBases() {
            assertThat(tree("""
                            one: &one {a: 1, b: 1}
                            two: &two {b: 2, c: 2}
                            all: {<<: [*one, *two], c: 3}
                            text: {'<<': x}
                            """))
                    .containsEntry("all", Map.of("a", 1, "b", 1, "c", 3))
                    .containsEntry("text", Map.of("<<", "x"));
        }

        @Test
        void areBounded() {
            StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
            for (int i = 1; i < 9; i++) {
                bomb.append("a" + i + ": &a" + i + " [" + ("*a" + (i - 1) + ", ").repeat(10) + "]\n");
            }
            new YamlReader(problems).read(FILE, bomb.toString());
            assertThat(problems.errors().stream().map(Problem::text))
                    .containsExactly(
                            "shop.yaml:6:25: more than 500,000 values once its aliases are resolved; expected at most 500,000");
        }
    }

    @Nested
    class FilesThatCannotBeRead {

        @TempDir
        Path folder;

        @Test
        void areMissing() {
            assertThat(read(folder.resolve("none.yaml")))
                    .isEqualTo("none.yaml:1:1: no such file; expected a YAML file");
        }

        @Test
        void areFolders() {
            assertThat(read(folder)).endsWith(":1:1: a folder; expected a YAML file");
        }

        @Test
        void areNoUtf8() throws IOException {
            Path file = folder.resolve("latin.yaml");
            Files.write(file, "name: shop\ndescription: caf\u00e9".getBytes(StandardCharsets.ISO_8859_1));
            assertThat(read(file))
                    .isEqualTo(
                            "latin.yaml:2:17: a byte 0xE9 that is no UTF-8; expected text in UTF-8. Save the file as UTF-8.");
        }

        @Test
        void areTooLarge() throws IOException {
            Path file = folder.resolve("large.yaml");
            Files.write(file, new byte[5 * 1024 * 1024]);
            assertThat(read(file))
                    .isEqualTo(
                            "large.yaml:1:1: a file of 5 MiB; expected at most 4 MiB. Keep bulk data in a file of its own and name it under 'data'.");
        }

        @Test
        void areNestedTooDeep() {
            new YamlReader(problems).read(FILE, "[".repeat(10_000));
            assertThat(problems.errors().getFirst().text())
                    .isEqualTo("shop.yaml:1:101: values nested 101 deep; expected at most 100");
        }

        private String read(Path file) {
            new YamlReader(problems).read(file);
            return problems.errors().getFirst().text().replace(folder + "/", "");
        }
    }

    @Test
    void byteOrderMarkIsSkipped() {
        assertThat(tree("\uFEFFname: shop")).isEqualTo(Map.of("name", "shop"));
    }

    @Test
    void windowsLineEndsAreLineEnds() {
        MappingNode root = mapping("a: 1\r\nb: 2\r\n");
        assertThat(root.entry("b").keyLocation()).isEqualTo(new Location(FILE, 2, 1));
    }

    @Nested
    class Overlays {

        @Test
        void mergeMappingsReplaceListsAndRemoveByNull() {
            MappingNode base = mapping("a: {x: 1, y: 2, z: 3}\nb: [1, 2]\nc: 1\nd: 4\n");
            MappingNode overlay = mapping("a: {y: 5, z: null, w: {v: 6, u: null}}\nb: [3]\nc: {k: 1}\nd: null\ne: 7\n");
            MappingNode merged = base.overlaidWith(overlay);
            assertThat(merged.toTree())
                    .isEqualTo(Map.of(
                            "a", Map.of("x", 1, "y", 5, "w", Map.of("v", 6)),
                            "b", java.util.List.of(3),
                            "c", Map.of("k", 1),
                            "e", 7));
            assertThat(((MappingNode) merged.get("a")).get("y").location()).isEqualTo(new Location(FILE, 1, 8));
        }
    }

    private Map<String, Object> tree(String yaml) {
        return mapping(yaml).toTree();
    }

    private MappingNode mapping(String yaml) {
        MappingNode node = new YamlReader(problems).readMapping(FILE, yaml).orElseThrow();
        assertThat(problems.errors()).isEmpty();
        return node;
    }
}
