package io.turbulence.core.internal.definition.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.ExpressionSyntaxException;
import io.turbulence.core.internal.definition.expression.Expressions;
import io.turbulence.core.internal.definition.expression.Reference;
import io.turbulence.core.internal.definition.expression.Scope;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("HOST", "example.com", "PORT", "8080", "BRACES", "{{total}}", "EMPTY", "");

    private final Expressions expressions = new Expressions();
    private final Scope scope = new Values();

    private Template compile(String text) {
        return Template.compile(text, expressions, ENVIRONMENT::get, 1);
    }

    private static final class Values implements Scope {
        private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

        Values() {
            values.put("total", 42);
            values.put("price", 19.5);
            values.put("one", 1.0);
            values.put("cents", new BigDecimal("0.10"));
            values.put("large", 12345678901.0);
            values.put("name", "Ada");
            values.put("approved", true);
            values.put("nothing", null);
            values.put("tags", List.of("a", 1, 2.0));
            values.put("customer", Map.of("name", "Ada \"A\""));
            values.put("bytes", "é".getBytes(StandardCharsets.UTF_8));
            values.put("broken", new byte[] {(byte) 0xff, 0});
        }

        @Override
        public boolean has(String name) {
            return values.containsKey(name);
        }

        @Override
        public @Nullable Object value(String name) {
            return values.get(name);
        }

        @Override
        public long random(int place) {
            return 0x123456789abcdef0L + place;
        }

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }
    }

    @Nested
    class OneTemplateOnly {

        @Test
        void keepsTheTypeOfItsValue() {
            assertThat(compile("{{total}}").render(scope)).isEqualTo(42);
            assertThat(compile("{{ price }}").render(scope)).isEqualTo(19.5);
            assertThat(compile("{{approved}}").render(scope)).isEqualTo(true);
            assertThat(compile("{{tags}}").render(scope)).isEqualTo(List.of("a", 1, 2.0));
            assertThat(compile("{{nothing}}").render(scope)).isNull();
            assertThat(compile("{{customer}}").render(scope)).isSameAs(scope.value("customer"));
            assertThat(compile("{{total > 41}}").render(scope)).isEqualTo(true);
            assertThat(compile("{{ {'a': {'b': 1}} }}").render(scope)).isEqualTo(Map.of("a", Map.of("b", 1L)));
        }

        @Test
        void isATextWhenAskedForOne() {
            assertThat(compile("{{total}}").renderText(scope)).isEqualTo("42");
            assertThatThrownBy(() -> compile("{{nothing}}").renderText(scope))
                    .isInstanceOf(EvaluationException.class)
                    .hasMessage("\"nothing\" is null and cannot be part of a text. Write nothing ?? 'something'.");
        }

        @Test
        void givesAUuidWithoutParentheses() {
            assertThat(compile("{{uuid}}").render(scope)).isEqualTo("12345678-9abc-4ef1-9234-56789abcdef1");
            assertThat(compile("cust_{{ uuid }}").render(scope)).isEqualTo("cust_12345678-9abc-4ef1-9234-56789abcdef1");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '¤',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "plain§plain",
                "§¤¤",
                "/orders/{{total}}§/orders/42",
                "{{total}}{{total}}§4242",
                " {{total}}§ 42",
                "{{one}} {{price}} {{cents}} {{large}}§1.0 19.5 0.10 12345678901.0",
                "{{approved}}!§true!",
                "{{tags}} {{customer}}§[\"a\",1,2.0] {\"name\":\"Ada \\\"A\\\"\"}",
                "{{bytes}}!§é!",
                "{{{{total}}§{{total}}",
                "{{{{{{total}}§{{42",
                "a {{{{ b {{name}}§a {{ b Ada",
                "}} {{name}} }}§}} Ada }}",
                "{a: {{total}}}§{a: 42}",
                "{{'}}'}}!§}}!",
                "{{ {'a': {'b': 1}}['a']['b'] }}!§1!",
                "{{ \"<{{name}}>\" }}§<Ada>",
                "{{nothing ?? 'none'}}.§none.",
                "{{customer['name'].size()}} chars§7 chars",
                "{{ approved ? name : 'x' }}-{{total + 1}}§Ada-43",
                "{{env.HOST}}§example.com",
                "{{ env.HOST }}:{{ env.PORT }}§example.com:8080",
                "{{env.NONE | default:http://localhost:8080/a}b}}§http://localhost:8080/a}b",
                "{{env.NONE|default: spaced out }}§spaced out",
                "{{env.NONE | default:}}§¤¤",
                "{{env.EMPTY | default:x}}§¤¤",
                "{{env.HOST | default:x}}/{{name}}§example.com/Ada",
                "{{env.BRACES}}§{{total}}",
                "{{int(env.PORT) + 1}}§8081"
            })
    void putsValuesIntoTexts(@Nullable String text, String rendered) {
        assertThat(compile(text == null ? "" : text).renderText(scope)).isEqualTo(rendered);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '§',
            quoteCharacter = '¤',
            value = {
                "a {{total§2§\"{{\" is not closed§Write \"}}\" after the expression, or \"{{{{\" for a literal \"{{\".",
                "a {{ }}§4§the expression is empty§",
                "a {{}} b§4§the expression is empty§",
                "a {{total +}}§10§a value is missing after \"+\"§",
                "{{a}} {{ b = 1 }}§11§\"=\" would change a value§Write \"==\" to compare.",
                "{{ \"x {{y +}}\" }}§10§a value is missing after \"+\"§",
                "x {{env.NONE}}§2§environment variable \"NONE\" is not set and has no default§Set it, or write {{env.NONE | default:text}}.",
                "x {{1 + env.NONE}}§8§environment variable \"NONE\" is not set and has no default§Set it, or write {{env.NONE | default:text}}.",
                "{{x | default:1}}§6§\"default\" is for environment variables§Write x ?? 'something'.",
                "{{env.NONE | default:{{uuid}}}}§21§the default of environment variable \"NONE\" holds another \"{{\"§A default is a plain text; it reaches up to the next \"}}\".",
                "{{ 'open }}§3§the text is not closed§Write ' after it.",
                "{{ any(x, 'it >') }}§14§a value is missing after \">\"§"
            })
    void saysWhereItIsWrong(String text, int offset, String message, @Nullable String hint) {
        ExpressionSyntaxException refused = catchThrowableOfType(ExpressionSyntaxException.class, () -> compile(text));
        assertThat(refused).as(text).hasMessage(message);
        assertThat(refused.offset()).as(text).isEqualTo(offset);
        assertThat(refused.hint()).as(text).isEqualTo(hint);
    }

    @Test
    void isConstantWithoutAnythingToEvaluate() {
        assertThat(compile("plain").constant()).isEqualTo("plain");
        assertThat(compile("").constant()).isEqualTo("");
        assertThat(compile("{{env.PORT}}").constant()).isEqualTo("8080");
        assertThat(compile("{{ 1 + 1 }}").constant()).isEqualTo(2L);
        assertThat(compile("{{total}}").isConstant()).isFalse();
        assertThat(compile("{{uuid}}").isConstant()).isFalse();
        assertThat(compile("{{now()}}").isConstant()).isFalse();
        assertThatThrownBy(() -> compile("{{total}}").constant()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tellsTheEnvironmentValuesInItButNotDefaults() {
        assertThat(compile("{{env.HOST}} {{env.NONE | default:x}} {{ upper(env.PORT) }}")
                        .environmentValues())
                .containsExactly("example.com", "8080");
        assertThat(compile("{{env.NONE | default:x}}").usesEnvironment()).isFalse();
        assertThat(compile("{{ \"{{env.HOST}}\" }}").usesEnvironment()).isTrue();
    }

    @Test
    void tellsWhatItReadsAndWhere() {
        assertThat(compile("/a/{{ total }}/{{steps.create.payload.id}}?{{env.HOST}}")
                        .references())
                .containsExactly(
                        new Reference(List.of("total"), 6, false, null),
                        new Reference(List.of("steps", "create", "payload", "id"), 17, false, null));
    }

    @Test
    void refusesBytesThatAreNoText() {
        assertThatThrownBy(() -> compile("a {{broken}}").render(scope))
                .isInstanceOf(EvaluationException.class)
                .hasMessage("2 bytes are no text in UTF-8. Use base64(…) to make a text of them.");
    }
}
