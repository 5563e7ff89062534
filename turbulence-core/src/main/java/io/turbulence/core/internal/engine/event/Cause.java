package io.turbulence.core.internal.engine.event;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An exchange that may cause messages, and those before it.
///
/// @param span   what its span is made of: [Trace#spanId]
/// @param nanos  when it was sent, on the clock of [System#nanoTime]
/// @param sentAt the same on the wall clock
/// @param before the one before it on the same lane; null when there was none or it is not remembered
/// @param depth  how many are remembered before it
public record Cause(
        String step,
        long span,
        long nanos,
        Instant sentAt,
        @Nullable Cause before,
        int depth) {

    /// So that a loop without end does not keep all that it ever did.
    private static final int REMEMBERED = 64;

    public static Cause of(String step, long span, long nanos, Instant sentAt, @Nullable Cause before) {
        if (before != null && before.depth >= REMEMBERED) {
            Cause last = new Cause(before.step, before.span, before.nanos, before.sentAt, null, 0);
            return new Cause(step, span, nanos, sentAt, last, 1);
        }
        return new Cause(step, span, nanos, sentAt, before, before == null ? 0 : before.depth + 1);
    }

    /// Which of this and those before it caused a message.
    ///
    /// @param origins steps that set what the message was found by; the newest of them did it, if it is remembered
    /// @param cameAt  when the message came: nothing that was sent later caused it; null when that is not known
    /// @return the newest that it may be; null when all were sent later
    @Nullable
    public Cause of(Set<String> origins, @Nullable Long cameAt) {
        Cause newest = null;
        for (Cause each = this; each != null; each = each.before) {
            if (cameAt != null && each.nanos > cameAt) {
                continue;
            }
            if (origins.isEmpty() || origins.contains(each.step)) {
                return each;
            }
            newest = newest == null ? each : newest;
        }
        return newest;
    }

    /// Which of this and those before it a message names as what it was sent for.
    ///
    /// @param traceparent the message's
    /// @return the newest attempt of that step that was sent before the message came, else its first; null when none
    ///         that is remembered is named
    @Nullable
    public Cause named(String traceparent, Trace trace, long cameAt) {
        Cause named = null;
        for (Cause each = this; each != null; each = each.before) {
            if (!trace.isNamed(each.span, traceparent)) {
                continue;
            }
            if (each.nanos <= cameAt) {
                return each;
            }
            named = each;
        }
        return named;
    }
}
