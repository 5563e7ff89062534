package io.turbulence.grpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Phase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A step's call, and what is told of it. Used by one thread at a time.
final class GrpcCall {

    private static final io.grpc.Metadata.Key<byte[]> DETAILS =
            io.grpc.Metadata.Key.of("grpc-status-details-bin", io.grpc.Metadata.BINARY_BYTE_MARSHALLER);

    private final OpenCall open;
    private final Method method;
    private final GrpcChannel channel;
    private final GrpcRequest settings;
    private final CallMetadata callMetadata;
    private final ActionContext context;

    GrpcCall(
            OpenCall open,
            Method method,
            GrpcChannel channel,
            GrpcRequest settings,
            CallMetadata callMetadata,
            ActionContext context) {
        this.callMetadata = callMetadata;
        this.open = open;
        this.method = method;
        this.channel = channel;
        this.settings = settings;
        this.context = context;
    }

    OpenCall open() {
        return open;
    }

    Method method() {
        return method;
    }

    GrpcRequest settings() {
        return settings;
    }

    ActionContext context() {
        return context;
    }

    Deadline deadline() {
        return context.deadline();
    }

    void mark(Phase phase) {
        context.mark(phase);
    }

    /// Cancels it when it has not ended.
    void giveUp() {
        if (open.status() == null) {
            open.cancel("nobody waits for it any more");
        }
    }

    /// What a call came to that has ended.
    ///
    /// @param answer the message that came; null when none did
    /// @param more   whether another one came, too
    Observation observation(byte @Nullable [] answer, boolean more) {
        Outcome outcome = outcome();
        Payload payload = answer == null ? Payload.empty() : method.decode(answer);
        if (outcome.success() && (answer == null || more)) {
            outcome = new Outcome.Failed(
                    Failure.PROTOCOL,
                    "'" + method.fullName() + "' answered OK with " + (more ? "more than one message" : "no message")
                            + ", where there must be one",
                    null);
        }
        return tell(new Observation(GrpcAction.TRANSPORT, outcome, facts(), payload));
    }

    private Observation tell(Observation observation) {
        if (context.verbose()) {
            Account.tellAnswer(observation, context);
        }
        return observation;
    }

    /// How a stream ended.
    PayloadStream.Ending ending() {
        Outcome outcome = outcome();
        if (context.verbose()) {
            context.tell("< " + outcome);
        }
        return new PayloadStream.Ending(outcome, facts());
    }

    /// The call was not done when the deadline passed.
    Observation late() {
        open.cancel("too late");
        return tell(new Observation(GrpcAction.TRANSPORT, tooLate(), factsSoFar(), Payload.empty()));
    }

    private Outcome.Failed tooLate() {
        return new Outcome.Failed(
                Failure.TIMEOUT,
                "'" + method.fullName() + "' of '" + peer() + "' had not answered when the "
                        + deadline().limit() + " passed",
                null);
    }

    private String peer() {
        return channel.endpoint().authority();
    }

    private Outcome outcome() {
        Status status = open.status() == null ? Status.UNKNOWN : open.status();
        if (open.isAnswered() && !isTooLarge(status)) {
            return new Outcome.Completed(status.isOk(), status.getCode().name());
        }
        if (open.isCancelled()) {
            return new Outcome.Failed(
                    Failure.CANCELLED, "'" + method.fullName() + "' was cancelled", status.getCause());
        }
        // The user's own limit, by gRPC's own rules, which both sides keep
        if (status.getCode() == Status.Code.DEADLINE_EXCEEDED && settings.deadline() != null) {
            return new Outcome.Completed(false, status.getCode().name());
        }
        if (status.getCode() == Status.Code.UNAVAILABLE) {
            channel.connectSoon();
        }
        return Unanswered.outcome(status, peer());
    }

    /// The end of an answer may have come before its message was found to be too large.
    private static boolean isTooLarge(Status status) {
        return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                && status.getDescription() != null
                && status.getDescription().startsWith("gRPC message exceeds maximum size");
    }

    /// What is known of a call that has ended.
    private Metadata facts() {
        Metadata.Builder facts = Facts.of(method, channel.peer(open.peer()));
        if (open.headers() != null) {
            Facts.putHeaders(facts, new LazyHeaders(callMetadata, open.headers()));
        }
        Status status = open.status();
        if (status != null) {
            Facts.putStatus(facts, status);
            Facts.putTrailers(facts, new LazyHeaders(callMetadata, open.trailers()), details());
        }
        return facts.build();
    }

    /// What a stream that is left well is taken to have come to: its end, had it been waited for, tells its own status.
    static Metadata left() {
        Metadata.Builder facts = Metadata.builder();
        Facts.putStatus(facts, Status.OK);
        return facts.build();
    }

    /// What is known of a call that has not ended.
    Metadata factsSoFar() {
        Metadata.Builder facts = Facts.of(method, channel.peer(open.peer()));
        if (open.headers() != null) {
            Facts.putHeaders(facts, new LazyHeaders(callMetadata, open.headers()));
        }
        return facts.build();
    }

    private List<@Nullable Object> details() {
        byte[] bytes = open.trailers().get(DETAILS);
        if (bytes == null) {
            return List.of();
        }
        List<@Nullable Object> details = new ArrayList<>();
        try {
            for (Any detail : com.google.rpc.Status.parseFrom(bytes).getDetailsList()) {
                details.add(method.reader().tree(detail));
            }
        } catch (InvalidProtocolBufferException e) {
            // Not by google.rpc's rules; it stands in the trailers
            return List.of();
        }
        return details;
    }
}
