package io.turbulence.core.internal.engine;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.api.PayloadStream;
import io.turbulence.api.StreamBounds;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.ObservationView;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Pulls a stream's messages within its bounds and keeps a window of the newest: memory is bounded by
/// the window, not by the stream's length.
final class StreamDrain {

    /// How many messages an observation keeps; `payloads_total` tells how many there were.
    static final int WINDOW = 1000;

    private final PayloadStream stream;
    private final StreamBounds bounds;
    private final Deadline deadline;
    private final long start;
    private final String subject;
    private final Deque<Exchange.Message> window = new ArrayDeque<>();
    private long total;
    private long firstNanos = -1;
    private long lastNanos;
    private long longestGapNanos;

    /// @param subject names the action and its plugin
    StreamDrain(PayloadStream stream, StreamBounds bounds, Deadline deadline, long start, String subject) {
        this.subject = subject;
        this.stream = stream;
        this.bounds = bounds;
        this.deadline = deadline;
        this.start = start;
    }

    /// What draining adds to an observation.
    ///
    /// @param outcome null where the observation's own holds
    record Drained(@Nullable Outcome outcome, Metadata metadata, Exchange.Messages messages, long firstNanos) {

        Content last() {
            return messages.kept().isEmpty()
                    ? Content.EMPTY
                    : messages.kept().getLast().content();
        }
    }

    /// Pulls until the peer ends the stream or a bound is reached, and closes it.
    ///
    /// @throws InterruptedException when the instance is cancelled
    Drained drain(Metadata metadata) throws Exception {
        try (stream) {
            Pulled pulled = pull();
            PayloadStream.Ending ending = pulled.by() == EndedBy.PEER ? stream.ending() : PayloadStream.Ending.NONE;
            return new Drained(
                    pulled.failure() == null ? ending.outcome() : pulled.failure(),
                    facts(metadata, ending.metadata()),
                    new Exchange.Messages(new ArrayList<>(window), total),
                    firstNanos);
        }
    }

    /// Who ended a stream.
    private enum EndedBy {
        PEER,
        BOUND,
        DEADLINE
    }

    private record Pulled(EndedBy by, Outcome.@Nullable Failed failure) {}

    private Pulled pull() throws Exception {
        while (bounds.maxMessages() == 0 || total < bounds.maxMessages()) {
            Deadline next = bounds.idleTimeout() == null
                    ? deadline
                    : deadline.within(bounds.idleTimeout(), "idle_timeout of " + Durations.text(bounds.idleTimeout()));
            Frame frame;
            try {
                frame = stream.next(next);
            } catch (TimeoutException e) {
                return deadline.expired() ? new Pulled(EndedBy.DEADLINE, late()) : new Pulled(EndedBy.BOUND, null);
            }
            if (frame == null) {
                return new Pulled(EndedBy.PEER, null);
            }
            keep(frame);
            if (bounds.until() != null && bounds.until().test(frame)) {
                break;
            }
        }
        return new Pulled(EndedBy.BOUND, null);
    }

    private Outcome.Failed late() {
        return new Outcome.Failed(
                Failure.TIMEOUT,
                "the stream had not ended when the %s passed; %d messages had come".formatted(deadline.limit(), total),
                null);
    }

    private void keep(Frame frame) {
        long at = System.nanoTime() - start;
        if (total == 0) {
            firstNanos = at;
        } else {
            longestGapNanos = Math.max(longestGapNanos, at - lastNanos);
        }
        lastNanos = at;
        total++;
        if (window.size() == WINDOW) {
            window.removeFirst();
        }
        window.addLast(new Exchange.Message(at, frame.metadata(), Content.of(frame.payload(), subject)));
    }

    private static @Nullable Double millis(long nanos) {
        return ObservationView.millis(nanos);
    }

    private Metadata facts(Metadata metadata, Metadata ending) {
        Metadata.Builder facts = metadata.toBuilder();
        ending.asMap().forEach(facts::put);
        facts.put("messages", total);
        if (total > 0) {
            facts.put("first_message_ms", millis(firstNanos));
        }
        if (total > 1) {
            facts.put("mean_gap_ms", millis((lastNanos - firstNanos) / (total - 1)));
            facts.put("max_gap_ms", millis(longestGapNanos));
        }
        return facts.build();
    }
}
