package io.turbulence.grpc;

import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.turbulence.api.FailureException;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.StreamBounds;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PeerCheck;
import io.turbulence.spi.Phase;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Calls a method, of any of the four kinds.
final class GrpcAction implements ProtocolAction<GrpcRequest, GrpcChannel> {

    static final String TYPE = "grpc";
    static final Transport TRANSPORT = Transport.of(TYPE);

    private final Channels channels;
    private final Schemas schemas;
    private final CallMetadata callMetadata = new CallMetadata();

    GrpcAction(Channels channels, Schemas schemas) {
        this.channels = channels;
        this.schemas = schemas;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Class<GrpcRequest> settings() {
        return GrpcRequest.class;
    }

    @Override
    public ConnectionFactory<?, GrpcChannel> connection() {
        return channels;
    }

    @Override
    public void prepare(Preparation<GrpcRequest> step) {
        new RequestChecks(step, schemas).check();
    }

    @Override
    public Optional<PeerCheck<GrpcChannel>> peerCheck(Preparation<GrpcRequest> step) {
        return new RequestChecks(step, schemas).left();
    }

    @Override
    public Observation execute(GrpcRequest settings, GrpcChannel channel, ActionContext context) throws Exception {
        try {
            Method method = channel.schema().method(settings.method(), channel, context.deadline());
            List<byte[]> messages = messages(settings, method, context);
            Metadata metadata = callMetadata.of(settings.metadata(), settings.propagate(), context);
            if (context.verbose()) {
                Account.tellCall(method, settings, callMetadata.readable(metadata), context);
            }
            OpenCall open = channel.start(method, options(settings, channel), metadata);
            GrpcCall call = new GrpcCall(open, method, channel, settings, callMetadata, context);
            context.onCancel(() -> open.cancel("the instance was cancelled"));
            boolean handedOver = false;
            try {
                Observation observation = !settings.exchange().isEmpty()
                        ? converse(call)
                        : method.serverStreams() ? stream(call, messages) : one(call, messages);
                handedOver = observation.payload() instanceof Payload.Stream;
                return observation;
            } finally {
                if (!handedOver) {
                    call.giveUp();
                }
            }
        } catch (FailureException e) {
            return Observation.failed(TRANSPORT, Outcome.Failed.of(e));
        }
    }

    private static CallOptions options(GrpcRequest settings, GrpcChannel channel) {
        Duration deadline = settings.deadline();
        return deadline == null
                ? channel.options()
                : channel.options().withDeadlineAfter(deadline.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// All of them, so that nothing is sent when one is wrong.
    private static List<byte[]> messages(GrpcRequest settings, Method method, ActionContext context) {
        if (!settings.exchange().isEmpty()) {
            return List.of();
        }
        if (settings.messages().isEmpty() && (settings.message() != null || !method.clientStreams())) {
            return List.of(method.encode(Trees.read(settings.message(), context.json()), "message"));
        }
        if (!method.clientStreams() && settings.messages().size() != 1) {
            throw new FailureException(
                    io.turbulence.api.Failure.PROTOCOL,
                    "'" + method.fullName() + "' was not called: it takes one message, and 'messages' gives "
                            + settings.messages().size());
        }
        List<byte[]> messages = new ArrayList<>(settings.messages().size());
        for (int i = 0; i < settings.messages().size(); i++) {
            Object tree = Trees.read(settings.messages().get(i), context.json());
            messages.add(method.encode(tree, "messages[" + i + "]"));
        }
        return messages;
    }

    /// An answer of one message, or none.
    private static Observation one(GrpcCall call, List<byte[]> messages) throws InterruptedException {
        OpenCall open = call.open();
        try {
            for (byte[] message : messages) {
                if (messages.size() > 1) {
                    open.awaitReady(call.deadline());
                }
                open.send(message);
            }
            open.halfClose();
            call.mark(Phase.SENT);
            open.awaitHeaders(call.deadline());
            call.mark(Phase.FIRST_BYTE);
            byte[] answer = open.next(call.deadline());
            open.awaitEnd(call.deadline());
            return call.observation(answer, open.hasMessage());
        } catch (TimeoutException e) {
            return call.late();
        }
    }

    /// Messages as they come, while those of ours are sent.
    private static Observation stream(GrpcCall call, List<byte[]> messages) throws InterruptedException {
        CallStream stream = new CallStream(call, messages);
        try {
            stream.begin(call.settings().idleTimeout());
        } catch (TimeoutException e) {
            return call.late();
        }
        StreamBounds bounds = new StreamBounds(
                call.settings().maxMessages(),
                call.settings().idleTimeout(),
                call.settings().until());
        return new Observation(
                TRANSPORT, new Outcome.Completed(true, "OK"), call.factsSoFar(), Payload.stream(stream, bounds));
    }

    private static Observation converse(GrpcCall call) {
        return new Observation(
                TRANSPORT,
                new Outcome.Completed(true, "OK"),
                call.factsSoFar(),
                Payload.stream(new Conversation(call), StreamBounds.NONE));
    }
}
