package io.turbulence.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimpleJsonTest {

    private final SimpleJson json = new SimpleJson();

    @Test
    void readsEveryKindOfValue() {
        assertThat(json.read("""
                {"text": "a\\u00e9\\n\\"", "list": [1, -2.5, true, null], "empty": {}, "none": []}
                """))
                .isEqualTo(Map.of(
                        "text",
                        "aé\n\"",
                        "list",
                        Arrays.asList(1, -2.5, true, null),
                        "empty",
                        Map.of(),
                        "none",
                        List.of()));
    }

    @Test
    void keepsNumbersWithoutLoss() {
        assertThat(json.read("[1, 3000000000, 123456789012345678901, 0.1, 0.12345678901234567890123]"))
                .isEqualTo(List.of(
                        1,
                        3_000_000_000L,
                        new BigInteger("123456789012345678901"),
                        0.1,
                        new BigDecimal("0.12345678901234567890123")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":[1,2.5,\"x\\n\\u0001\"],\"b\":null,\"c\":true}", "[]", "\"\\\\\"", "12"})
    void writesWhatItRead(String text) {
        assertThat(json.writeText(json.read(text))).isEqualTo(text);
        assertThat(json.read(json.write(json.read(text)))).isEqualTo(json.read(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "'' ~ 0: it ended too early",
                "'{' ~ 1: it ended too early",
                "'[1 2]' ~ 3: ',' was expected",
                "'01' ~ 0: a value was expected",
                "'tru' ~ 0: a value was expected",
                "'1 x' ~ 2: nothing more was expected",
                "'\"\\x\"' ~ 3: '\\x' is no escape"
            })
    void saysWhereItIsNoJson(String text, String message) {
        assertThatThrownBy(() -> json.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no JSON at character " + message);
    }

    @Test
    void refusesNestingThatWouldOverflowTheStack() {
        assertThatThrownBy(() -> json.read("[".repeat(100_000)))
                .hasMessage("no JSON at character 512: more than 512 levels are not read");
    }
}
