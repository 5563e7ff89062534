package io.turbulence.core.internal.engine;

import org.jspecify.annotations.Nullable;

/// Whether the rest of a list of steps is left out. A container has its own, so that a failure inside
/// may end the container only. Thread-safe.
final class Stop {

    private final @Nullable Stop outer;
    private volatile boolean set;

    private Stop(@Nullable Stop outer) {
        this.outer = outer;
    }

    static Stop outermost() {
        return new Stop(null);
    }

    Stop inner() {
        return new Stop(this);
    }

    void set() {
        set = true;
    }

    /// Whether this one was set, whatever holds further out.
    boolean isSet() {
        return set;
    }

    boolean stopped() {
        return set || (outer != null && outer.stopped());
    }
}
