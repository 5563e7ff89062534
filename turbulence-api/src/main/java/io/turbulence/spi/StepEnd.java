package io.turbulence.spi;

import io.turbulence.api.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an execution of a step came to, secrets masked.
///
/// @param spanId       the span that is this execution, as in the `traceparent` that went with its calls: what the peer
///                     did is below it. 16 hexadecimal digits
/// @param parentSpanId the span around it: that of the step that contains it, or the instance's
/// @param name         the step's name
/// @param type         its `type`: `http`, `sql.query`, `group`
/// @param path         its place with iterations and calls: `flow[3].do[0]#17`
/// @param service      null where it uses none
/// @param startedAt    when it began, connection and attempts included
/// @param result       by the scenario's rules, expectations included
/// @param transport    null for a step that spoke to nobody
/// @param status       what the peer answered; null when it gave no valid answer, or none was asked for
/// @param failure      why there was no valid answer; null when there was one
/// @param error        what was wrong, first; null when it was good
/// @param tried        how often it was tried or polled; 0 when it was skipped
/// @param attempts     the single ones in order where it was tried more than once, of very many the newest
/// @param latency      service time of the newest attempt; null where nothing was timed
/// @param poolWait     how long it waited for a connection; null where it needed none
/// @param facts        of the protocol's metadata what is a single number, word or truth value: `status_code`,
///                     `topic`, `rows`
public record StepEnd(
        ObservedInstance instance,
        String spanId,
        String parentSpanId,
        String name,
        String type,
        String path,
        @Nullable String service,
        Instant startedAt,
        Instant endedAt,
        Result result,
        @Nullable String transport,
        @Nullable String status,
        @Nullable Failure failure,
        @Nullable String error,
        int tried,
        List<Attempt> attempts,
        @Nullable Duration latency,
        @Nullable Duration poolWait,
        Map<String, Object> facts) {

    public StepEnd {
        attempts = List.copyOf(attempts);
        facts = Map.copyOf(facts);
    }

    /// One attempt or poll.
    ///
    /// @param number  from 1
    /// @param status  what the peer answered; null when it gave no valid answer
    /// @param failure why there was no valid answer; null when there was one
    /// @param message what was wrong; null when it was good
    public record Attempt(
            int number,
            boolean ok,
            Instant startedAt,
            Duration latency,
            @Nullable String status,
            @Nullable Failure failure,
            @Nullable String message) {}

    /// How an execution ends.
    public enum Result {
        OK,
        FAILED,
        /// Its condition did not hold, or a failure before it left it out.
        SKIPPED
    }
}
