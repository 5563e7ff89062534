package io.turbulence.core.internal.result.figures;

import io.turbulence.core.internal.check.Figure;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.result.figures.StepStatistics.Counts;
import io.turbulence.core.internal.result.figures.StepStatistics.Time;
import java.util.OptionalDouble;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/// Figures of steps from their counts.
final class StepFigures {

    private StepFigures() {}

    /// Whether the figure looks at the step.
    static boolean names(Figure.OfSteps figure, StepInfo step) {
        if (figure.step() == null) {
            return step.kind() == StepInfo.Kind.ACTION;
        }
        return figure.step().equals(step.name())
                && (figure.scenario() == null || figure.scenario().equals(step.scenario()));
    }

    static OptionalDouble of(Counts counts, Figure.StepFigure figure) {
        return switch (figure) {
            case Figure.StepCount count -> of(counts, count);
            case Figure.Time time -> of(counts.histogram(time(time.measure())), time.point());
        };
    }

    private static OptionalDouble of(Counts counts, Figure.StepCount figure) {
        return switch (figure) {
            case COUNT -> OptionalDouble.of((double) counts.executed());
            case OK -> OptionalDouble.of((double) counts.ok);
            case FAILED -> OptionalDouble.of((double) counts.failed);
            case ERROR_RATE ->
                counts.executed() == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of((double) counts.failed / counts.executed());
        };
    }

    private static OptionalDouble of(@Nullable AbstractHistogram histogram, Figure.Point point) {
        if (histogram == null || histogram.getTotalCount() == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                switch (point) {
                    case MIN -> Statistics.millis(histogram.getMinValue());
                    case MEAN -> histogram.getMean() / 1000;
                    case MAX -> Statistics.millis(histogram.getMaxValue());
                    case P50, P90, P95, P99, P999 ->
                        Statistics.millis(histogram.getValueAtPercentile(point.percentile()));
                });
    }

    static Time time(Figure.Measure measure) {
        return switch (measure) {
            case LATENCY -> Time.LATENCY;
            case SCHEDULED_LATENCY -> Time.SCHEDULED_LATENCY;
            case POOL_WAIT -> Time.POOL_WAIT;
        };
    }
}
