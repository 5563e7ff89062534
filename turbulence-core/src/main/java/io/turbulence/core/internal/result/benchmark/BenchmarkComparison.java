package io.turbulence.core.internal.result.benchmark;

import io.turbulence.core.internal.result.benchmark.BenchmarkLevel.Figure;
import java.util.ArrayList;
import java.util.List;

/// A benchmark beside an earlier one.
///
/// Compared are the medians of the rounds, and of failures all of them. A difference counts when it is greater than
/// the noise that either benchmark measured: what its own rounds differed by.
///
/// @param rows in the order of levels and figures
public record BenchmarkComparison(List<Row> rows) {

    private static final double LEAST_PART = 0.02;
    private static final double LEAST_MILLIS = 0.1;
    private static final double LEAST_ERROR_RATE = 0.005;

    public BenchmarkComparison {
        rows = List.copyOf(rows);
    }

    /// How a figure stands to its baseline.
    public enum Verdict {
        BETTER,
        SAME,
        WORSE
    }

    /// One figure at one level.
    ///
    /// @param noise a difference up to this says nothing
    public record Row(int concurrency, Figure figure, double before, double now, double noise, Verdict verdict) {

        /// Whether it cannot be told: the noise is as large as what was measured.
        boolean isUnderTheNoise() {
            return verdict == Verdict.SAME && figure != Figure.ERROR_RATE && noise >= Math.min(before, now);
        }
    }

    /// Compares the levels that both have.
    static BenchmarkComparison of(List<BenchmarkLevel> baseline, List<BenchmarkLevel> levels) {
        List<Row> rows = new ArrayList<>();
        for (BenchmarkLevel level : levels) {
            for (BenchmarkLevel before : baseline) {
                if (before.concurrency() == level.concurrency()) {
                    for (Figure figure : Figure.values()) {
                        rows.add(row(before, level, figure));
                    }
                }
            }
        }
        return new BenchmarkComparison(rows);
    }

    boolean isWorse() {
        return rows.stream().anyMatch(row -> row.verdict() == Verdict.WORSE);
    }

    private static Row row(BenchmarkLevel before, BenchmarkLevel level, Figure figure) {
        boolean errors = figure == Figure.ERROR_RATE;
        double then = errors ? before.errorRate() : before.median(figure);
        double now = errors ? level.errorRate() : level.median(figure);
        // Failures that come and go are no noise of the measurement
        double rounds = errors ? before.noise(figure) : Math.max(before.noise(figure), level.noise(figure));
        double noise = Math.max(least(figure, then), rounds);
        double worseBy = figure.lessIsBetter() ? now - then : then - now;
        Verdict verdict = worseBy > noise ? Verdict.WORSE : -worseBy > noise ? Verdict.BETTER : Verdict.SAME;
        return new Row(level.concurrency(), figure, then, now, noise, verdict);
    }

    /// What no measurement is finer than, also when rounds happen to agree.
    private static double least(Figure figure, double value) {
        return switch (figure) {
            case P50, P95, P99 -> Math.max(LEAST_MILLIS, value * LEAST_PART);
            case THROUGHPUT -> value * LEAST_PART;
            case ERROR_RATE -> LEAST_ERROR_RATE;
        };
    }
}
