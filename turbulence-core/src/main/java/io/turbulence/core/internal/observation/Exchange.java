package io.turbulence.core.internal.observation;

import io.turbulence.api.Failure;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one executed step came to, timed by the host: the contract's "observation".
///
/// Times are nanoseconds; -1 where there is none.
///
/// @param transport             null for a step that speaks to nobody
/// @param outcome               what the peer did, of the newest attempt
/// @param latencyNanos          service time of the newest attempt: lease excluded
/// @param scheduledLatencyNanos from when the step should have started
/// @param poolWaitNanos         waiting for a connection, opening excluded
/// @param connectNanos          opening one, when this step did
/// @param firstByteNanos        from the start of the attempt to the first byte or message
/// @param content               of a stream the last message
/// @param messages              of a stream the messages, as many as are kept; null for no stream
/// @param attempts              earlier attempts and the newest, when there was a retry or polling; else empty
/// @param propagation           how long a message took that was waited for; null for any other exchange
/// @param request               the settings of the step as it was executed; null where they could not be made
/// @param traceparent           the trace context that it took along; null for none
public record Exchange(
        @Nullable String transport,
        Outcome outcome,
        long latencyNanos,
        long scheduledLatencyNanos,
        long poolWaitNanos,
        long connectNanos,
        long firstByteNanos,
        Metadata metadata,
        Content content,
        @Nullable Messages messages,
        List<Attempt> attempts,
        @Nullable Propagation propagation,
        @Nullable Record request,
        @Nullable String traceparent) {

    /// Of no message that was waited for.
    public Exchange(
            @Nullable String transport,
            Outcome outcome,
            long latencyNanos,
            long scheduledLatencyNanos,
            long poolWaitNanos,
            long connectNanos,
            long firstByteNanos,
            Metadata metadata,
            Content content,
            @Nullable Messages messages,
            List<Attempt> attempts) {
        this(
                transport,
                outcome,
                latencyNanos,
                scheduledLatencyNanos,
                poolWaitNanos,
                connectNanos,
                firstByteNanos,
                metadata,
                content,
                messages,
                attempts,
                null,
                null,
                null);
    }

    /// The same, of these settings.
    public Exchange of(Record settings, @Nullable String trace) {
        return new Exchange(
                transport,
                outcome,
                latencyNanos,
                scheduledLatencyNanos,
                poolWaitNanos,
                connectNanos,
                firstByteNanos,
                metadata,
                content,
                messages,
                attempts,
                propagation,
                settings,
                trace);
    }

    /// From when the step that caused a message was sent to when the message came.
    ///
    /// @param causedBy the step
    public record Propagation(String causedBy, long nanos) {}

    /// One attempt of a step, in short.
    ///
    /// @param message null when it was good
    public record Attempt(
            int number,
            boolean ok,
            long startedAtEpochMillis,
            long latencyNanos,
            @Nullable String status,
            @Nullable Failure failure,
            @Nullable String message) {}

    /// Messages of a stream.
    ///
    /// @param kept  in order
    /// @param total how many came
    public record Messages(List<Message> kept, long total) {}

    /// One message of a stream.
    ///
    /// @param atNanos since the attempt started
    public record Message(long atNanos, Metadata metadata, Content content) {}

    /// Why what was looked at could not be read, which is a plugin's defect; null when it could.
    public @Nullable String defect() {
        if (messages != null) {
            for (Message message : messages.kept()) {
                if (message.content().defect() != null) {
                    return message.content().defect();
                }
            }
        }
        return content.defect();
    }

    public @Nullable Failure failure() {
        return outcome instanceof Outcome.Failed failed ? failed.failure() : null;
    }
}
