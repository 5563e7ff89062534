package io.turbulence.core.internal.engine;

import io.turbulence.api.Outcome;
import io.turbulence.core.internal.observation.Exchange;
import java.time.Instant;
import java.util.List;

/// Attempts in short.
final class Attempts {

    /// Polls that are kept in full count; of more, the newest.
    static final int MOST_KEPT = 100;

    private Attempts() {}

    static Exchange.Attempt of(int number, Exchange exchange, Instant endedAt) {
        long millis = endedAt.toEpochMilli() - Math.max(0, exchange.latencyNanos()) / 1_000_000;
        return switch (exchange.outcome()) {
            case Outcome.Completed completed ->
                new Exchange.Attempt(
                        number,
                        completed.success(),
                        millis,
                        exchange.latencyNanos(),
                        completed.status(),
                        null,
                        completed.success() ? null : Answers.text(completed, exchange.metadata()));
            case Outcome.Failed failed ->
                new Exchange.Attempt(
                        number, false, millis, exchange.latencyNanos(), null, failed.failure(), failed.message());
        };
    }

    static Exchange with(Exchange newest, List<Exchange.Attempt> attempts) {
        return new Exchange(
                newest.transport(),
                newest.outcome(),
                newest.latencyNanos(),
                newest.scheduledLatencyNanos(),
                newest.poolWaitNanos(),
                newest.connectNanos(),
                newest.firstByteNanos(),
                newest.metadata(),
                newest.content(),
                newest.messages(),
                List.copyOf(attempts),
                newest.propagation(),
                newest.request(),
                newest.traceparent());
    }

    /// The newest poll as the observation of the whole wait: its latency is how long the wait took.
    static Exchange whole(Exchange newest, Outcome outcome, long nanos, List<Exchange.Attempt> attempts) {
        return new Exchange(
                newest.transport(),
                outcome,
                nanos,
                nanos,
                newest.poolWaitNanos(),
                newest.connectNanos(),
                newest.firstByteNanos(),
                newest.metadata(),
                newest.content(),
                newest.messages(),
                List.copyOf(attempts),
                newest.propagation(),
                newest.request(),
                newest.traceparent());
    }
}
