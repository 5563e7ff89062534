package io.turbulence.core.internal.engine.event;

import org.jspecify.annotations.Nullable;

/// A step as it stands in a scenario: one for the whole run.
///
/// @param index    dense over the run, from 0: fit for an array of statistics
/// @param scenario the scenario's id
/// @param name     unique in the scenario
/// @param kind     what sort of step it is, for statistics
/// @param service  null where it uses none
/// @param place    its place in the file: `flow[2].if_true[0]`
public record StepInfo(
        int index,
        String scenario,
        String name,
        String type,
        Kind kind,
        @Nullable String service,
        String place,
        String file,
        int line) {

    /// Sorts of step.
    public enum Kind {
        /// An action of a plugin: counts in global latencies.
        ACTION,
        /// `wait` and `job`: speak to a peer through an action.
        POLLING,
        /// `group`, `call`, `parallel`, `loop`, `branch`: contain steps.
        CONTAINER,
        /// `sleep`, `assert`, `decide`.
        LOCAL
    }
}
