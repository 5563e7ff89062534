package io.turbulence.http;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.StreamBounds;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Server-sent events: one request, and events until enough have come.
final class SseAction implements ProtocolAction<SseRequest, HttpConnection> {

    private static final Transport TRANSPORT = Transport.of("sse");
    private static final String MEDIA_TYPE = "text/event-stream";
    private static final int LONGEST_REFUSAL = 64 * 1024;

    private final HttpConnections connections;

    SseAction(HttpConnections connections) {
        this.connections = connections;
    }

    @Override
    public String type() {
        return "sse";
    }

    @Override
    public Class<SseRequest> settings() {
        return SseRequest.class;
    }

    @Override
    public void prepare(Preparation<SseRequest> step) {
        RequestChecks.checkHeaders(step);
    }

    @Override
    public ConnectionFactory<?, HttpConnection> connection() {
        return connections;
    }

    @Override
    public Endpoint endpoint(SseRequest settings, Endpoint ofService) {
        return HttpAction.endpoint(settings.path(), ofService);
    }

    @Override
    public Observation execute(SseRequest settings, HttpConnection connection, ActionContext context) throws Exception {
        try {
            AnswerStream answer = ask(settings, settings.lastEventId(), connection, context);
            boolean handedOver = false;
            try {
                Observation observation = observe(settings, answer, connection, context);
                handedOver = observation.payload() instanceof Payload.Stream;
                return observation;
            } finally {
                if (!handedOver) {
                    answer.close();
                }
            }
        } catch (FailureException e) {
            return Observation.failed(TRANSPORT, Outcome.Failed.of(e));
        }
    }

    private AnswerStream ask(
            SseRequest settings, @Nullable String lastEventId, HttpConnection connection, ActionContext context)
            throws Exception {
        Call call = call(settings, lastEventId, connection, context);
        AnswerStream answer = stream(call, connection, context);
        if (answer.head().status() != 401 || !Authorization.isRenewed(call, settings.auth(), context)) {
            return answer;
        }
        answer.close();
        Call again = call(settings, lastEventId, connection, context);
        AnswerStream second = stream(again, connection, context);
        if (second.head().status() == 401) {
            Authorization.refusedAgain(again, settings.auth(), context);
        }
        return second;
    }

    private Call call(
            SseRequest settings, @Nullable String lastEventId, HttpConnection connection, ActionContext context)
            throws Exception {
        Call call = Calls.of(settings.request(), connection.site(), context);
        if (lastEventId != null) {
            call.field("Last-Event-ID", Calls.checkedValue("Last-Event-ID", lastEventId));
        }
        Authorization.add(call, settings.auth(), connections, connection, context);
        return call;
    }

    private static AnswerStream stream(Call call, HttpConnection connection, ActionContext context) {
        if (!context.verbose()) {
            return connection.stream(call, context);
        }
        Account.tellRequest(call, context);
        AnswerStream answer = connection.stream(call, context);
        Account.tellHead(answer.head(), context);
        return answer;
    }

    private Observation observe(
            SseRequest settings, AnswerStream answer, HttpConnection connection, ActionContext context)
            throws IOException {
        Head head = answer.head();
        String status = Integer.toString(head.status());
        Metadata facts = Answer.facts(head).build();
        if (head.status() >= 400) {
            byte[] refusal = answer.body().readNBytes(LONGEST_REFUSAL);
            return Observation.answered(TRANSPORT, false, status, facts, Payload.bytes(refusal, head.mediaType()));
        }
        String mediaType = head.mediaType();
        if (head.status() != 200
                || mediaType == null
                || !mediaType.toLowerCase(Locale.ROOT).startsWith(MEDIA_TYPE)) {
            String found = mediaType == null ? "no media type" : "'" + mediaType + "'";
            String message = "'" + connection.site().authority() + "' answered " + status + " with " + found + " but '"
                    + MEDIA_TYPE + "' was expected";
            Outcome.Failed failed = new Outcome.Failed(Failure.PROTOCOL, message, null);
            return new Observation(TRANSPORT, failed, facts, Payload.empty());
        }
        SseStream stream = new SseStream(answer, settings, id -> ask(settings, id, connection, context), context);
        return Observation.answered(TRANSPORT, true, status, facts, Payload.stream(stream, bounds(settings)));
    }

    private static StreamBounds bounds(SseRequest settings) {
        return new StreamBounds(settings.maxMessages(), settings.idleTimeout(), settings.until());
    }
}
