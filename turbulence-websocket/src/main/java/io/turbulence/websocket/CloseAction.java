package io.turbulence.websocket;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Phase;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.nio.charset.StandardCharsets;

/// Closes the connection by the rules: says why, and waits for the server to say it too.
final class CloseAction implements ProtocolAction<CloseSettings, Session> {

    private static final int LONGEST_REASON = 123;

    private final Sockets sockets;

    CloseAction(Sockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public String type() {
        return "ws.close";
    }

    @Override
    public Class<CloseSettings> settings() {
        return CloseSettings.class;
    }

    @Override
    public ConnectionFactory<?, Session> connection() {
        return sockets;
    }

    @Override
    public void prepare(Preparation<CloseSettings> step) {
        if (step.pool().scope() == PoolSettings.Scope.RUN) {
            step.problems()
                    .error(
                            "type",
                            "the end of a connection that all instances share ('pool: {scope: run}')",
                            "no 'ws.close'",
                            "the run closes what it opened");
        }
        step.constant("code", Integer.class)
                .filter(code -> !CloseCodes.isSendable(code))
                .ifPresent(code -> step.problems()
                        .error(
                                "code",
                                "'" + code + "'",
                                "a code that may be sent: 1000 to 1014, or 3000 to 4999",
                                null));
        step.constant("reason", String.class)
                .filter(reason -> bytes(reason) > LONGEST_REASON)
                .ifPresent(reason -> step.problems()
                        .error("reason", bytes(reason) + " bytes", "at most " + LONGEST_REASON + " bytes", null));
    }

    @Override
    public Observation execute(CloseSettings settings, Session session, ActionContext context)
            throws InterruptedException {
        return Attempt.of(session, () -> {
            Link link = session.link();
            if (link == null) {
                return Observation.answered(
                        WebSocketPlugin.TRANSPORT, true, "NOT_OPEN", Metadata.empty(), Payload.empty());
            }
            if (link.wasClosedByUs()) {
                return Observation.answered(
                        WebSocketPlugin.TRANSPORT,
                        true,
                        "NOT_OPEN",
                        Attempt.facts(session).build(),
                        Payload.empty());
            }
            if (!CloseCodes.isSendable(settings.code()) || bytes(settings.words()) > LONGEST_REASON) {
                throw new FailureException(
                        Failure.PROTOCOL,
                        "'" + link.address() + "': the close code " + settings.code() + " with a reason of "
                                + bytes(settings.words()) + " bytes cannot be sent");
            }
            return close(settings, session, link, context);
        });
    }

    private static Observation close(CloseSettings settings, Session session, Link link, ActionContext context)
            throws InterruptedException {
        if (context.verbose()) {
            context.tell("> close " + CloseCodes.describe(settings.code()));
        }
        Link.Closing answer = link.close(settings.code(), settings.words(), context.deadline());
        if (answer == null) {
            Outcome.Failed end = link.end();
            Outcome.Failed why = end != null
                    ? end
                    : new Outcome.Failed(
                            Failure.TIMEOUT,
                            "'" + link.address() + "': the server did not answer our close frame "
                                    + CloseCodes.describe(settings.code()) + " within the "
                                    + context.deadline().limit(),
                            null);
            link.abort();
            return Attempt.failed(session, why);
        }
        context.mark(Phase.FIRST_BYTE);
        if (context.verbose()) {
            context.tell("< close " + answer);
        }
        boolean agreed = answer.code() == settings.code()
                || answer.code() == CloseCodes.NORMAL
                || answer.code() == CloseCodes.NONE;
        Metadata.Builder facts = Attempt.facts(session).put("status_code", answer.code());
        if (!agreed && !answer.reason().isBlank()) {
            facts.put("message", answer.reason());
        }
        return Observation.answered(
                WebSocketPlugin.TRANSPORT, agreed, String.valueOf(answer.code()), facts.build(), Payload.empty());
    }

    private static int bytes(String reason) {
        return reason.getBytes(StandardCharsets.UTF_8).length;
    }
}
