package io.turbulence.core.internal.engine.event;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one instance came to.
///
/// @param status     passed, failed, or aborted when it was cancelled before its end
/// @param steps      executed steps
/// @param failedStep the first step that failed it; null when it passed
/// @param error      why; null when it passed
/// @param told       what `now()` told its `entry`, in order
public record InstanceResult(
        InstanceInfo instance,
        Status status,
        Instant startedAt,
        long durationNanos,
        int steps,
        @Nullable String failedStep,
        @Nullable String error,
        Collection<String> secrets,
        List<Instant> told) {

    /// Of an instance that did not ask for the time at its beginning.
    public InstanceResult(
            InstanceInfo instance,
            Status status,
            Instant startedAt,
            long durationNanos,
            int steps,
            @Nullable String failedStep,
            @Nullable String error,
            Collection<String> secrets) {
        this(instance, status, startedAt, durationNanos, steps, failedStep, error, secrets, List.of());
    }

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
