package io.turbulence.core.internal.engine;

/// The instances of one scenario where each scenario has a workload of its own. Numbers go round, so that they are
/// unique in the run and each scenario has the same ones whatever the others do.
///
/// @param index from 0
/// @param count how many scenarios there are
record RunPart(int index, int count, ScenarioPlan scenario) {

    /// The number in the run of the scenario's n-th instance, those of the warm-up counted from a billion.
    long number(long place) {
        long first = place < Starter.WARM_UP_NUMBERS ? 0 : Starter.WARM_UP_NUMBERS;
        return first + (place - first) * count + index;
    }
}
