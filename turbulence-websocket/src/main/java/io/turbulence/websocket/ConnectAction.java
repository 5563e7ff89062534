package io.turbulence.websocket;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Phase;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;

/// Makes the handshake, with what is this instance's own: its room, its token. A connection that stands is closed
/// before.
final class ConnectAction implements ProtocolAction<ConnectSettings, Session> {

    private final Sockets sockets;

    ConnectAction(Sockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public String type() {
        return "ws.connect";
    }

    @Override
    public Class<ConnectSettings> settings() {
        return ConnectSettings.class;
    }

    @Override
    public ConnectionFactory<?, Session> connection() {
        return sockets;
    }

    @Override
    public void prepare(Preparation<ConnectSettings> step) {
        ServiceChecks.headers(step, step.problems());
        step.constant("path", String.class)
                .filter(path -> !path.startsWith("/"))
                .ifPresent(
                        path -> step.problems().error("path", "'" + path + "'", "a path that begins with '/'", null));
        if (step.pool().scope() == PoolSettings.Scope.RUN) {
            step.problems()
                    .warning(
                            "type",
                            "the connection is shared by all instances ('pool: {scope: run}') and opened before them;"
                                    + " this step only looks at it",
                            "leave 'ws.connect' out, or give each instance its own");
        }
    }

    @Override
    public Observation execute(ConnectSettings settings, Session session, ActionContext context)
            throws InterruptedException {
        return Attempt.of(session, () -> {
            Link link = session.isShared()
                    ? session.use(settings.headers(), context)
                    : session.connectAnew(ask(settings, session, context), context);
            context.mark(Phase.FIRST_BYTE);
            return observation(link, context);
        });
    }

    private static Ask ask(ConnectSettings settings, Session session, ActionContext context) {
        Ask ask = session.ask(session.address().with(settings.path(), settings.query()), settings.headers(), context);
        return settings.subprotocols().isEmpty() ? ask : new Ask(ask.address(), ask.headers(), settings.subprotocols());
    }

    private static Observation observation(Link link, ActionContext context) {
        Handshake.Agreed agreed = link.agreed();
        if (context.verbose()) {
            context.tell("> GET " + link.address());
            context.tell("< 101"
                    + (agreed.subprotocol().isEmpty() ? "" : ", subprotocol " + agreed.subprotocol())
                    + (agreed.extensions().isEmpty() ? "" : ", " + agreed.extensions()));
        }
        Metadata facts = Metadata.builder()
                .put("status_code", 101)
                .put("url", link.address().toString())
                .put("subprotocol", agreed.subprotocol())
                .put("extensions", agreed.extensions())
                .put("headers", agreed.headers())
                .put("handshake_ms", agreed.nanos() / 1e6)
                .build();
        return Observation.answered(WebSocketPlugin.TRANSPORT, true, "101", facts, Payload.empty());
    }
}
