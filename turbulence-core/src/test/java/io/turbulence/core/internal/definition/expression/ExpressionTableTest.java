package io.turbulence.core.internal.definition.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs `expressions.txt`: an expression on one line, on the next what it gives.
///
/// - `= json type` a value,
/// - `! text` the whole message of an evaluation that fails,
/// - `@offset text | hint` the whole message of an expression that does not compile.
class ExpressionTableTest {

    private record Row(int line, String expression, String outcome) {}

    @TestFactory
    Stream<DynamicTest> givesWhatTheTableSays() {
        return rows().stream()
                .map(row -> DynamicTest.dynamicTest(
                        row.line() + ": " + row.expression(),
                        () -> assertThat(outcome(row.expression())).isEqualTo(row.outcome())));
    }

    static String outcome(String text) {
        try {
            Object value = new Expressions().compile(text, 1).evaluate(new SampleScope());
            return "= %s %s".formatted(Values.shown(value), value == null ? "null" : type(value));
        } catch (ExpressionSyntaxException e) {
            return "@%d %s%s".formatted(e.offset(), e.getMessage(), e.hint() == null ? "" : " | " + e.hint());
        } catch (EvaluationException e) {
            return "! " + e.getMessage();
        }
    }

    private static String type(Object value) {
        return switch (value) {
            case Integer ignored -> "int";
            case Long ignored -> "long";
            case Double ignored -> "double";
            case String ignored -> "text";
            case Boolean ignored -> "boolean";
            case List<?> ignored -> "list";
            case Map<?, ?> ignored -> "map";
            default -> value.getClass().getSimpleName();
        };
    }

    private static List<Row> rows() {
        List<String> lines = lines();
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (!line.isBlank() && !line.startsWith("#")) {
                rows.add(new Row(i + 1, line, lines.get(++i)));
            }
        }
        return rows;
    }

    private static List<String> lines() {
        try (InputStream file =
                Objects.requireNonNull(ExpressionTableTest.class.getResourceAsStream("expressions.txt"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
