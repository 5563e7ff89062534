package io.turbulence.core.internal.engine;

import java.util.List;

/// When the arrivals of an open workload are due: the n-th when the integral of the rate reaches n.
final class Arrivals {

    /// No further arrival.
    static final long NONE = -1;

    private final List<Workload.Stage> stages;
    private int stage;
    private double stageStartSeconds;
    private double arrivedBefore;
    private long arrived;

    Arrivals(List<Workload.Stage> stages) {
        this.stages = List.copyOf(stages);
    }

    /// When the next arrival is due, in nanoseconds from the start; [#NONE] after the last.
    long next() {
        while (stage < stages.size()) {
            Workload.Stage current = stages.get(stage);
            double seconds = current.duration().toNanos() / 1e9;
            double inStage = (current.fromPerSecond() + current.toPerSecond()) / 2 * seconds;
            double wanted = arrived - arrivedBefore;
            if (wanted < inStage - 1e-9) {
                arrived++;
                return (long) ((stageStartSeconds + after(current, seconds, wanted)) * 1e9);
            }
            stageStartSeconds += seconds;
            arrivedBefore += inStage;
            stage++;
        }
        return NONE;
    }

    /// Solves `from·t + slope·t²/2 = wanted` for t.
    private static double after(Workload.Stage stage, double seconds, double wanted) {
        double from = stage.fromPerSecond();
        double slope = seconds == 0 ? 0 : (stage.toPerSecond() - from) / seconds;
        if (Math.abs(slope) < 1e-12) {
            return from == 0 ? 0 : wanted / from;
        }
        double root = Math.sqrt(Math.max(0, from * from + 2 * slope * wanted));
        return 2 * wanted / (from + root + (from + root == 0 ? 1 : 0));
    }
}
