package io.turbulence.core.internal.engine;

import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// What one instance came to.
///
/// @param status     passed, failed, or aborted when it was cancelled before its end
/// @param steps      executed steps
/// @param failedStep the first step that failed it; null when it passed
/// @param error      why; null when it passed
public record InstanceResult(
        InstanceInfo instance,
        Status status,
        Instant startedAt,
        long durationNanos,
        int steps,
        @Nullable String failedStep,
        @Nullable String error,
        Collection<String> secrets) {

    /// How an instance ended.
    public enum Status {
        PASSED,
        FAILED,
        ABORTED
    }

    public boolean ok() {
        return status == Status.PASSED;
    }
}
