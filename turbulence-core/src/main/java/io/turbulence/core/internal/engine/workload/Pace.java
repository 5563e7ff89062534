package io.turbulence.core.internal.engine.workload;

import org.jspecify.annotations.Nullable;

/// When the instances of one slot of a closed workload are due. Without pacing always now. With it the slots begin
/// spread over the first pace, and an instance that took longer than its pace is not made up for. For one thread.
public final class Pace {

    private final long seed;
    private final Workload.@Nullable Pacing pacing;
    private long due;

    public Pace(long seed, Workload.@Nullable Pacing pacing, long start, int slot, int slots) {
        this.seed = Randomness.key(seed, "pacing");
        this.pacing = pacing;
        this.due = pacing == null ? start : start + pacing.mean().toNanos() / slots * slot;
    }

    /// On the clock of [System#nanoTime]; in the past when there is no reason to wait.
    public long due() {
        return due;
    }

    /// An instance begins now.
    ///
    /// @return when it was due
    public long begin(long number) {
        long now = System.nanoTime();
        if (pacing == null) {
            return now;
        }
        long wasDue = due;
        long least = pacing.least().toNanos();
        long range = pacing.most().toNanos() - least;
        due = Math.max(now, wasDue) + least + Randomness.below(Randomness.key(seed, number), range + 1);
        return wasDue;
    }
}
