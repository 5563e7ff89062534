package io.turbulence.core.internal.result.comparison;

import io.turbulence.core.internal.result.figures.Quantiles;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;

/* Seconds of a run are not independent of each other: a garbage collection or a slow minute takes many requests at
 * once. So a run is cut into stretches, and how much the stretches differ tells how sure its figure is, with what
 * neighbours have in common taken out. A run too short for that is judged by its samples as if each were by itself.
 * The figure itself is that of all samples either way, as it is shown. */

/// By how much a figure differs between two runs, and how sure that is.
///
/// @param change of a time the share by which it grew, 0.1 for 10 %; of a share of failures the difference
/// @param low    it is not less than this, as far as the confidence goes
/// @param high   it is not more
record Difference(double change, double low, double high) {

    /// Stretches from which how they vary can be told.
    static final int FEWEST = 3;

    private static final double MOST_IN_COMMON = 0.9;
    private static final double Z95 = 1.959964;

    /// A mean, and how sure it is.
    ///
    /// @param degrees of freedom; infinite where the error is not estimated from stretches
    private record Estimate(double mean, double error, double degrees) {}

    /// Of a percentile.
    ///
    /// @param alpha how often it may be wrong when nothing differs
    static Difference ofPercentile(
            double percentile,
            List<? extends AbstractHistogram> before,
            AbstractHistogram allBefore,
            List<? extends AbstractHistogram> after,
            AbstractHistogram allAfter,
            double alpha) {
        boolean stretches = before.size() >= FEWEST && after.size() >= FEWEST;
        Estimate a = percentile(percentile, stretches ? before : List.of(), allBefore);
        Estimate b = percentile(percentile, stretches ? after : List.of(), allAfter);
        Difference logarithm = between(a, b, alpha);
        return new Difference(
                Math.expm1(logarithm.change()), Math.expm1(logarithm.low()), Math.expm1(logarithm.high()));
    }

    /// Of a share.
    ///
    /// @param before shares of stretches
    static Difference ofShare(
            List<Double> before,
            long hitsBefore,
            long countBefore,
            List<Double> after,
            long hitsAfter,
            long countAfter,
            double alpha) {
        return between(share(before, hitsBefore, countBefore), share(after, hitsAfter, countAfter), alpha);
    }

    /// The error is the larger of what the stretches tell and what chance alone would make.
    ///
    /// @param stretches none where they are too few
    private static Estimate percentile(
            double percentile, List<? extends AbstractHistogram> stretches, AbstractHistogram all) {
        Estimate chance = ofSamples(percentile, all);
        if (stretches.isEmpty()) {
            return chance;
        }
        Estimate varying = ofStretches(percentile, stretches);
        return varying.error() > chance.error()
                ? new Estimate(chance.mean(), varying.error(), varying.degrees())
                : chance;
    }

    /// The error is the larger of what the stretches tell and what chance alone would make.
    private static Estimate share(List<Double> stretches, long hits, long count) {
        double smoothed = (hits + 2.0) / (count + 4.0);
        double chance = Math.sqrt(smoothed * (1 - smoothed) / (count + 4.0));
        double mean = (double) hits / count;
        if (stretches.size() < FEWEST) {
            return new Estimate(mean, chance, Double.POSITIVE_INFINITY);
        }
        Estimate varying =
                ofValues(stretches.stream().mapToDouble(Double::doubleValue).toArray());
        return varying.error() > chance
                ? new Estimate(mean, varying.error(), varying.degrees())
                : new Estimate(mean, chance, Double.POSITIVE_INFINITY);
    }

    private static Estimate ofStretches(double percentile, List<? extends AbstractHistogram> stretches) {
        return ofValues(stretches.stream()
                .mapToDouble(histogram -> Math.log(Math.max(1, histogram.getValueAtPercentile(percentile))))
                .toArray());
    }

    /// From the ranks between which the percentile lies.
    private static Estimate ofSamples(double percentile, AbstractHistogram all) {
        double share = percentile / 100;
        double around = Z95 * Math.sqrt(share * (1 - share) / all.getTotalCount()) * 100;
        double low = Math.log(Math.max(1, all.getValueAtPercentile(Math.max(0, percentile - around))));
        double high = Math.log(Math.max(1, all.getValueAtPercentile(Math.min(100, percentile + around))));
        double mean = Math.log(Math.max(1, all.getValueAtPercentile(percentile)));
        return new Estimate(mean, (high - low) / (2 * Z95), Double.POSITIVE_INFINITY);
    }

    private static Estimate ofValues(double[] values) {
        int n = values.length;
        double mean = 0;
        for (double value : values) {
            mean += value / n;
        }
        double squares = 0;
        double neighbours = 0;
        for (int i = 0; i < n; i++) {
            squares += (values[i] - mean) * (values[i] - mean);
            if (i > 0) {
                neighbours += (values[i] - mean) * (values[i - 1] - mean);
            }
        }
        double common = squares == 0 ? 0 : Math.clamp(neighbours / squares, 0, MOST_IN_COMMON);
        double effective = Math.max(2, n * (1 - common) / (1 + common));
        return new Estimate(mean, Math.sqrt(squares / (n - 1) / effective), effective - 1);
    }

    /// Welch's interval.
    private static Difference between(Estimate a, Estimate b, double alpha) {
        double va = a.error() * a.error();
        double vb = b.error() * b.error();
        double error = Math.sqrt(va + vb);
        double lessSure = va * va / a.degrees() + vb * vb / b.degrees();
        double degrees = lessSure == 0 ? Double.POSITIVE_INFINITY : (va + vb) * (va + vb) / lessSure;
        double around = Quantiles.student(1 - alpha / 2, degrees) * error;
        double change = b.mean() - a.mean();
        return new Difference(change, change - around, change + around);
    }
}
