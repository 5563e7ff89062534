package io.turbulence.core.internal.engine.event;

import org.jspecify.annotations.Nullable;

/// Hears what happens in a run. Called on the instances' own threads, many at once: must be quick and
/// thread-safe; may block for a moment when the disk cannot follow.
public interface RunListener {

    /// Hears nothing.
    RunListener DEAF = new RunListener() {
        @Override
        public void instanceStarted(InstanceInfo instance) {}

        @Override
        public void stepFinished(StepResult result) {}

        @Override
        public void assertionChecked(AssertionResult result) {}

        @Override
        public void instanceFinished(InstanceResult result) {}
    };

    /// Before the first instance something is waited for: a program that starts, services that are opened.
    ///
    /// @param what as in `starting 'shop'`; null when there is nothing to wait for any more
    default void waitingFor(@Nullable String what) {}

    void instanceStarted(InstanceInfo instance);

    void stepFinished(StepResult result);

    void assertionChecked(AssertionResult result);

    void instanceFinished(InstanceResult result);

    /// An arrival of an open workload begins.
    ///
    /// @param scenario  its id
    /// @param lateNanos how much later than it was due
    default void arrived(String scenario, boolean warmUp, long lateNanos) {}

    /// An arrival of an open workload that could not be started because `max_concurrency` was reached.
    default void arrivalDropped(String scenario, boolean warmUp) {}

    /// The workload is over: nothing more is started, what runs ends. Told once, after a stop too.
    default void allStarted() {}

    /// Another round of [Workload.Rounds] begins; all instances of the one before have ended.
    ///
    /// @param index from 0
    default void roundStarted(int index) {}
}
