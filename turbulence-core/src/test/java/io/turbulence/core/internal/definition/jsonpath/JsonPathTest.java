package io.turbulence.core.internal.definition.jsonpath;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class JsonPathTest {

    @Nested
    class Length {
        private final Object order = json("""
                {"items": [{"name": "été"}, {"name": "x"}, {"name": 7}], "empty": [], "smile": "a😀", "length": 9, "none": null}
                """);

        @ParameterizedTest
        @CsvSource({
            "$.items.length(), 3",
            "$.empty.length(), 0",
            "$.items[0].length(), 1",
            "$.items[0].name.length(), 3",
            "$.smile.length(), 2",
            "$.length(), 5",
            "$.length, 9",
            "$['items'] .length(), 3"
        })
        void measuresListsMembersAndCharacters(String path, int length) {
            assertThat(select(path, order)).containsExactly(length);
            assertThat(JsonPath.compile(path).first(order)).isEqualTo(length);
        }

        @ParameterizedTest
        @ValueSource(strings = {"$.none.length()", "$.length.length()", "$.absent.length()", "$.items[7].length()"})
        void findsNothingWhereThereIsNoLength(String path) {
            assertThat(select(path, order)).isEmpty();
            assertThat(JsonPath.compile(path).first(order)).isSameAs(JsonPath.NOTHING);
            assertThat(JsonPath.compile(path).exists(order)).isFalse();
        }

        @Test
        void measuresEveryNodeOfAManyNodeBase() {
            assertThat(select("$.items[*].name.length()", order)).containsExactly(3, 1);
            assertThat(select("$..name.length()", order)).containsExactly(3, 1);
        }

        @Test
        void isSingularWhenItsBaseIs() {
            assertThat(JsonPath.compile("$.items.length()").isSingular()).isTrue();
            assertThat(JsonPath.compile("$.items[*].length()").isSingular()).isFalse();
        }
    }

    @Nested
    class SingularQueries {

        @ParameterizedTest
        @CsvSource({
            "$, true",
            "$.a, true",
            "$['a'][0][-1], true",
            "'$[0,1]', false",
            "$[0:1], false",
            "$.*, false",
            "$..a, false",
            "$[?@.a], false"
        })
        void areThoseOfNamesAndIndexesOnly(String path, boolean singular) {
            assertThat(JsonPath.compile(path).isSingular()).isEqualTo(singular);
        }

        @Test
        void tellNullFromNothing() {
            Object document = json("{\"null\": null}");
            assertThat(JsonPath.compile("$.null").first(document)).isNull();
            assertThat(JsonPath.compile("$.null").exists(document)).isTrue();
            assertThat(select("$.null", document)).containsExactly((Object) null);
            assertThat(JsonPath.compile("$.other").first(document)).isSameAs(JsonPath.NOTHING);
            assertThat(JsonPath.compile("$").first(null)).isNull();
        }

        @Test
        void giveTheTreesOwnObjects() {
            Map<String, Object> inner = Map.of("b", 1);
            assertThat(JsonPath.compile("$.a").first(Map.of("a", inner))).isSameAs(inner);
        }

        @Test
        void allocateNothing() {
            Object document = json("{\"orders\": [{\"id\": 1}, {\"id\": {\"value\": \"x\"}}]}");
            JsonPath path = JsonPath.compile("$.orders[-1].id['value']");
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            Object found = path.first(document);
            boolean exists = path.exists(document);
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                found = path.first(document);
                exists &= path.exists(document);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertThat(found).isEqualTo("x");
            assertThat(exists).isTrue();
            // Not zero, for what the measuring itself takes once; 10,000 evaluations of one object each take 160,000
            assertThat(allocated).isLessThan(20_000);
        }
    }

    @Nested
    class ManyNodes {

        @Test
        void firstStopsAtTheFirstNode() {
            Object document = json("{\"a\": [{\"b\": null}, {\"b\": 2}]}");
            assertThat(JsonPath.compile("$.a[*].b").first(document)).isNull();
            assertThat(JsonPath.compile("$..b").first(document)).isNull();
            assertThat(JsonPath.compile("$..c").first(document)).isSameAs(JsonPath.NOTHING);
        }

        @Test
        void descendantsComeParentFirstAndInOrderOfTheList() {
            Object document = json("[{\"a\": 1, \"in\": [{\"a\": 2}, {\"a\": 3}]}, {\"a\": 4}]");
            assertThat(select("$..a", document)).containsExactly(1, 2, 3, 4);
        }

        @Test
        @SuppressWarnings("JdkObsolete") // a list without random access is the point
        void workOnAnyMapAndAnyList() {
            Object document = new TreeMap<>(Map.of("list", new LinkedList<>(List.of(1, 2, 3)), "a", "x"));
            assertThat(select("$.*", document)).containsExactly("x", List.of(1, 2, 3));
            assertThat(select("$.list[::-1]", document)).containsExactly(3, 2, 1);
            assertThat(select("$.list[?@ > 1]", document)).containsExactly(2, 3);
        }

        @Test
        void selectAReadOnlyList() {
            List<@Nullable Object> nodes = select("$[*]", List.of(1, 2));
            assertThat(nodes).isUnmodifiable();
            assertThat(select("$[0]", List.of(1, 2))).isUnmodifiable();
        }
    }

    @Nested
    class Numbers {

        @ParameterizedTest
        @ValueSource(strings = {"1", "1.0", "1e0", "10E-1", "0.1e1"})
        void areEqualByValueInEveryClass(String literal) {
            List<Number> ones =
                    List.of((byte) 1, (short) 1, 1, 1L, 1f, 1d, BigInteger.ONE, BigDecimal.ONE, new BigDecimal("1.00"));
            assertThat(select("$[?@ == " + literal + "]", ones)).hasSameSizeAs(ones);
            assertThat(select("$[?@ < " + literal + "]", ones)).isEmpty();
            assertThat(select("$[?@ >= " + literal + "]", ones)).hasSameSizeAs(ones);
            assertThat(select("$[?@ != $[0]]", ones)).isEmpty();
        }

        @Test
        void areExactBeyondWhatADoubleHolds() {
            List<Number> numbers = List.of(
                    9007199254740992L,
                    9007199254740993L,
                    new BigInteger("9223372036854775808"),
                    new BigInteger("9223372036854775809"),
                    new BigDecimal("9223372036854775809.5"));
            assertThat(select("$[?@ == 9007199254740993]", numbers)).containsExactly(9007199254740993L);
            assertThat(select("$[?@ == 9223372036854775809]", numbers)).containsExactly(numbers.get(3));
            assertThat(select("$[?@ > 9223372036854775808]", numbers)).containsExactly(numbers.get(3), numbers.get(4));
            assertThat(select("$[?@ == 9007199254740992.0]", numbers)).containsExactly(9007199254740992L);
        }

        @Test
        void takeAFractionAsItIsWritten() {
            List<Number> tenths = List.of(0.1d, 0.1f, new BigDecimal("0.1"), new BigDecimal("0.10"));
            assertThat(select("$[?@ == 0.1]", tenths)).hasSize(4);
            assertThat(select("$[?@ == 0.1000000000000000001]", tenths)).isEmpty();
        }

        @Test
        void knowNoNegativeZeroAndNoNumberThatIsNone() {
            assertThat(select("$[?@ == 0]", List.of(-0.0, 0.0, 0))).hasSize(3);
            assertThat(select("$[?@ < 0]", List.of(-0.0))).isEmpty();
            assertThat(select("$[?@ == @]", List.of(Double.NaN))).isEmpty();
            assertThat(select("$[?@ > 1e400]", List.of(Double.POSITIVE_INFINITY, 1)))
                    .hasSize(1);
        }

        @Test
        void compareHugeExponentsAtOnce() {
            assertThat(select("$[?@ < 1e2000000000]", List.of(1, new BigDecimal("1e1999999999"))))
                    .hasSize(2);
        }
    }

    @Nested
    class Comparisons {

        @Test
        void orderTextsByCodePoint() {
            assertThat(select("$[?@ > '\uFFFD']", List.of("😀", "a", "\uFFFE"))).containsExactly("😀", "\uFFFE");
            assertThat(select("$[?@ < 'ab']", List.of("a", "ab", "abc", "b"))).containsExactly("a");
        }

        @Test
        void lookInsideListsAndMembers() {
            Object document = json("""
                    {"want": {"a": [1, {"b": null}]},
                     "have": [{"a": [1.0, {"b": null}]}, {"a": [1, {"c": null}]}, {"a": [1]}, {"a": [1, {"b": null}], "x": 1}]}
                    """);
            assertThat(select("$.have[?@ == $.want]", document)).hasSize(1);
            assertThat(select("$.have[?@ != $.want]", document)).hasSize(3);
        }

        @Test
        void seeOnlyNothingEqualToNothing() {
            assertThat(select("$[?@.x == @.y]", json("[{}, {\"x\": null}]"))).containsExactly(Map.of());
        }
    }

    @Nested
    class DeepTrees {
        private static final int DEPTH = 10_000;

        @Test
        void areWalkedToTheBottom() {
            assertThat(select("$..leaf", nested("leaf"))).containsExactly(DEPTH);
            assertThat(JsonPath.compile("$..leaf").exists(nested("leaf"))).isTrue();
            assertThat(select("$[?count(@..leaf) == 1]", List.of(nested("leaf"), nested("other")))
                            .size())
                    .isEqualTo(1);
        }

        @Test
        void areComparedToTheBottom() {
            assertThat(select("$[?@ == $[0]]", List.of(nested("leaf"), nested("leaf"), nested("other")))
                            .size())
                    .isEqualTo(2);
        }

        private static Object nested(String leaf) {
            Object tree = Map.of(leaf, DEPTH);
            for (int i = 0; i < DEPTH; i++) {
                tree = i % 2 == 0 ? List.of(tree) : Map.of("in", tree);
            }
            return tree;
        }
    }

    @Nested
    class LongPaths {

        @Test
        void ofNamesHaveNoLimit() {
            Object tree = 7;
            for (int i = 0; i < 20_000; i++) {
                tree = Map.of("a", tree);
            }
            assertThat(JsonPath.compile("$" + ".a".repeat(20_000)).first(tree)).isEqualTo(7);
        }

        @Test
        void mayNestTwoHundredDeep() {
            Object tree = 7;
            for (int i = 0; i < 200; i++) {
                tree = List.of(tree);
            }
            // Counted here, as AssertJ would take minutes to print such trees
            assertThat(select("$" + "[*]".repeat(200), tree).size()).isEqualTo(1);
            assertThat(select("$" + "[?@".repeat(200) + "]".repeat(200), tree).size())
                    .isEqualTo(1);
            assertThat(select("$[?" + "(".repeat(198) + "true == true" + ")".repeat(198) + "]", tree)
                            .size())
                    .isEqualTo(1);
        }
    }

    @Test
    void isSharedByThreads() {
        List<Map<String, String>> rows = IntStream.range(0, 200)
                .mapToObj(i -> Map.of("text", "item-" + i, "pattern", "item-" + (i % 2 == 0 ? i : "x")))
                .toList();
        JsonPath path = JsonPath.compile("$[?match(@.text, @.pattern)]");
        assertThat(IntStream.range(0, 100)
                        .parallel()
                        .mapToObj(i -> path.select(rows).size()))
                .containsOnly(100);
    }

    @Test
    void keepsItsText() {
        assertThat(JsonPath.compile("$ .a").text()).isEqualTo("$ .a");
        assertThat(JsonPath.compile("$ .a")).hasToString("$ .a");
    }

    private static List<@Nullable Object> select(String path, @Nullable Object document) {
        JsonPath compiled = JsonPath.compile(path);
        List<@Nullable Object> nodes = compiled.select(document);
        assertThat(compiled.exists(document)).isEqualTo(!nodes.isEmpty());
        return nodes;
    }

    private static Object json(String text) {
        return JsonMapper.shared().readValue(text, Object.class);
    }
}
