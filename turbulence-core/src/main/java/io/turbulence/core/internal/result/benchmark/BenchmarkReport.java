package io.turbulence.core.internal.result.benchmark;

import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.soundness.Soundness;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a benchmark came to.
///
/// @param file         where it is written
/// @param baselineFile what it is compared with; null for nothing
/// @param changed      what is not as it was when the baseline was measured
/// @param soundness    whether its figures can be believed, as far as that lies with who measured
public record BenchmarkReport(
        RunInfo run,
        List<BenchmarkLevel> levels,
        List<BenchmarkTarget> targets,
        List<String> advice,
        Path file,
        @Nullable Path baselineFile,
        @Nullable BenchmarkComparison comparison,
        List<String> changed,
        Soundness soundness) {

    public BenchmarkReport {
        levels = List.copyOf(levels);
        targets = List.copyOf(targets);
        advice = List.copyOf(advice);
        changed = List.copyOf(changed);
    }

    /// @param baseline null for none
    /// @param watch    what looked after the process; closed
    public static BenchmarkReport of(
            RunInfo run,
            List<BenchmarkLevel> levels,
            List<BenchmarkTarget> targets,
            Path file,
            @Nullable BenchmarkFile baseline,
            BenchmarkWatch watch) {
        return of(run, levels, targets, file, baseline, watch.verdict());
    }

    static BenchmarkReport of(
            RunInfo run,
            List<BenchmarkLevel> levels,
            List<BenchmarkTarget> targets,
            Path file,
            @Nullable BenchmarkFile baseline,
            Soundness soundness) {
        return new BenchmarkReport(
                run,
                levels,
                targets,
                BenchmarkAdvice.of(levels, targets),
                file,
                baseline == null ? null : baseline.path(),
                baseline == null ? null : BenchmarkComparison.of(baseline.levels(), levels),
                baseline == null ? List.of() : baseline.changes(run),
                soundness);
    }

    /// How often a target holds, each counted once for each level.
    public long held() {
        return levels.stream()
                .mapToLong(level ->
                        targets.stream().filter(target -> target.holds(level)).count())
                .sum();
    }

    public long missed() {
        return (long) levels.size() * targets.size() - held();
    }

    /// 2 when a target is missed or the baseline was better; 1 when instances failed, unless a target says how
    /// many may.
    public ExitCode exitCode() {
        Set<ExitCode> applying = EnumSet.noneOf(ExitCode.class);
        if (missed() > 0 || (comparison != null && comparison.isWorse())) {
            applying.add(ExitCode.THRESHOLD);
        }
        boolean decided = targets.stream().anyMatch(target -> target.figure() == BenchmarkLevel.Figure.ERROR_RATE);
        if (!decided && levels.stream().anyMatch(level -> level.failed() > 0)) {
            applying.add(ExitCode.INSTANCES_FAILED);
        }
        return ExitCode.of(applying);
    }
}
