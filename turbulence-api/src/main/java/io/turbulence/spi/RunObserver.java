package io.turbulence.spi;

import io.turbulence.api.Deadline;
import java.util.Optional;

/// Shows a run elsewhere while it goes on: in a tracing backend, in a metrics store.
///
/// It is never asked on a path that instances wait for. What happened is kept for it in a queue with a bound; what it
/// takes too slowly is dropped, counted, and told when the run ends. Nothing that it does changes what the run comes
/// to.
public interface RunObserver {

    /// What the host calls it in messages: `OpenTelemetry`.
    String name();

    /// Called once for each run, before anything of it is opened; opens what the observer needs.
    ///
    /// @return empty when nobody asked for it in this run
    /// @throws Exception when it cannot do what it was asked to. The host tells why, and the run goes on without it
    Optional<Session> observe(ObservedRun run) throws Exception;

    /// The observation of one run. All methods are called by one thread of its own, one after another; one may take
    /// its time, and all that happens meanwhile waits in the queue.
    ///
    /// What a method throws is told once, and the run goes on.
    interface Session {

        /// A step has ended, or was skipped. Steps that contain others end after them.
        default void stepEnded(StepEnd step) throws Exception {}

        /// An instance has ended; all its steps were told before.
        default void instanceEnded(InstanceEnd instance) throws Exception {}

        /// Called once, after everything has been told: sends what is still here, and closes what was opened.
        ///
        /// @param deadline by when it must be done; the thread is interrupted a moment later
        void close(Deadline deadline) throws Exception;
    }
}
