package io.turbulence.testkit;

import io.turbulence.api.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// A nanosecond clock that stands still until it is moved. Thread-safe.
///
/// It begins close to the overflow of `long`, as [System#nanoTime] may, so that code that compares
/// two points instead of their difference is found out.
public final class ManualClock implements LongSupplier {

    private static final long START = Long.MAX_VALUE - 1_000_000_000L;
    private static final Instant EPOCH = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong elapsed = new AtomicLong();

    /// The present, to be used in place of [System#nanoTime].
    @Override
    public long getAsLong() {
        return START + elapsed.get();
    }

    /// The present as a date, which begins at 2026-01-01T00:00:00Z.
    public Instant instant() {
        return EPOCH.plusNanos(elapsed.get());
    }

    /// Moves on.
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("clock was moved by " + by + " but it only moves forward");
        }
        elapsed.addAndGet(by.toNanos());
    }

    /// A deadline so long from now on this clock.
    public Deadline deadline(Duration from) {
        return deadline(from, "test limit of " + from.toMillis() + " ms");
    }

    /// A deadline so long from now on this clock, with the name of what set it.
    public Deadline deadline(Duration from, String limit) {
        return Deadline.after(from, limit, this);
    }

    @Override
    public String toString() {
        return instant().toString();
    }
}
