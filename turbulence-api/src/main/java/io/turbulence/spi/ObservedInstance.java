package io.turbulence.spi;

/// An instance as a [RunObserver] sees it.
///
/// @param scenario      its id
/// @param number        from 0
/// @param instanceId    unique
/// @param correlationId went with its calls
/// @param part          which part of the run it belongs to
/// @param warmUp        whether it ran before the workload began: then it counts in no figure
/// @param traceId       the trace of its calls, as in the `traceparent` that goes with them: 32 hexadecimal digits
/// @param spanId        the span that is the instance itself, the root of the trace: 16 hexadecimal digits
public record ObservedInstance(
        String scenario,
        long number,
        String instanceId,
        String correlationId,
        Part part,
        boolean warmUp,
        String traceId,
        String spanId) {

    /// Parts of a run.
    public enum Part {
        /// The steps of `before_run`.
        BEFORE_RUN,
        /// An instance of a scenario.
        INSTANCE,
        /// The steps of `after_run`.
        AFTER_RUN
    }
}
