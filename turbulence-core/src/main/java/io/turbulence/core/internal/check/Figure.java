package io.turbulence.core.internal.check;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a threshold looks at.
public sealed interface Figure {

    /// Whether the figure is a share, written `99%` or `0.99`.
    default boolean isShare() {
        return switch (this) {
            case OfRun run -> run == OfRun.PASS_RATE;
            case OfSteps steps -> steps.figure() == StepCount.ERROR_RATE;
            case OfPool pool -> pool.figure() == PoolFigure.REUSE_RATE || pool.figure() == PoolFigure.ERROR_RATE;
        };
    }

    /// Whether the figure is a time in milliseconds.
    default boolean isTime() {
        return switch (this) {
            case OfRun run -> false;
            case OfSteps steps -> steps.figure() instanceof Time;
            case OfPool pool -> pool.figure().isTime();
        };
    }

    /// Of all measured instances.
    enum OfRun implements Figure {
        PASS_RATE,
        ERROR_COUNT,
        RATE_PER_S
    }

    /// Of steps, newest attempts, skipped ones and those of the warm-up left out.
    ///
    /// @param scenario null for any
    /// @param step     null for all action steps
    record OfSteps(@Nullable String scenario, @Nullable String step, StepFigure figure) implements Figure {}

    /// Of a service's pool.
    record OfPool(String service, PoolFigure figure) implements Figure {}

    /// What is looked at in steps.
    sealed interface StepFigure {}

    /// How many.
    enum StepCount implements StepFigure {
        COUNT,
        OK,
        FAILED,
        ERROR_RATE
    }

    /// A time in milliseconds.
    record Time(Measure measure, Point point) implements StepFigure {}

    /// Which time of a step.
    enum Measure {
        LATENCY,
        SCHEDULED_LATENCY,
        POOL_WAIT
    }

    /// A point of a distribution.
    enum Point {
        MIN,
        MEAN,
        P50,
        P90,
        P95,
        P99,
        P999,
        MAX;

        /// The percentile; NaN for the mean.
        public double percentile() {
            return switch (this) {
                case MIN -> 0;
                case MEAN -> Double.NaN;
                case P50 -> 50;
                case P90 -> 90;
                case P95 -> 95;
                case P99 -> 99;
                case P999 -> 99.9;
                case MAX -> 100;
            };
        }
    }

    /// What is looked at in a pool.
    enum PoolFigure {
        WAIT_P50_MS,
        WAIT_P99_MS,
        WAIT_MEAN_MS,
        WAIT_MAX_MS,
        OPENED,
        OPEN_FAILED,
        LEASES,
        REUSE_RATE,
        ERROR_RATE,
        IN_USE_MAX,
        WAITING_MAX,
        LEAKED;

        boolean isTime() {
            return name().endsWith("_MS");
        }

        /// As it is written in a threshold.
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
