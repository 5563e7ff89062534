package io.turbulence.core.internal.engine;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.api.PayloadStream;
import io.turbulence.api.StreamBounds;
import io.turbulence.core.internal.check.MatcherNodes;
import io.turbulence.core.internal.engine.workload.Durations;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.ObservationView;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.ShownText;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Pulls a stream's messages within its bounds and keeps a window of the newest: memory is bounded by
/// the window, not by the stream's length.
final class StreamDrain {

    /// How many messages an observation keeps; `payloads_total` tells how many there were.
    static final int WINDOW = 1000;

    private static final int SHORTENED = 300;

    /// What an exception of a stream means.
    interface Broken {

        /// @throws Exception when it is no outcome of the step, as when the instance is cancelled
        Outcome.Failed outcome(Exception thrown) throws Exception;
    }

    private final PayloadStream stream;
    private final StreamBounds bounds;
    private final Deadline deadline;
    private final long start;
    private final String subject;
    private final Broken broken;
    private final Deque<Exchange.Message> window = new ArrayDeque<>();
    private long total;
    private long firstNanos = -1;
    private long lastNanos;
    private long longestGapNanos;
    private boolean held;
    private boolean evaluated;

    /// The newest message for which `until` did not hold.
    private @Nullable Frame lastFrame;

    /// @param subject names the action and its plugin
    StreamDrain(
            PayloadStream stream, StreamBounds bounds, Deadline deadline, long start, String subject, Broken broken) {
        this.broken = broken;
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

    /// Pulls until the peer ends the stream, it breaks or a bound is reached, and closes it. What came before it broke
    /// is kept.
    ///
    /// @throws InterruptedException when the instance is cancelled
    Drained drain(Metadata metadata) throws Exception {
        Outcome outcome;
        PayloadStream.Ending ending = PayloadStream.Ending.NONE;
        try (stream) {
            Pulled pulled = pull();
            ending = switch (pulled.by()) {
                case PEER -> stream.ending();
                case BOUND -> new PayloadStream.Ending(null, stream.leaving());
                case DEADLINE -> PayloadStream.Ending.NONE;
            };
            outcome = pulled.failure() == null ? ending.outcome() : pulled.failure();
            if (outcome == null || outcome.success()) {
                outcome = unmet(pulled.by() == EndedBy.PEER, outcome);
            }
        } catch (Exception e) {
            outcome = broken.outcome(e);
        }
        return new Drained(
                outcome,
                facts(metadata, ending.metadata()),
                new Exchange.Messages(new ArrayList<>(window), total),
                firstNanos);
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
            if (holds(frame)) {
                break;
            }
            // One that always has a message never waits, and so hears of neither
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted between two messages");
            }
            if (deadline.expired()) {
                return new Pulled(EndedBy.DEADLINE, late());
            }
        }
        return new Pulled(EndedBy.BOUND, null);
    }

    private boolean holds(Frame frame) {
        Predicate<Frame> until = bounds.until();
        if (until == null) {
            return false;
        }
        held = until.test(frame);
        if (!held) {
            lastFrame = frame;
            evaluated = evaluated || !(until instanceof Matcher matcher) || MatcherNodes.isEvaluable(matcher, frame);
        }
        return held;
    }

    /// What became of a stream that ended well by itself or by another bound, where one message should have been
    /// the last.
    private @Nullable Outcome unmet(boolean byPeer, @Nullable Outcome otherwise) {
        Predicate<Frame> until = bounds.until();
        if (until == null || held) {
            return otherwise;
        }
        if (byPeer) {
            return new Outcome.Failed(
                    Failure.CLOSED, "the stream ended before 'until' held; %s".formatted(came()), null);
        }
        return evaluated || total == 0
                ? otherwise
                : new Outcome.Failed(
                        Failure.PROTOCOL, "'until' could not be evaluated on any message; %s".formatted(came()), null);
    }

    private String came() {
        String came =
                total == 0 ? "no message had come" : total == 1 ? "1 message had come" : total + " messages had come";
        return lastFrame != null && bounds.until() instanceof Matcher matcher
                ? came + "; of the last: " + shortened(matcher.explain(lastFrame))
                : came;
    }

    private static String shortened(String text) {
        return ShownText.shortened(text, SHORTENED);
    }

    private Outcome.Failed late() {
        String came = bounds.until() == null ? total + " messages had come" : "'until' had not held; " + came();
        return new Outcome.Failed(
                Failure.TIMEOUT,
                "the stream had not ended when the %s passed; %s".formatted(deadline.limit(), came),
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
