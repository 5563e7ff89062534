package io.turbulence.core.internal.engine;

import java.time.Instant;

/// An exchange that may cause messages.
///
/// @param nanos  when it was sent, on the clock of [System#nanoTime]
/// @param sentAt the same on the wall clock
record Cause(String step, long nanos, Instant sentAt) {}
