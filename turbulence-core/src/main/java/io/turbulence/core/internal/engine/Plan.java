package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.workload.Randomness;
import java.util.List;
import java.util.Set;

/// Everything compiled for a run. Immutable.
///
/// @param scenarios  those that are started by themselves
/// @param steps      all steps by their index
/// @param names      names that expressions may read everywhere or once there is an observation
/// @param shorthands metadata names that expressions may read alone
public record Plan(
        List<ScenarioPlan> scenarios,
        List<StepInfo> steps,
        ScenarioPlan beforeRun,
        ScenarioPlan afterRun,
        Set<String> names,
        Set<String> shorthands) {

    /// The scenario of an instance: by weight, from the seed.
    ScenarioPlan scenarioOf(long seed, long instance) {
        if (scenarios.size() == 1) {
            return scenarios.getFirst();
        }
        double total = 0;
        for (ScenarioPlan scenario : scenarios) {
            total += scenario.weight();
        }
        double point = Randomness.fraction(Randomness.key(Randomness.key(seed, "scenario"), instance)) * total;
        for (ScenarioPlan scenario : scenarios) {
            point -= scenario.weight();
            if (point < 0) {
                return scenario;
            }
        }
        return scenarios.getLast();
    }
}
