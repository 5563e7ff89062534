package io.turbulence.core.internal.engine.workload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// When the arrivals of an open workload are due: the n-th when the integral of the rate reaches n, or, where they
/// are independent of each other, the sum of n exponentially distributed draws. For one thread.
public final class Arrivals {

    /// No further arrival.
    public static final long NONE = -1;

    private final List<Workload.Stage> stages;
    private final @Nullable Shard shard;
    private long taken;
    private int stage;
    private double stageStartSeconds;
    private double arrivedBefore;
    private long arrived;

    /// What the integral of the rate reaches when the next one is due.
    private double position;

    private final Workload.Spacing spacing;
    private final long key;

    /// Evenly spaced.
    public Arrivals(List<Workload.Stage> stages) {
        this(stages, Workload.Spacing.EVEN, 0, null);
    }

    /// @param key of all draws
    public Arrivals(List<Workload.Stage> stages, Workload.Spacing spacing, long key) {
        this(stages, spacing, key, null);
    }

    /// @param key   of all draws
    /// @param shard whose arrivals; null for all
    public Arrivals(List<Workload.Stage> stages, Workload.Spacing spacing, long key, @Nullable Shard shard) {
        this.stages = List.copyOf(stages);
        this.spacing = spacing;
        this.key = key;
        this.position = spacing == Workload.Spacing.EVEN ? 0 : draw(0);
        this.shard = shard;
    }

    /// When the next arrival is due, in nanoseconds from the start; [#NONE] after the last.
    public long next() {
        if (shard == null) {
            return nextOfAll();
        }
        long mine = shard.number(taken++);
        long due = nextOfAll();
        while (due != NONE && arrived <= mine) {
            due = nextOfAll();
        }
        return due;
    }

    private long nextOfAll() {
        while (stage < stages.size()) {
            Workload.Stage current = stages.get(stage);
            double seconds = current.duration().toNanos() / 1e9;
            double inStage = (current.fromPerSecond() + current.toPerSecond()) / 2 * seconds;
            double wanted = position - arrivedBefore;
            if (wanted < inStage - 1e-9) {
                arrived++;
                position = switch (spacing) {
                    case EVEN -> arrived;
                    case POISSON -> position + draw(arrived);
                };
                return (long) ((stageStartSeconds + after(current, seconds, wanted)) * 1e9);
            }
            stageStartSeconds += seconds;
            arrivedBefore += inStage;
            stage++;
        }
        return NONE;
    }

    /// Exponentially distributed, 1 in the mean.
    private double draw(long number) {
        return -Math.log1p(-Randomness.fraction(Randomness.key(key, number)));
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
