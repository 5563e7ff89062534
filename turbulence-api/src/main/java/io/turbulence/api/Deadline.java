package io.turbulence.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A point on the monotonic clock by which something must be done, and the name of the limit that
/// set it, for the message when it passes. Immutable and thread-safe.
public final class Deadline {

    private final long at;
    private final String limit;
    private final LongSupplier clock;

    private Deadline(long at, String limit, LongSupplier clock) {
        this.at = at;
        this.limit = requireNonNull(limit, "limit");
        this.clock = clock;
    }

    /// A deadline so long from now.
    ///
    /// @param limit names what set it, as it will stand in a message: `acquire_timeout of 5 s`
    public static Deadline after(Duration duration, String limit) {
        return after(duration, limit, System::nanoTime);
    }

    /// A deadline on another clock than [System#nanoTime], for tests.
    public static Deadline after(Duration duration, String limit, LongSupplier nanoClock) {
        return new Deadline(nanoClock.getAsLong() + saturatedNanos(duration), limit, nanoClock);
    }

    /// The earlier of this deadline and one so long from now: an inner limit is cut to what is left.
    public Deadline within(Duration duration, String innerLimit) {
        long inner = saturatedNanos(duration);
        return inner < remainingNanos() ? new Deadline(clock.getAsLong() + inner, innerLimit, clock) : this;
    }

    /// The earlier of the two.
    public Deadline earlier(Deadline other) {
        return other.remainingNanos() < remainingNanos() ? other : this;
    }

    /// What is left, in nanoseconds; zero or less when it has passed.
    public long remainingNanos() {
        return at - clock.getAsLong();
    }

    /// What is left in whole milliseconds, rounded up, so that waiting for it does not end early;
    /// zero when it has passed.
    public long remainingMillis() {
        long nanos = remainingNanos();
        return nanos <= 0 ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos + 999_999);
    }

    /// What is left in whole milliseconds as sockets take it ([java.net.Socket#setSoTimeout],
    /// [java.net.Socket#connect]): rounded up, and at least 1, because 0 would mean forever.
    public int timeoutMillis() {
        return Math.clamp(remainingMillis(), 1, Integer.MAX_VALUE);
    }

    /// What is left; zero when it has passed.
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, remainingNanos()));
    }

    public boolean expired() {
        return remainingNanos() <= 0;
    }

    /// Names what set it.
    public String limit() {
        return limit;
    }

    @Override
    public String toString() {
        return limit + " (" + remaining().toMillis() + " ms left)";
    }

    private static long saturatedNanos(Duration duration) {
        // Half the range, so that differences of two points never overflow
        long most = Long.MAX_VALUE / 2;
        return duration.compareTo(Duration.ofNanos(most)) >= 0 ? most : duration.toNanos();
    }
}
