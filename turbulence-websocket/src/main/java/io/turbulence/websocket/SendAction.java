package io.turbulence.websocket;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Base64Text;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Phase;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;

/// Sends one message.
final class SendAction implements ProtocolAction<SendSettings, Session> {

    private final Sockets sockets;

    SendAction(Sockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public String type() {
        return "ws.send";
    }

    @Override
    public Class<SendSettings> settings() {
        return SendSettings.class;
    }

    @Override
    public ConnectionFactory<?, Session> connection() {
        return sockets;
    }

    @Override
    public void prepare(Preparation<SendSettings> step) {
        ServiceChecks.headers(step, step.problems());
        step.constant("base64", String.class).ifPresent(base64 -> Base64Text.check(base64, "base64", step.problems()));
    }

    @Override
    public Observation execute(SendSettings settings, Session session, ActionContext context)
            throws InterruptedException {
        return Attempt.of(session, () -> {
            Outgoing message = message(settings, context);
            Link link = session.use(settings.headers(), context);
            session.inbox(context);
            int fragment = settings.fragment() == null
                    ? 0
                    : (int) Math.min(settings.fragment().bytes(), Integer.MAX_VALUE);
            Link.Sent sent = link.send(message.isText(), message.content(), fragment, context.deadline());
            context.mark(Phase.SENT);
            message.tell(context);
            Metadata.Builder facts = Attempt.facts(session)
                    .put("kind", message.isText() ? "text" : "binary")
                    .put("size", message.content().length)
                    .put("frames", sent.frames())
                    .put("wire_size", sent.wireSize());
            return Observation.answered(WebSocketPlugin.TRANSPORT, true, "SENT", facts.build(), Payload.empty());
        });
    }

    private static Outgoing message(SendSettings settings, ActionContext context) {
        if (settings.text() != null) {
            return Outgoing.text(settings.text());
        }
        return settings.base64() != null
                ? Outgoing.base64("base64", settings.base64())
                : Outgoing.tree(settings.json(), context.json());
    }
}
