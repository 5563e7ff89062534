package io.turbulence.core.internal.result;

import org.jspecify.annotations.Nullable;

/// How the process that made the load did while it was measured.
///
/// @param cpuMean   share of its processors that it took, 0 to 1
/// @param cpuMax    the same in the busiest second
/// @param busy      most of its processors' time that it took
/// @param starved   most of the time it wanted a processor that it had none
/// @param machine   most of the machine's processors that all programs took
/// @param pauses    of garbage collection
/// @param pinned    virtual threads that waited and kept their carrier
/// @param clockJump by how much the wall clock went away from the monotonic one, in seconds, the furthest
public record GeneratorFigures(
        double cpuMean,
        double cpuMax,
        Stretches busy,
        Stretches starved,
        Stretches machine,
        Pauses pauses,
        Pinned pinned,
        double clockJump) {

    static final GeneratorFigures NONE =
            new GeneratorFigures(0, 0, Stretches.NONE, Stretches.NONE, Stretches.NONE, Pauses.NONE, Pinned.NONE, 0);

    /// A share, and for how long without a break it was above two limits.
    ///
    /// @param high          seconds above the lower limit, the longest stretch
    /// @param highMean      the share in that stretch, 0 to 1
    /// @param veryHigh      seconds above the upper limit, the longest stretch
    /// @param veryHighMean  the share in that stretch, 0 to 1
    public record Stretches(double high, double highMean, double veryHigh, double veryHighMean) {
        static final Stretches NONE = new Stretches(0, 0, 0, 0);
    }

    /// @param longestMillis  of one
    /// @param worstTenMillis of all in any ten seconds
    public record Pauses(long longestMillis, long worstTenMillis) {
        static final Pauses NONE = new Pauses(0, 0);
    }

    /// @param count         pins of more than 20 ms
    /// @param millis        of all of them
    /// @param longestMillis of one
    /// @param carriersShare of the time of all carriers, 0 to 1
    /// @param where         why the longest was; null when nobody tells
    public record Pinned(
            long count,
            long millis,
            long longestMillis,
            double carriersShare,
            @Nullable String where) {
        static final Pinned NONE = new Pinned(0, 0, 0, 0, null);
    }
}
