package io.turbulence.core.internal.definition.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

    private final Expressions expressions = new Expressions();

    private Expression compile(String text) {
        return expressions.compile(text, 1);
    }

    @Nested
    class Conditions {

        @Test
        void areTrueOrFalse() {
            assertThat(compile("status_code == 200 and payload.items.size() > 1")
                            .test(new SampleScope()))
                    .isTrue();
            assertThat(compile("status_code == 200 and payload.items.size() > 2")
                            .test(new SampleScope()))
                    .isFalse();
        }

        @Test
        void failWhenTheyAreNeither() {
            assertThatThrownBy(() -> compile("payload.items").test(new SampleScope()))
                    .isInstanceOf(EvaluationException.class)
                    .hasMessage("\"payload.items\" is a list, not true or false. Compare it, for example"
                            + " payload.items.size() > 0.");
        }
    }

    @Nested
    class Explanations {

        @ParameterizedTest
        @CsvSource(
                delimiter = '§',
                quoteCharacter = '¤',
                value = {
                    "payload.items.size() > 2 § `payload.items.size()` was 2",
                    "status_code == 200 and payload.items.size() > 2 § `payload.items.size()` was 2",
                    "status_code == 201 or total > 100 § `status_code` was 200, `total` was 42",
                    "not (status_code == 200) § `status_code` was 200",
                    "total > price * 3 § `total` was 42, `price * 3` was 59.97",
                    "approved and has(payload, 'x') § `has(payload, 'x')` was false",
                    "name in ['Bob', 'Eve'] § `name` was \"Ada\"",
                    "'x' in tags § `tags` was [\"new\",\"paid\"]",
                    "any(payload.items, 'it.price > 90') § `any(payload.items, 'it.price > 90')` was false",
                    "random_int(1, 6) > 6 § ¤¤",
                    "unknown == 1 § ¤¤",
                    "1 == 2 § ¤¤"
                })
        void nameThePartsAndTheirValues(String text, String explanation) {
            assertThat(compile(text).explain(new SampleScope())).isEqualTo(explanation);
        }

        @Test
        void shortenLongValues() {
            assertThat(compile("long_text == 'b'").explain(new SampleScope()))
                    .isEqualTo("`long_text` was \"" + "a".repeat(119) + "…");
        }
    }

    @Nested
    class References {

        @Test
        void nameRootsAndConstantPathsWithTheirPlaces() {
            assertThat(compile("steps['create-order'].payload.id == payload.items[0].sku and has(data, 'x') and"
                                    + " uuid != 'a'")
                            .references())
                    .containsExactly(
                            new Reference(List.of("steps", "create-order", "payload", "id"), 0, false, null),
                            new Reference(List.of("payload", "items", "0", "sku"), 36, false, null),
                            new Reference(List.of("data"), 65, true, null));
        }

        @Test
        void endWhereAKeyIsComputedOrAMethodCalled() {
            assertThat(compile("payload[key].x + payload.items.size()").references())
                    .containsExactly(
                            new Reference(List.of("payload"), 0, false, null),
                            new Reference(List.of("key"), 8, false, null),
                            new Reference(List.of("payload", "items"), 17, false, null));
        }

        @Test
        void areOptionalWhereTheExpressionCopes() {
            assertThat(compile("token.value ?? other").references())
                    .containsExactly(
                            new Reference(List.of("token", "value"), 0, true, null),
                            new Reference(List.of("other"), 15, false, null));
        }

        @Test
        void reachIntoTextsAndConditionsOnElements() {
            assertThat(compile("\"a {{b.c}}\" + any(d, 'it.e > f')").references())
                    .containsExactly(
                            new Reference(List.of("b", "c"), 5, false, null),
                            new Reference(List.of("d"), 18, false, null),
                            new Reference(List.of("f"), 29, false, null));
        }

        @Test
        void hintAtBracketsForADash() {
            assertThat(compile("payload.content-type").references())
                    .containsExactly(
                            new Reference(List.of("payload", "content"), 0, false, null),
                            new Reference(List.of("type"), 16, false, "Write payload['content-type']."));
        }
    }

    @Nested
    class Randomness {

        @Test
        void drawsUuidsOfVersionFourWithOrWithoutParentheses() {
            SampleScope scope = new SampleScope();
            Set<Object> drawn = new HashSet<>();
            for (String text : List.of("uuid", "uuid()", " uuid ")) {
                Object value = compile(text).evaluate(scope);
                UUID uuid = UUID.fromString(String.valueOf(value));
                assertThat(uuid.version()).isEqualTo(4);
                assertThat(uuid.variant()).isEqualTo(2);
                drawn.add(uuid);
            }
            assertThat(drawn).hasSize(3);
        }

        @Test
        void givesTheSameForTheSameBits() {
            assertThat(compile("uuid").evaluate(new SampleScope()))
                    .isEqualTo(compile("uuid").evaluate(new SampleScope()));
        }

        @Test
        void drawsWholeNumbersWithBothEnds() {
            SampleScope scope = new SampleScope();
            Expression expression = compile("random_int(1, 3)");
            Map<Object, Integer> counts = new HashMap<>();
            for (int i = 0; i < 3_000; i++) {
                counts.merge(String.valueOf(expression.evaluate(scope)), 1, Integer::sum);
            }
            assertThat(counts).containsOnlyKeys("1", "2", "3");
            assertThat(counts.values()).allMatch(count -> count > 850);
        }

        @Test
        void choosesEveryMember() {
            SampleScope scope = new SampleScope();
            Expression expression = compile("random_choice(['a', 'b', 'c'])");
            Set<@Nullable Object> drawn = new HashSet<>();
            for (int i = 0; i < 200; i++) {
                drawn.add(expression.evaluate(scope));
            }
            assertThat(drawn).containsExactlyInAnyOrder("a", "b", "c");
        }

        @Test
        void reachesTheWholeOfSixtyFourBits() {
            assertThat(compile("random_int(-9223372036854775808, 9223372036854775807)")
                            .evaluate(new SampleScope()))
                    .isInstanceOf(Long.class);
        }
    }

    @Nested
    class Environments {

        private final Map<String, String> environment = Map.of("MODE", "test", "PORT", "8080");

        private Expression compile(String text) {
            return expressions.compile(text, 1, environment::get);
        }

        @Test
        void putValuesInWhenItIsCompiled() {
            Expression expression = compile("int(env.PORT) + 1 == 8081 and env['MODE'] == 'test'");
            assertThat(expression.test(new SampleScope())).isTrue();
            assertThat(expression.environmentValues()).containsExactly("8080", "test");
            assertThat(expression.references()).isEmpty();
            assertThat(expression.isFixed()).isTrue();
        }

        @Test
        void takeDefaultsInsideExpressions() {
            assertThat(compile("{{env.REGION | default:eu-west-1}}").evaluate(new SampleScope()))
                    .isEqualTo("eu-west-1");
            assertThat(compile("env.REGION ?? 'none'").evaluate(new SampleScope()))
                    .isEqualTo("none");
        }

        @Test
        void refuseWhatIsNotSet() {
            ExpressionSyntaxException refused =
                    catchThrowableOfType(ExpressionSyntaxException.class, () -> compile("1 + env.REGION"));
            assertThat(refused).hasMessage("environment variable \"REGION\" is not set and has no default");
            assertThat(refused.offset()).isEqualTo(4);
            assertThat(refused.hint()).isEqualTo("Set it, or write {{env.REGION | default:text}}.");
        }
    }

    @Nested
    class Hostility {

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "long_text =~ '(a+)+b'",
                    "long_text =~ '(a|a)*b'",
                    "long_text =~ '(a*)*(b|c)'",
                    "long_text =~ '(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)b'",
                    "long_text.matches('(a|aa)+c')",
                    "any(0..999999, 'any(0..999999, \"it < 0\")')",
                    "any(0..999999, 'long_text =~ \"(a+)+b\"')"
                })
        @Timeout(60)
        void isStoppedWhenItIsEvaluated(String text) {
            Expression expression = new Expressions(new Limits(4_000, 40, Duration.ofMillis(50), 1_000_000, 1_000_000))
                    .compile(text, 1);
            assertThatThrownBy(() -> expression.evaluate(new SampleScope()))
                    .isInstanceOf(EvaluationException.class)
                    .message()
                    .matches(
                            "The evaluation was stopped after 50 ms\\..*|The regular expression .* is too involved .*");
        }

        @Test
        void cannotGrowATextWithoutEnd() {
            Limits limits = new Limits(4_000, 40, Duration.ofMillis(250), 1_000_000, 10_000);
            String bomb = "json(".repeat(20) + "'\"'" + ")".repeat(20);
            assertThatThrownBy(() -> new Expressions(limits).compile(bomb, 1).evaluate(new SampleScope()))
                    .isInstanceOf(EvaluationException.class)
                    .hasMessage("The JSON text has over 10000 characters.");
            assertThatThrownBy(() -> new Expressions(limits)
                            .compile("long_text + long_text", 1)
                            .evaluate(new SampleScope()))
                    .isInstanceOf(EvaluationException.class)
                    .hasMessage("The text would have over 10000 characters.");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "(",
                    "[",
                    "{",
                    "{'a':",
                    "-",
                    "!",
                    "not ",
                    "payload[",
                    "len(",
                    "name.contains(",
                    "true ? ",
                    "1 ?? ",
                    "1 ?: ",
                    "true ? (",
                    "{{",
                    "((payload)[",
                    "any(payload, 'x') and (",
                    "~",
                    "- - !",
                    "1..",
                    "'",
                    "\"",
                    "a.",
                    "a?.",
                    "a?[",
                    "true ? true : ",
                    "[[[",
                    "f(["
                })
        @Timeout(60)
        void isRefusedHoweverDeepItIsNested(String opening) {
            for (int times : new int[] {3, 10, 41, 200, 900}) {
                String text = opening.repeat(times) + "1";
                if (text.length() <= 4_000) {
                    assertThat(ExpressionTableTest.outcome(text)).isNotNull();
                }
            }
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {"payload[ | ]", "( | )", "[ | ]", "{'a': | }", "len( | )", "true ? ( | ) : 2", "{{ | }}"})
        @Timeout(60)
        void isRefusedHoweverDeepItIsClosed(String opening, String closing) {
            for (int times : new int[] {3, 8, 9, 20, 40, 41, 200}) {
                assertThat(ExpressionTableTest.outcome(opening.repeat(times) + "1" + closing.repeat(times)))
                        .isNotNull();
            }
        }

        @Test
        void isToldWhenItIsTooLong() {
            ExpressionSyntaxException refused =
                    catchThrowableOfType(ExpressionSyntaxException.class, () -> compile("1 + ".repeat(1_000) + "1"));
            assertThat(refused).hasMessage("the expression has 4001 characters; the most is 4000");
            assertThat(compile("1 + ".repeat(999) + "1").evaluate(new SampleScope()))
                    .isEqualTo(1000L);
        }

        @Test
        void cannotChangeData() {
            List<String> list = new ArrayList<>(List.of("a"));
            Map<String, Object> map = new HashMap<>(Map.of("a", 1));
            for (String text :
                    List.of("x.add('b')", "x.clear()", "x.remove('a')", "x.put('b', 1)", "x.a = 2", "x[0] = 2")) {
                assertThatThrownBy(() -> compile(text)).isInstanceOf(ExpressionSyntaxException.class);
            }
            assertThat(list).containsExactly("a");
            assertThat(map).containsExactlyEntriesOf(Map.of("a", 1));
        }

        @Test
        void findsNothingOfJavaOnValues() {
            for (String text : List.of("name.class", "tags.class", "total.class", "bytes.class", "approved.class")) {
                assertThatThrownBy(() -> compile(text).evaluate(new SampleScope()))
                        .isInstanceOf(EvaluationException.class)
                        .message()
                        .contains("and has no key \"class\"");
            }
        }
    }

    @Test
    void isSafeForManyThreadsAtOnce() throws InterruptedException {
        Expression expression = compile("any(payload.items, 'it.price > 3') and name =~ 'A.*' and sum(numbers) == 6.5");
        List<Thread> threads = new ArrayList<>();
        List<Boolean> results = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 50; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                SampleScope scope = new SampleScope();
                boolean all = true;
                for (int j = 0; j < 200; j++) {
                    all &= expression.test(scope);
                }
                results.add(all);
            }));
        }
        for (Thread thread : threads) {
            assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        }
        assertThat(results).hasSize(50).containsOnly(true);
    }
}
