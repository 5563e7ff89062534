package io.turbulence.core.internal.engine;

/// One instance of a scenario.
///
/// @param number       from 0
/// @param phase        `instance`, or `before_run` and `after_run` for the run's own steps
public record InstanceInfo(
        String scenario, long number, String instanceId, String correlationId, boolean warmUp, Phase phase) {

    /// Which part of a run it belongs to.
    public enum Phase {
        BEFORE_RUN,
        INSTANCE,
        AFTER_RUN
    }
}
