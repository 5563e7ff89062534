package io.turbulence.core.internal.result.figures;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a run ended, as the one who ran it knows.
///
/// @param interrupted     by Ctrl-C or a signal
/// @param validity        as far as the one who ran it knows; the recorder adds what it saw
/// @param validityReasons in words; empty when valid
/// @param requireValid    whether a run that is not valid fails
/// @param stopped         why it could not start or go on; null when it ran to its end
public record RunEnd(
        Instant endedAt,
        boolean interrupted,
        Validity validity,
        List<String> validityReasons,
        boolean requireValid,
        @Nullable Stopped stopped) {

    /// Whether the figures of a run can be believed.
    public enum Validity {
        VALID,
        SUSPECT,
        INVALID
    }

    /// What else decides the exit code.
    ///
    /// @param message one sentence
    public record Stopped(ExitCode code, String message) {}

    public RunEnd {
        validityReasons = List.copyOf(validityReasons);
    }

    /// A valid run to its end.
    public static RunEnd normal(Instant endedAt) {
        return new RunEnd(endedAt, false, Validity.VALID, List.of(), false, null);
    }
}
