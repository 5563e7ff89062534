package io.turbulence.core.internal.connection;

import io.turbulence.spi.Json;
import java.lang.System.Logger;
import java.time.Instant;
import java.util.function.LongSupplier;

/// What all parts of one registry share.
///
/// @param run         names threads
/// @param nanoClock   monotonic
/// @param epoch       the wall clock's time when `nanoClock` stood at `epochNanos`
/// @param traceLeases whether each lease remembers the stack that took it
record Environment(
        String run,
        LongSupplier nanoClock,
        Instant epoch,
        long epochNanos,
        Json json,
        Logger log,
        boolean traceLeases,
        Closer closer,
        Chores chores) {

    long now() {
        return nanoClock.getAsLong();
    }

    Instant instant(long nanos) {
        return epoch.plusNanos(nanos - epochNanos);
    }
}
