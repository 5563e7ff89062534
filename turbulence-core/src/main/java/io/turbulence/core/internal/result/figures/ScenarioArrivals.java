package io.turbulence.core.internal.result.figures;

/// What became of the arrivals of a scenario.
///
/// @param begun   that began
/// @param dropped that could not be started
public record ScenarioArrivals(long begun, long dropped) {

    public long total() {
        return begun + dropped;
    }

    /// Dropped of all, 0 to 1.
    public double droppedShare() {
        return total() == 0 ? 0 : (double) dropped / total();
    }
}
