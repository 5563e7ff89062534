package io.turbulence.core.internal.result.soundness;

import io.turbulence.core.internal.result.figures.GeneratorFigures.Pinned;
import java.time.Duration;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.jspecify.annotations.Nullable;

/// Looks for virtual threads that wait and keep their carrier, by the platform's flight recorder. Starting that takes
/// about half a second of a processor, which is done beside. Thread-safe.
final class PinnedThreads implements AutoCloseable {

    private static final String EVENT = "jdk.VirtualThreadPinned";
    private static final Duration SHORTEST = Duration.ofMillis(20);

    private final Object lock = new Object();
    private volatile boolean measuring;

    // Guarded by lock
    private @Nullable RecordingStream stream;
    private boolean closed;
    private long count;
    private long nanos;
    private long longest;
    private @Nullable String where;

    static PinnedThreads start(String runId) {
        PinnedThreads pinned = new PinnedThreads();
        if (ModuleLayer.boot().findModule("jdk.jfr").isPresent()) {
            Thread.ofPlatform().daemon().name("turbulence-pinned-" + runId).start(pinned::listen);
        }
        return pinned;
    }

    void measuring(boolean now) {
        measuring = now;
    }

    /// Notes one.
    ///
    /// @param why what kept it from leaving its carrier; null when nobody tells
    void pinned(Duration length, @Nullable String why) {
        if (!measuring) {
            return;
        }
        synchronized (lock) {
            count++;
            nanos += length.toNanos();
            if (length.toNanos() > longest) {
                longest = length.toNanos();
                where = why;
            }
        }
    }

    /// @param carrierNanos the time of all carriers together
    Pinned figures(long carrierNanos) {
        synchronized (lock) {
            return new Pinned(
                    count,
                    nanos / 1_000_000,
                    longest / 1_000_000,
                    carrierNanos == 0 ? 0 : (double) nanos / carrierNanos,
                    where);
        }
    }

    /// Idempotent.
    @Override
    public void close() {
        RecordingStream open;
        synchronized (lock) {
            closed = true;
            open = stream;
            stream = null;
        }
        if (open != null) {
            open.close();
        }
    }

    private void listen() {
        RecordingStream opened = new RecordingStream();
        opened.setReuse(false);
        opened.enable(EVENT).withThreshold(SHORTEST).withoutStackTrace();
        opened.onEvent(EVENT, event -> pinned(event.getDuration(), reason(event)));
        opened.startAsync();
        synchronized (lock) {
            if (!closed) {
                stream = opened;
                return;
            }
        }
        opened.close();
    }

    private static @Nullable String reason(RecordedEvent event) {
        return event.hasField("pinnedReason") ? event.getString("pinnedReason") : null;
    }
}
