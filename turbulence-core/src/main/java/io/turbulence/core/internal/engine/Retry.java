package io.turbulence.core.internal.engine;

import io.turbulence.api.Failure;
import io.turbulence.api.Outcome;
import io.turbulence.core.internal.definition.expression.Expression;
import io.turbulence.core.internal.engine.workload.Randomness;
import io.turbulence.core.internal.observation.Exchange;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// When a step is attempted again, and after how long.
///
/// @param onStatus statuses as the protocol writes them
/// @param onAny    none of the conditions was given: whatever was no success is attempted again
/// @param fixed    the pause between attempts; null for an exponential one
public record Retry(
        int maxAttempts,
        Set<String> onStatus,
        boolean onTimeout,
        boolean onConnectionError,
        @Nullable Expression when,
        boolean onAny,
        @Nullable Duration fixed,
        Duration base,
        Duration most,
        boolean jitter) {

    private static final int PLACE = -1;

    /// @throws io.turbulence.core.internal.definition.expression.EvaluationException when `when` has no value
    boolean again(Execution execution, Exchange exchange, int attempt) {
        if (attempt >= maxAttempts) {
            return false;
        }
        boolean wanted = switch (exchange.outcome()) {
            case Outcome.Completed completed ->
                onStatus.contains(completed.status()) || (onAny && !completed.success());
            case Outcome.Failed failed -> onAny || onFailure(failed.failure());
        };
        return wanted || (when != null && when.test(execution));
    }

    private boolean onFailure(Failure failure) {
        return switch (failure) {
            case TIMEOUT, POOL -> onTimeout;
            case RESOLVE, CONNECT, TLS, CLOSED -> onConnectionError;
            case TOO_LARGE, PROTOCOL, CANCELLED -> false;
        };
    }

    Duration pause(Execution execution, int attempt) {
        Duration pause = fixed == null ? exponential(attempt) : fixed;
        if (!jitter || fixed != null) {
            return pause;
        }
        return Duration.ofNanos(Randomness.below(execution.random(PLACE), pause.toNanos() + 1));
    }

    private Duration exponential(int attempt) {
        double factor = Math.pow(2, attempt - 1.0);
        double nanos = Math.min(base.toNanos() * factor, (double) most.toNanos());
        return Duration.ofNanos((long) nanos);
    }
}
