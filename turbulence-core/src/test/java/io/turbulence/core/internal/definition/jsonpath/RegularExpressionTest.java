package io.turbulence.core.internal.definition.jsonpath;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.internal.definition.jsonpath.RegularExpression.Malformed;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RegularExpressionTest {

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = ' ',
            value = {
                "a*b+c? aabbc true",
                "a*b+c? aac false",
                "(ab|cd)+ abcdab true",
                "(ab|cd)+ abcda false",
                "a{2} aa true",
                "a{2} aaa false",
                "a{2,} aaaaa true",
                "a{2,} a false",
                "a{1,3} aaa true",
                "a{1,3} aaaa false",
                "a{0} ~~ true",
                "a|b| ~~ true",
                "() ~~ true",
                "(a*)* aaa true",
                "(a|a*)+b aab true",
                "[a-c-]+ a-c true",
                "[-a]+ -a true",
                "[^a-c] d true",
                "[^a-c] b false",
                "[^\\p{L}] 1 true",
                "[\\p{Lu}\\p{Nd}]+ A1 true",
                "\\p{L}+ aéЖ true",
                "\\P{L}+ 12 true",
                "[&&a]+ &a true",
                "[a^]+ ^a true",
                "\\.\\*\\\\ .*\\ true",
                ". 😀 true",
                "[😀-😂] 😁 true",
                "^a$ a true",
                "x^a xa false",
                "(^|x)a a true",
            })
    void matchesWholeTexts(String pattern, String text, boolean matches) throws Malformed {
        assertThat(RegularExpression.compile(pattern).matches(text)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            delimiter = ' ',
            value = {
                "b+ abbc true",
                "^b abbc false",
                "^a abbc true",
                "c$ abbc true",
                "b$ abbc false",
                "~~ ~~ true",
                "a$ ~~ false",
                "(b|c){3} abbc true",
                "(b|c){4} abbc false",
            })
    void findsPartsOfTexts(String pattern, String text, boolean found) throws Malformed {
        assertThat(RegularExpression.compile(pattern).isFoundIn(text)).isEqualTo(found);
    }

    @Test
    void dotMatchesAllButLineEnds() throws Malformed {
        RegularExpression dot = RegularExpression.compile(".");
        assertThat(List.of("\n", "\r")).noneMatch(dot::matches);
        assertThat(List.of("\u2028", "\u0085", "\t", "a")).allMatch(dot::matches);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\d",
                "a*?",
                "a++",
                "(?:a)",
                "(?=a)",
                "[]",
                "[a",
                "[a-b-c]",
                "[[a]]",
                "a{,2}",
                "a{1",
                "}",
                "]",
                "\\",
                "\\u0041",
                "\\1",
                "\\p{Cs}",
                "\\p{IsGreek}",
                "\\pL",
                "[--a]"
            })
    void refusesWhatIsNotAnIRegexp(String pattern) {
        assertThat(RegularExpression.compileIfValid(pattern)).isNull();
    }

    @Test
    void agreesWithJavaOnGeneratedPatterns() throws Malformed {
        Random random = new Random(9485);
        for (int i = 0; i < 5_000; i++) {
            String pattern = pattern(random, 3);
            RegularExpression ours = RegularExpression.compile(pattern);
            Pattern theirs = Pattern.compile(pattern);
            for (int j = 0; j < 5; j++) {
                String text = text(random);
                assertThat(ours.matches(text))
                        .as("%s matches %s", pattern, text)
                        .isEqualTo(theirs.matcher(text).matches());
                assertThat(ours.isFoundIn(text))
                        .as("%s is found in %s", pattern, text)
                        .isEqualTo(theirs.matcher(text).find());
            }
        }
    }

    private static String pattern(Random random, int depth) {
        if (depth == 0) {
            return List.of("a", "b", "[ab]", "[^a]", ".", "c").get(random.nextInt(6));
        }
        return switch (random.nextInt(6)) {
            case 0 -> pattern(random, depth - 1) + pattern(random, depth - 1);
            case 1 -> "(" + pattern(random, depth - 1) + "|" + pattern(random, depth - 1) + ")";
            case 2 ->
                "(" + pattern(random, depth - 1) + ")" + List.of("*", "+", "?").get(random.nextInt(3));
            case 3 -> "(" + pattern(random, depth - 1) + "){" + random.nextInt(3) + "," + (2 + random.nextInt(2)) + "}";
            case 4 -> "(" + pattern(random, depth - 1) + "){" + random.nextInt(3) + ",}";
            default -> pattern(random, depth - 1);
        };
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(8);
        for (int i = 0; i < length; i++) {
            text.append("abc".charAt(random.nextInt(3)));
        }
        return text.toString();
    }

    @Nested
    @Timeout(60)
    class HostilePatterns {

        @ParameterizedTest
        @ValueSource(
                strings = {"(a|aa)*c", "(a+)+c", "(a*)*(a*)*(a*)*c", "(.*a){20}c", "((a?){50}a{50})+c", "(x+x+)+y"})
        void takeNoLongerThanOthers(String pattern) throws Malformed {
            // Long enough for the age of the universe, and far from the time after which a match is stopped
            assertThat(RegularExpression.compile(pattern).matches("a".repeat(300)))
                    .isFalse();
        }

        @Test
        void thatReadNothingTakeNoLonger() throws Malformed {
            assertThat(RegularExpression.compile("(|)".repeat(60) + "a").isFoundIn(""))
                    .isFalse();
        }

        @Test
        void doNotExhaustTheStackOnLongTexts() throws Malformed {
            assertThat(RegularExpression.compile("(a|b)*").matches("ab".repeat(10_000)))
                    .isTrue();
        }

        @Test
        void areStoppedWhenTheTextIsLongAndThePatternLarge() {
            JsonPath path = JsonPath.compile("$[?search(@, '(.|a){9}.*(a|.){3000}z')]");
            assertThatThrownBy(() -> path.select(List.of("a".repeat(4_000_000))))
                    .isInstanceOf(JsonPathEvaluationException.class)
                    .hasMessage("pattern \"(.|a){9}.*(a|.){3000}z\" was stopped after 250 ms on a text of 4000000"
                            + " characters. Match a shorter text or lower the counts in {…}.");
        }

        @Test
        void fromTheDocumentMatchNothingWhenTheyAreNoIRegexp() {
            Object document = Map.of("pattern", "\\d+", "texts", List.of("1", "a"));
            assertThat(JsonPath.compile("$.texts[?match(@, $.pattern)]").select(document))
                    .isEmpty();
        }
    }
}
