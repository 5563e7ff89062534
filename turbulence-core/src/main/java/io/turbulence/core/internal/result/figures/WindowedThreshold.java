package io.turbulence.core.internal.result.figures;

import static java.util.Objects.requireNonNull;

import io.turbulence.core.internal.check.Figure;
import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.check.Threshold.Sense;
import io.turbulence.core.internal.check.ThresholdResult;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.result.figures.StepStatistics.Counts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalDouble;

/// A threshold that must hold over each stretch of so many seconds of the run proper. Its result is that of the worst
/// stretch; a run shorter than one is one. Stretches that end before it is to be looked at count only where no other
/// did. Intervals are put in by one thread; [#result] may be called from any.
final class WindowedThreshold {

    /// Who ends intervals is not exact.
    private static final double TOLERANCE = 0.2;

    private final Threshold threshold;
    private final double window;
    private final double after;
    private final Deque<Interval> intervals = new ArrayDeque<>();
    private Counts current = Counts.narrow();
    private boolean begun;
    private boolean ending;
    private double start;
    private double from;

    /// Whether there was a whole window: until then nothing is left out.
    private boolean looked;

    private RunSummary.Instances before = new RunSummary.Instances(0, 0, 0, 0);
    private OptionalDouble early = OptionalDouble.empty();
    private volatile OptionalDouble worst = OptionalDouble.empty();

    private record Interval(double from, double to, Counts counts, long passed, long failed) {}

    WindowedThreshold(Threshold threshold) {
        this.threshold = threshold;
        this.window = seconds(requireNonNull(threshold.window(), "window"));
        this.after = seconds(threshold.after());
    }

    Threshold threshold() {
        return threshold;
    }

    /// The run proper began; what comes before is in no window. Saying so twice is fine.
    void begin(double seconds) {
        if (!begun) {
            begun = true;
            start = seconds;
            from = seconds;
        }
    }

    void step(StepInfo step, Counts interval) {
        if (threshold.figure() instanceof Figure.OfSteps figure && StepFigures.names(figure, step)) {
            current.add(interval);
        }
    }

    /// Nothing more is started: from now on it is no sign of anything that little ends.
    void allStarted() {
        ending = true;
    }

    /// Ends an interval and looks at the newest window, once there was a whole one.
    void end(double seconds, RunSummary.Instances instances) {
        if (!begun) {
            return;
        }
        intervals.addLast(new Interval(
                from, seconds, current, instances.passed() - before.passed(), instances.failed() - before.failed()));
        current = Counts.narrow();
        from = seconds;
        before = instances;
        while (looked
                && intervals.size() > 1
                && isWhole(seconds - intervals.getFirst().to())) {
            intervals.removeFirst();
        }
        if (isWhole(seconds - intervals.getFirst().from())) {
            if (!ending || !isLeastAmount()) {
                looked = true;
                figure().ifPresent(this::see);
            }
        }
    }

    /// Ends the run after its last interval: one that had no whole window is judged as it is.
    ///
    /// @param measuredTo when the last instance ended
    void finish(double measuredTo) {
        if (!looked && !intervals.isEmpty()) {
            from = Math.min(from, measuredTo);
            figure().ifPresent(this::see);
        }
        if (worst.isEmpty()) {
            worst = early;
        }
    }

    ThresholdResult result() {
        OptionalDouble actual = worst;
        return new ThresholdResult(threshold, actual.isPresent() && threshold.holds(actual.getAsDouble()), actual);
    }

    /// Whether it asks for a least number, of what there is less when a run ends.
    private boolean isLeastAmount() {
        boolean least = switch (threshold.operator()) {
            case GREATER, AT_LEAST -> threshold.sense() == Sense.MUST_HOLD;
            case LESS, AT_MOST -> threshold.sense() == Sense.FAILS;
            case EQUAL -> false;
        };
        return least && !threshold.figure().isShare() && !threshold.figure().isTime();
    }

    private boolean isWhole(double length) {
        return length >= window - TOLERANCE;
    }

    private void see(double figure) {
        if (from - start < after) {
            early = worse(figure, early);
        } else {
            worst = worse(figure, worst);
        }
    }

    private OptionalDouble worse(double figure, OptionalDouble known) {
        return known.isEmpty() || isWorse(figure, known.getAsDouble()) ? OptionalDouble.of(figure) : known;
    }

    private boolean isWorse(double figure, double known) {
        boolean mustHold = threshold.sense() == Sense.MUST_HOLD;
        return switch (threshold.operator()) {
            case LESS, AT_MOST -> mustHold ? figure > known : figure < known;
            case GREATER, AT_LEAST -> mustHold ? figure < known : figure > known;
            case EQUAL -> threshold.holds(known);
        };
    }

    private OptionalDouble figure() {
        return switch (threshold.figure()) {
            case Figure.OfSteps figure -> {
                Counts all = Counts.wide();
                intervals.forEach(interval -> all.add(interval.counts()));
                yield StepFigures.of(all, figure.figure());
            }
            case Figure.OfRun figure -> figure(figure);
            case Figure.OfPool ignored -> OptionalDouble.empty();
        };
    }

    private OptionalDouble figure(Figure.OfRun figure) {
        long passed = 0;
        long failed = 0;
        for (Interval interval : intervals) {
            passed += interval.passed();
            failed += interval.failed();
        }
        long ended = passed + failed;
        double length = from - intervals.getFirst().from();
        return switch (figure) {
            case ERROR_COUNT -> OptionalDouble.of((double) failed);
            case PASS_RATE -> ended == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) passed / ended);
            case RATE_PER_S -> OptionalDouble.of(ended / length);
        };
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
