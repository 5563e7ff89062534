package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Observation;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Base64Text;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.Phase;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A conversation: sends and awaits in turn.
final class ExchangeAction implements ProtocolAction<ExchangeSettings, Session> {

    private final Sockets sockets;

    ExchangeAction(Sockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public String type() {
        return "ws.exchange";
    }

    @Override
    public Class<ExchangeSettings> settings() {
        return ExchangeSettings.class;
    }

    @Override
    public ConnectionFactory<?, Session> connection() {
        return sockets;
    }

    @Override
    public void prepare(Preparation<ExchangeSettings> step) {
        ServiceChecks.headers(step, step.problems());
        if (!step.has("exchange")) {
            step.problems().error("exchange", "nothing", "'exchange' with turns such as '{send: hello}'", null);
        }
        if (step.sketch("exchange").orElse(null) instanceof List<?> turns) {
            for (int turn = 0; turn < turns.size(); turn++) {
                check(turns.get(turn), turn, turns.size(), step);
            }
        }
    }

    private static void check(@Nullable Object turn, int number, int turns, Preparation<ExchangeSettings> step) {
        String path = "exchange[" + number + "]";
        Object base64 = turn instanceof Map<?, ?> keys ? keys.get("base64") : null;
        boolean closes = turn instanceof Map<?, ?> keys && keys.get("signal") != null;
        if (turn instanceof ExchangeSettings.Turn known) {
            base64 = known.base64();
            closes = known.signal() != null;
        }
        Base64Text.check(base64, path + ".base64", step.problems());
        if (closes && step.pool().scope() == PoolSettings.Scope.RUN) {
            step.problems()
                    .error(
                            path,
                            "'close' of a connection that all instances share",
                            "no 'close' with 'pool: {scope: run}'",
                            null);
        } else if (closes && number < turns - 1) {
            step.problems()
                    .error(path, "'close' before other turns", "'close' as the last turn", "nothing comes after it");
        }
    }

    @Override
    public Observation execute(ExchangeSettings settings, Session session, ActionContext context)
            throws InterruptedException {
        return Attempt.of(session, () -> {
            Link link = session.use(settings.headers(), context);
            return new Conversation(settings, session, link, session.inbox(context), context).run();
        });
    }

    /// One run through the turns.
    private static final class Conversation {

        private final ExchangeSettings settings;
        private final Session session;
        private final Link link;
        private final Inbox inbox;
        private final ActionContext context;
        private final List<Frame> received = new ArrayList<>();
        private int sent;

        Conversation(ExchangeSettings settings, Session session, Link link, Inbox inbox, ActionContext context) {
            this.settings = settings;
            this.session = session;
            this.link = link;
            this.inbox = inbox;
            this.context = context;
        }

        Observation run() throws InterruptedException {
            for (int turn = 0; turn < settings.exchange().size(); turn++) {
                try {
                    take(settings.exchange().get(turn), turn);
                } catch (FailureException e) {
                    throw new FailureException(e.failure(), "exchange[" + turn + "]: " + e.getMessage(), e.getCause());
                }
            }
            return Observation.answered(
                    WebSocketPlugin.TRANSPORT,
                    true,
                    "OK",
                    TakenFrames.facts(
                                    received,
                                    Attempt.facts(session).put("sent", sent).put("received", received.size()))
                            .build(),
                    TakenFrames.payload(received));
        }

        private void take(ExchangeSettings.Turn now, int turn) throws InterruptedException {
            Matcher expected = now.expect();
            if (expected != null) {
                expect(expected, now.timeout());
            } else if (now.signal() != null) {
                close();
            } else {
                send(
                        now.base64() == null
                                ? Outgoing.tree(now.send(), context.json())
                                : Outgoing.base64("exchange[" + turn + "].base64", now.base64()));
            }
        }

        private void send(Outgoing message) throws InterruptedException {
            link.send(message.isText(), message.content(), 0, context.deadline());
            if (sent == 0 && received.isEmpty()) {
                context.mark(Phase.SENT);
            }
            sent++;
            message.tell(context);
        }

        private void expect(Matcher expected, @Nullable Duration timeout) throws InterruptedException {
            Deadline deadline = timeout == null
                    ? context.deadline()
                    : context.deadline().within(timeout, "timeout of " + Durations.text(timeout));
            Waiting waiting = new Waiting(session, inbox, expected, context);
            Frame frame = waiting.take(deadline);
            if (frame == null) {
                throw new FailureException(
                        Failure.TIMEOUT, waiting.ranOut(0, 1, deadline).message());
            }
            if (received.isEmpty()) {
                context.mark(Phase.FIRST_BYTE);
            }
            received.add(frame);
        }

        private void close() throws InterruptedException {
            if (link.close(CloseCodes.NORMAL, "", context.deadline()) == null) {
                throw new FailureException(
                        Failure.TIMEOUT,
                        "'" + link.address() + "': the server did not answer our close frame within the "
                                + context.deadline().limit());
            }
        }
    }
}
