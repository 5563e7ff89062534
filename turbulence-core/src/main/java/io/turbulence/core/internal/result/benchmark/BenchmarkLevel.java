package io.turbulence.core.internal.result.benchmark;

import io.turbulence.core.internal.result.figures.RunSummary.Times;
import io.turbulence.core.internal.result.text.Style;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a benchmark measured with so many instances at a time. Times are of whole instances, in milliseconds.
///
/// @param rounds        what each round measured by itself: how much they differ is the noise
/// @param slowest       the step in which instances spent most time; null when none did anything
/// @param slowestShare  which part of an instance's time that was, 0 to 1
/// @param waitedFor     the service for whose connections instances waited longest; null when none was waited for
/// @param waitedShare   which part of an instance's time that was, 0 to 1
/// @param failure       the most frequent failure; null when none failed
public record BenchmarkLevel(
        int concurrency,
        long passed,
        long failed,
        double seconds,
        Times latency,
        List<Round> rounds,
        @Nullable String slowest,
        double slowestShare,
        @Nullable String waitedFor,
        double waitedShare,
        @Nullable String failure) {

    private static final double MARGIN = 1.5;

    public BenchmarkLevel {
        rounds = List.copyOf(rounds);
    }

    /// What is compared between two benchmarks, and what targets name.
    public enum Figure {
        P50("p50", "ms", true),
        P95("p95", "ms", true),
        P99("p99", "ms", true),
        THROUGHPUT("throughput", "/s", false),
        ERROR_RATE("error_rate", "", true);

        private final String key;
        private final String unit;
        private final boolean lessIsBetter;

        Figure(String key, String unit, boolean lessIsBetter) {
            this.key = key;
            this.unit = unit;
            this.lessIsBetter = lessIsBetter;
        }

        String key() {
            return key;
        }

        boolean lessIsBetter() {
            return lessIsBetter;
        }

        String text(double value) {
            return switch (this) {
                case P50, P95, P99 -> Style.millis(value) + " " + unit;
                case THROUGHPUT -> Style.rate(value) + unit;
                case ERROR_RATE -> Style.percent(value);
            };
        }
    }

    /// One round.
    public record Round(Map<Figure, Double> figures) {
        public Round {
            figures = Map.copyOf(figures);
        }

        double figure(Figure figure) {
            return figures.getOrDefault(figure, 0.0);
        }
    }

    long instances() {
        return passed + failed;
    }

    double errorRate() {
        return instances() == 0 ? 0 : (double) failed / instances();
    }

    double throughput() {
        return seconds <= 0 ? 0 : instances() / seconds;
    }

    /// Over all rounds together.
    double figure(Figure figure) {
        return switch (figure) {
            case P50 -> latency.p50();
            case P95 -> latency.p95();
            case P99 -> latency.p99();
            case THROUGHPUT -> throughput();
            case ERROR_RATE -> errorRate();
        };
    }

    /// The middle one of the rounds: a round that was disturbed does not move it.
    double median(Figure figure) {
        List<Double> sorted = sorted(figure);
        return sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2);
    }

    /// What a difference must be greater than to say something: one and a half times what the rounds differ by,
    /// the one left out that is farthest from the others.
    double noise(Figure figure) {
        List<Double> sorted = sorted(figure);
        if (sorted.size() < 3) {
            return sorted.isEmpty() ? 0 : sorted.getLast() - sorted.getFirst();
        }
        double withoutGreatest = sorted.get(sorted.size() - 2) - sorted.getFirst();
        double withoutLeast = sorted.getLast() - sorted.get(1);
        return MARGIN * Math.min(withoutGreatest, withoutLeast);
    }

    Map<Figure, Double> noise() {
        Map<Figure, Double> noise = new EnumMap<>(Figure.class);
        for (Figure figure : Figure.values()) {
            noise.put(figure, noise(figure));
        }
        return noise;
    }

    private List<Double> sorted(Figure figure) {
        return rounds.stream().map(round -> round.figure(figure)).sorted().toList();
    }
}
