package io.turbulence.core.internal.engine.event;

/// One instance of a scenario.
///
/// @param number       from 0
/// @param phase        `instance`, or `before_run` and `after_run` for the run's own steps
/// @param trace        of its calls
public record InstanceInfo(
        String scenario,
        long number,
        String instanceId,
        String correlationId,
        boolean warmUp,
        Phase phase,
        Trace trace) {

    /// Of an instance whose calls are traced by nobody.
    public InstanceInfo(
            String scenario, long number, String instanceId, String correlationId, boolean warmUp, Phase phase) {
        this(scenario, number, instanceId, correlationId, warmUp, phase, Trace.of(0, number, instanceId));
    }

    /// Whether it counts: neither a warm-up nor the run's own steps do.
    public boolean isMeasured() {
        return phase == Phase.INSTANCE && !warmUp;
    }

    /// Which part of a run it belongs to.
    public enum Phase {
        BEFORE_RUN,
        INSTANCE,
        AFTER_RUN
    }
}
