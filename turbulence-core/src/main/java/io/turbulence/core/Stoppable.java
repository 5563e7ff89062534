package io.turbulence.core;

/// Something that goes on for a while and can be ended before, from any thread.
public interface Stoppable {

    /// Starts no more instances; running ones have the grace to end, then they are cancelled. `finally` runs and
    /// results are kept.
    void stop();

    /// Cancels everything at once, `finally` too. Results so far are kept.
    void halt();
}
