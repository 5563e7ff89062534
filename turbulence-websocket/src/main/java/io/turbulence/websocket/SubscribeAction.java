package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.PayloadStream;
import io.turbulence.api.StreamBounds;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.Phase;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A GraphQL subscription over `graphql-transport-ws`: what the server sends, as a stream.
final class SubscribeAction implements ProtocolAction<SubscribeSettings, Session> {

    private final Sockets sockets;

    SubscribeAction(Sockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public String type() {
        return "graphql.subscribe";
    }

    @Override
    public Class<SubscribeSettings> settings() {
        return SubscribeSettings.class;
    }

    @Override
    public ConnectionFactory<?, Session> connection() {
        return sockets;
    }

    @Override
    public void prepare(Preparation<SubscribeSettings> step) {
        ServiceChecks.headers(step, step.problems());
        step.constant("query", String.class)
                .filter(String::isBlank)
                .ifPresent(query -> step.problems()
                        .error("query", "an empty document", "a document such as 'subscription { a }'", null));
        List<String> offered = step.service(WebSocketService.class).subprotocols();
        if (!offered.isEmpty() && !offered.contains(GraphqlClient.SUBPROTOCOL)) {
            step.problems()
                    .error(
                            "type",
                            "the service offers the subprotocols " + String.join(", ", offered),
                            "'" + GraphqlClient.SUBPROTOCOL + "' among them",
                            "leave 'subprotocols' out: this step offers it");
        }
    }

    @Override
    public Observation execute(SubscribeSettings settings, Session session, ActionContext context)
            throws InterruptedException {
        return Attempt.of(session, () -> {
            session.use(ask(settings, session, context), context);
            GraphqlClient client = session.graphql();
            if (client == null) {
                throw new FailureException(
                        Failure.PROTOCOL,
                        "'" + session.address() + "' did not choose the subprotocol '" + GraphqlClient.SUBPROTOCOL
                                + "', so that nothing can be subscribed to");
            }
            Inbox inbox = session.inbox(context);
            client.begin(settings.connection(), context.deadline());
            String id = client.subscribe(request(settings), context.deadline());
            context.mark(Phase.SENT);
            if (context.verbose()) {
                context.tell("> subscribe " + id + ": " + settings.query());
            }
            StreamBounds bounds = new StreamBounds(settings.maxMessages(), settings.idleTimeout(), settings.until());
            return new Observation(
                    WebSocketPlugin.TRANSPORT,
                    new Outcome.Completed(true, "OK"),
                    Attempt.facts(session).build(),
                    Payload.stream(new Subscribed(client, id, session, inbox, context), bounds));
        });
    }

    private static Ask ask(SubscribeSettings settings, Session session, ActionContext context) {
        Ask ask = session.ask(session.address(), settings.headers(), context);
        return ask.subprotocols().isEmpty()
                ? new Ask(ask.address(), ask.headers(), List.of(GraphqlClient.SUBPROTOCOL))
                : ask;
    }

    private static Map<String, @Nullable Object> request(SubscribeSettings settings) {
        Map<String, @Nullable Object> request = new LinkedHashMap<>();
        request.put("query", settings.query());
        if (!settings.variables().isEmpty()) {
            request.put("variables", settings.variables());
        }
        if (settings.operationName() != null) {
            request.put("operationName", settings.operationName());
        }
        return request;
    }

    /// The messages of one subscription.
    private static final class Subscribed implements PayloadStream {

        private final GraphqlClient client;
        private final String id;
        private final Session session;
        private final Inbox inbox;
        private final ActionContext context;
        private final Matcher mine;
        private boolean seen;
        private volatile boolean over;
        private Ending ending = Ending.NONE;

        Subscribed(GraphqlClient client, String id, Session session, Inbox inbox, ActionContext context) {
            this.client = client;
            this.id = id;
            this.session = session;
            this.inbox = inbox;
            this.context = context;
            this.mine = GraphqlClient.of(id);
        }

        @Override
        public @Nullable Frame next(Deadline deadline) throws Exception {
            if (over) {
                return null;
            }
            Frame frame = inbox.take(mine, deadline);
            if (frame == null) {
                throw new TimeoutException("no message of the subscription within the " + deadline.limit());
            }
            if (!seen) {
                seen = true;
                context.mark(Phase.FIRST_BYTE);
            }
            String type = GraphqlClient.type(frame);
            if (context.verbose() && frame.payload() instanceof Payload.Document document) {
                context.tell("< " + type + " " + id + ": " + document.tree());
            }
            return switch (type) {
                case "next" -> next(frame);
                case "error" -> failed(frame);
                default -> {
                    over = true;
                    yield null;
                }
            };
        }

        private Frame next(Frame frame) {
            if (frame.payload() instanceof Payload.Document document
                    && document.tree() instanceof Map<?, ?> result
                    && result.get("errors") instanceof List<?> list
                    && !list.isEmpty()) {
                ending = ending(list);
            }
            return frame;
        }

        private @Nullable Frame failed(Frame frame) {
            over = true;
            List<?> list =
                    frame.payload() instanceof Payload.Document document && document.tree() instanceof List<?> all
                            ? all
                            : List.of();
            ending = ending(list);
            return null;
        }

        private static Ending ending(List<?> errors) {
            List<String> messages = errors.stream().map(Subscribed::message).toList();
            Metadata.Builder facts = Metadata.builder().put("graphql_errors", messages);
            if (!messages.isEmpty()) {
                facts.put("message", String.join("; ", messages));
            }
            return new Ending(new Outcome.Completed(false, code(errors)), facts.build());
        }

        private static String message(@Nullable Object error) {
            return error instanceof Map<?, ?> map ? String.valueOf(map.get("message")) : String.valueOf(error);
        }

        /// What the server calls the first error, where it does: `NOT_FOUND`.
        private static String code(List<?> errors) {
            return !errors.isEmpty()
                            && errors.getFirst() instanceof Map<?, ?> error
                            && error.get("extensions") instanceof Map<?, ?> extensions
                            && extensions.get("code") instanceof String code
                    ? code
                    : "GRAPHQL_ERROR";
        }

        @Override
        public Ending ending() {
            return ending;
        }

        @Override
        public void close() {
            if (!over) {
                over = true;
                client.complete(id);
                session.push(GraphqlClient.end(id));
            }
        }
    }
}
