package io.turbulence.core;

import io.turbulence.core.internal.result.comparison.RunComparison;
import io.turbulence.core.internal.result.figures.ExitCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Two runs beside each other: which steps became better or worse, as far as their figures can tell that from chance.
/// Immutable.
public final class RunDiff {

    private final RunComparison comparison;

    private RunDiff(RunComparison comparison) {
        this.comparison = comparison;
    }

    /// @param before the run to compare with
    /// @param after  the run that is judged
    /// @throws IllegalArgumentException when they have no step in common
    /// @throws UncheckedIOException     when a folder holds no run that has ended
    public static RunDiff of(RunFolder before, RunFolder after) {
        return of(before, after, RunComparison.USUAL_LIMIT);
    }

    /// As [#of(RunFolder, RunFolder)], looking for another difference than 10 %.
    ///
    /// @param share 0.1 for 10 %: a time that could differ by more is `unclear` and not `same`
    public static RunDiff of(RunFolder before, RunFolder after, double share) {
        try {
            return new RunDiff(RunComparison.of(before.path(), after.path(), share));
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /// One figure of one step.
    ///
    /// @param figure  `p50`, `p95` or `failed`
    /// @param verdict `better`, `same`, `worse`, `unclear` where a difference that matters is neither shown nor ruled
    /// out,
    ///     or `unknown` where there are too few executions
    /// @param before  milliseconds, or a share from 0 to 1
    /// @param after   the same
    /// @param change  of a time the share by which it grew, 0.1 for 10 %; of a share of failures the difference
    /// @param low     it is not less than this, at the confidence of the whole comparison
    /// @param high    it is not more
    public record Change(
            String scenario,
            String step,
            String figure,
            String verdict,
            double before,
            double after,
            double change,
            double low,
            double high) {}

    public List<Change> changes() {
        return comparison.lines().stream()
                .map(line -> new Change(
                        line.scenario(),
                        line.step(),
                        line.figure().name().toLowerCase(Locale.ROOT),
                        line.verdict().name().toLowerCase(Locale.ROOT),
                        line.before(),
                        line.after(),
                        line.change(),
                        line.low(),
                        line.high()))
                .toList();
    }

    /// The comparison as text.
    public List<String> render(boolean colour, int width) {
        return comparison.render(colour, width);
    }

    /// The figures, as `step p95`, of which cannot be told whether they are worse.
    public List<String> unclear() {
        return comparison.unclear();
    }

    /// What the program exits with: 2 when a step is worse by more than the share, or fails more often.
    ///
    /// @param share 0.1 for 10 %; null when nothing fails the comparison
    public int exitCode(@Nullable Double share) {
        return share != null && comparison.hasRegression(share) ? ExitCode.THRESHOLD.number() : ExitCode.GOOD.number();
    }
}
