package io.turbulence.core;

import io.turbulence.core.internal.result.figures.RunSummary;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a run came to. More stands in its folder.
///
/// @param exitCode what the program would exit with: 0 when all is good
/// @param folder   where the run's files are
/// @param passRate passed of passed and failed instances, 0 to 1
/// @param message  why it is not all good, in a few lines: what kept the run from its end, else the most frequent
///                 failures and the thresholds that do not hold; null when all is good
/// @param validity whether its figures can be believed
/// @param validityReasons why not, a sentence each, the worst first; empty when valid
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
        @Nullable String message,
        Validity validity,
        List<String> validityReasons) {

    public RunResult {
        validityReasons = List.copyOf(validityReasons);
    }

    /// Whether a run's figures can be believed. It says nothing of how good they are, and changes [#exitCode] only
    /// where
    /// [TurbulenceRun.Builder#requireValid] asks for it.
    public enum Validity {
        VALID,
        /// They may have been changed by who measured.
        SUSPECT,
        /// They were.
        INVALID
    }

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
                RunSession.why(summary),
                switch (summary.validity()) {
                    case VALID -> Validity.VALID;
                    case SUSPECT -> Validity.SUSPECT;
                    case INVALID -> Validity.INVALID;
                },
                summary.validityReasons());
    }

    /// Whether everything passed and all thresholds hold.
    public boolean ok() {
        return exitCode == 0;
    }
}
