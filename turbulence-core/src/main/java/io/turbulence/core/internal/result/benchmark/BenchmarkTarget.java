package io.turbulence.core.internal.result.benchmark;

import io.turbulence.core.internal.definition.binding.Durations;
import io.turbulence.core.internal.result.benchmark.BenchmarkLevel.Figure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a benchmark must reach at each level: `p50 < 5s`, `throughput >= 100/s`, `error_rate < 1%`.
///
/// @param value in milliseconds, per second, or as a part of 1
public record BenchmarkTarget(String text, Figure figure, String operator, double value) {

    private static final Pattern FORM = Pattern.compile("(\\w+)\\s*(<=|>=|<|>)\\s*(.+)");

    /// What is wanted when nothing is said.
    public static final BenchmarkTarget DEFAULT = parse("p50 < 5s");

    /// @throws IllegalArgumentException when it is none
    public static BenchmarkTarget parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (matcher.matches()) {
            for (Figure figure : Figure.values()) {
                OptionalDouble value = value(figure, matcher.group(3).strip());
                if (figure.key().equals(matcher.group(1)) && value.isPresent()) {
                    return new BenchmarkTarget(text.strip(), figure, matcher.group(2), value.getAsDouble());
                }
            }
        }
        throw new IllegalArgumentException(
                "'" + text + "' is no target such as \"p50 < 5s\", \"throughput > 100/s\" or "
                        + "\"error_rate < 1%\"; the figures are p50, p95, p99, throughput and error_rate");
    }

    private static OptionalDouble value(Figure figure, String text) {
        return switch (figure) {
            case P50, P95, P99 ->
                Durations.parse(text)
                        .map(time -> OptionalDouble.of(time.toNanos() / 1e6))
                        .orElse(OptionalDouble.empty());
            case THROUGHPUT -> number(text.endsWith("/s") ? text.substring(0, text.length() - 2) : text, 1);
            case ERROR_RATE -> text.endsWith("%") ? number(text.substring(0, text.length() - 1), 100) : number(text, 1);
        };
    }

    private static OptionalDouble number(String text, double by) {
        try {
            return OptionalDouble.of(new BigDecimal(text.strip()).doubleValue() / by);
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /// Where no instance came to its end, so that there is nothing to hold it against.
    List<Integer> unmeasuredAt(List<BenchmarkLevel> levels) {
        return levels.stream()
                .filter(level -> level.passed() == 0 && figure != Figure.ERROR_RATE)
                .map(BenchmarkLevel::concurrency)
                .toList();
    }

    /// A time that took no instance to its end is no time reached.
    boolean holds(BenchmarkLevel level) {
        double actual = level.figure(figure);
        return (level.passed() > 0 || figure == Figure.ERROR_RATE)
                && switch (operator) {
                    case "<" -> actual < value;
                    case "<=" -> actual <= value;
                    case ">" -> actual > value;
                    case ">=" -> actual >= value;
                    default -> throw new IllegalStateException(operator);
                };
    }

    List<Integer> missedAt(List<BenchmarkLevel> levels) {
        List<Integer> missed = new ArrayList<>();
        for (BenchmarkLevel level : levels) {
            if (!holds(level)) {
                missed.add(level.concurrency());
            }
        }
        return missed;
    }
}
