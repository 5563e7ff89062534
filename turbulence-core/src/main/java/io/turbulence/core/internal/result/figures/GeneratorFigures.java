package io.turbulence.core.internal.result.figures;

import org.jspecify.annotations.Nullable;

/// How the process that made the load did while it was measured.
///
/// @param busy      share of its processors' time that it took
/// @param starved   share of the time it wanted a processor in which it had none
/// @param machine   share of the machine's processors that all programs took
/// @param pauses    of garbage collection
/// @param pinned    virtual threads that waited and kept their carrier
/// @param clockJump by how much the wall clock went away from the monotonic one, in seconds, the furthest
public record GeneratorFigures(
        Stretches busy, Stretches starved, Stretches machine, Pauses pauses, Pinned pinned, double clockJump) {

    public static final GeneratorFigures NONE =
            new GeneratorFigures(Stretches.NONE, Stretches.NONE, Stretches.NONE, Pauses.NONE, Pinned.NONE, 0);

    /// A share over time, and how long it was above two limits.
    ///
    /// @param mean         0 to 1
    /// @param highest      of a second
    /// @param high         seconds above the lower limit, in all
    /// @param highMean     the share in these
    /// @param veryHigh     seconds above the upper limit, in all
    /// @param veryHighMean the share in these
    public record Stretches(
            double mean, double highest, double high, double highMean, double veryHigh, double veryHighMean) {
        public static final Stretches NONE = new Stretches(0, 0, 0, 0, 0, 0);
    }

    /// @param longestMillis  of one
    /// @param worstTenMillis of all in any ten seconds
    public record Pauses(long longestMillis, long worstTenMillis) {
        public static final Pauses NONE = new Pauses(0, 0);
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
        public static final Pinned NONE = new Pinned(0, 0, 0, 0, null);
    }
}
