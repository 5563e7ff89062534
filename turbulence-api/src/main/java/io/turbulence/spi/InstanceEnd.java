package io.turbulence.spi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What an instance came to, secrets masked.
///
/// @param steps      how many it executed
/// @param failedStep the first that failed it; null when it passed
/// @param error      why; null when it passed
public record InstanceEnd(
        ObservedInstance instance,
        Instant startedAt,
        Instant endedAt,
        Result result,
        int steps,
        @Nullable String failedStep,
        @Nullable String error) {

    /// How an instance ends.
    public enum Result {
        PASSED,
        FAILED,
        /// It was cancelled before its end.
        ABORTED
    }
}
