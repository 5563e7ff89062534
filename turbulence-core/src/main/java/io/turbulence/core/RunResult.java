package io.turbulence.core;

import io.turbulence.core.internal.result.RunSummary;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What a run came to. More stands in its folder.
///
/// @param exitCode what the program would exit with: 0 when all is good
/// @param folder   where the run's files are
/// @param passRate passed of passed and failed instances, 0 to 1
/// @param message  why it is not all good, in a few lines: what kept the run from its end, else the most frequent
///                 failures and the thresholds that do not hold; null when all is good
public record RunResult(
        String runId,
        long seed,
        int exitCode,
        Path folder,
        long total,
        long passed,
        long failed,
        long aborted,
        double passRate,
        boolean interrupted,
        @Nullable String message) {

    static RunResult of(RunSummary summary) {
        return new RunResult(
                summary.runId(),
                summary.seed(),
                summary.exitCode().number(),
                summary.folder(),
                summary.instances().total(),
                summary.instances().passed(),
                summary.instances().failed(),
                summary.instances().aborted(),
                summary.passRate(),
                summary.interrupted(),
                RunSession.why(summary));
    }

    /// Whether everything passed and all thresholds hold.
    public boolean ok() {
        return exitCode == 0;
    }
}
