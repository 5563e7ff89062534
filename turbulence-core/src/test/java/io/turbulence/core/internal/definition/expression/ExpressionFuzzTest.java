package io.turbulence.core.internal.definition.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is written, there is a value, or one of the two exceptions with a place in the text.
class ExpressionFuzzTest {

    private static final List<String> WORDS = List.of(
            "payload",
            "items",
            "name",
            "total",
            "nothing",
            "tags",
            "it",
            "x",
            "env",
            "size",
            "empty",
            "uuid",
            "and",
            "or",
            "not",
            "in",
            "is",
            "True",
            "None",
            "null",
            "if",
            "else",
            "for",
            "new",
            "lambda",
            "var",
            "eq",
            "mod",
            "class",
            "any",
            "all",
            "sum",
            "min",
            "len",
            "has",
            "int",
            "text",
            "json",
            "map",
            "filter",
            "upper",
            "now",
            "random_int");
    private static final List<String> SIGNS = List.of(
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            "{{",
            "}}",
            ".",
            "?.",
            "?[",
            "?",
            ":",
            "??",
            "?:",
            ",",
            "==",
            "!=",
            "<",
            "<=",
            ">",
            "=~",
            "!~",
            "=^",
            "=$",
            "+",
            "-",
            "*",
            "/",
            "%",
            "&&",
            "||",
            "!",
            "~",
            "&",
            "|",
            "^",
            "<<",
            ">>>",
            "..",
            "=",
            ";",
            "->",
            "@",
            "#",
            "`",
            "\\",
            "$",
            "~/",
            "'",
            "\"",
            "|",
            "default:",
            "\n",
            "\t",
            "é",
            "\u0000",
            "😀");
    private static final List<String> LITERALS = List.of(
            "0",
            "1",
            "2.5",
            "1e3",
            "0x1F",
            "007",
            "9223372036854775807",
            "1e400",
            "12B",
            "'a'",
            "\"b{{name}}\"",
            "'it > 1'",
            "'\\u00e9'",
            "''",
            "[1, 2]",
            "{'a': 1}",
            "1..3",
            "payload.items",
            "name.size()",
            "(total > 1)",
            "{{env.MODE | default:x}}",
            "\"{{",
            "}}\"",
            "any(tags, 'it == name')");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @Timeout(120)
    void givesAValueOrSaysWhatIsWrong(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Expressions expressions =
                new Expressions(new Limits(4_000, 40, java.time.Duration.ofMillis(100), 10_000, 1_000_000));
        int values = 0;
        for (int i = 0; i < 6_000; i++) {
            String text = soup(random);
            try {
                Expression expression = expressions.compile(text, 1);
                expression.explain(new SampleScope());
                assertThat(expression.references()).allMatch(reference -> reference.offset() < text.length());
                Values.shown(expression.evaluate(new SampleScope()));
                values++;
            } catch (ExpressionSyntaxException e) {
                assertThat(e.offset()).as(text).isBetween(0, text.length());
                assertThat(e.getMessage()).as(text).isNotBlank();
            } catch (EvaluationException e) {
                assertThat(e.getMessage()).as(text).isNotBlank();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("expression: " + text, e);
            }
        }
        assertThat(values).isGreaterThan(50);
    }

    @Test
    @Timeout(120)
    void survivesMutationsOfGoodExpressions() {
        SplittableRandom random = new SplittableRandom(5);
        List<String> good = List.of(
                "status_code == 200 and payload.items.size() > 2",
                "any(payload.items, \"it.price > 3 and it.sku =~ 'B-.*'\") ? 'yes' : \"no {{name}}\"",
                "payload?.customer?['name'] ?? {'a': [1, 2.5, null]}['a'][0]",
                "not name in ['Ada', 'Bob'] or -total..+3 == [1] && 1 + 2 * 3 / 4 % 5 < 6",
                "{{env.MODE | default:x}} + \"{{payload['id']}}\" + text(1..3) + name.replace('a', 'b').upper()");
        Expressions expressions = new Expressions();
        for (int i = 0; i < 6_000; i++) {
            String text = mutate(good.get(random.nextInt(good.size())), random);
            try {
                expressions.compile(text, 1).evaluate(new SampleScope());
            } catch (ExpressionSyntaxException e) {
                assertThat(e.offset()).as(text).isBetween(0, text.length());
            } catch (EvaluationException e) {
                assertThat(e.getMessage()).as(text).isNotBlank();
            } catch (RuntimeException | Error e) {
                throw new AssertionError("expression: " + text, e);
            }
        }
    }

    private static String soup(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 30 : 7);
        for (int i = 0; i < length; i++) {
            List<String> kind = switch (random.nextInt(5)) {
                case 0 -> SIGNS;
                case 1, 2 -> LITERALS;
                default -> random.nextBoolean() ? WORDS : SIGNS.subList(9, 41);
            };
            text.append(kind.get(random.nextInt(kind.size())));
            text.append(random.nextInt(3) == 0 ? "" : " ");
        }
        return text.toString();
    }

    private static String mutate(String good, SplittableRandom random) {
        StringBuilder text = new StringBuilder(good);
        for (int i = random.nextInt(4); i >= 0 && !text.isEmpty(); i--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, SIGNS.get(random.nextInt(SIGNS.size())));
                case 2 -> text.insert(at, text.charAt(random.nextInt(text.length())));
                default -> text.setLength(at);
            }
        }
        return text.toString();
    }
}
