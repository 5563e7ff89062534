package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Frame;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Phase;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Waits for messages that the server pushes. What came before the step is found as well.
final class AwaitAction implements ProtocolAction<AwaitSettings, Session> {

    static final String TYPE = "ws.await";

    private final Sockets sockets;

    AwaitAction(Sockets sockets) {
        this.sockets = sockets;
    }

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Class<AwaitSettings> settings() {
        return AwaitSettings.class;
    }

    @Override
    public ConnectionFactory<?, Session> connection() {
        return sockets;
    }

    @Override
    public void prepare(Preparation<AwaitSettings> step) {
        ServiceChecks.headers(step, step.problems());
        if (step.pool().scope() == PoolSettings.Scope.RUN && !step.has("match")) {
            step.problems()
                    .warning(
                            "match",
                            "without 'match' any message is taken, also another instance's: they share the connection",
                            "match what is this instance's own: 'match: {jsonpath: …, equals: …}'");
        }
    }

    @Override
    public Observation execute(AwaitSettings settings, Session session, ActionContext context)
            throws InterruptedException {
        return Attempt.of(session, () -> {
            Waiting waiting = new Waiting(session, session.inbox(context), settings.match(), context);
            Frame left = listen(settings, waiting, session, context);
            Duration absent = settings.absentFor();
            return absent == null
                    ? present(left, settings.count(), waiting, session, context)
                    : absent(left, absent, waiting, session, context);
        });
    }

    /// What came over a connection that is over can still be taken; so only who said so connects anew.
    ///
    /// @return the first message that is meant, where one had to be looked for to know that; else null
    private static @Nullable Frame listen(
            AwaitSettings settings, Waiting waiting, Session session, ActionContext context)
            throws HandshakeRefused, InterruptedException {
        boolean over = session.link() != null && !session.isOpen();
        boolean mayConnectAnew = over && session.service().reconnect();
        Frame left = mayConnectAnew ? waiting.takeLeft() : null;
        if (session.link() == null || (mayConnectAnew && left == null)) {
            session.use(settings.headers(), context);
        }
        return left;
    }

    private static Observation present(
            @Nullable Frame left, int count, Waiting waiting, Session session, ActionContext context)
            throws InterruptedException {
        List<Frame> taken = new ArrayList<>();
        while (taken.size() < count) {
            Frame frame = left != null && taken.isEmpty() ? left : waiting.take(context.deadline());
            if (frame == null) {
                return Attempt.failed(session, waiting, waiting.ranOut(taken.size(), count, context.deadline()));
            }
            if (taken.isEmpty()) {
                context.mark(Phase.FIRST_BYTE);
            }
            taken.add(frame);
        }
        return Observation.answered(
                WebSocketPlugin.TRANSPORT,
                true,
                "RECEIVED",
                TakenFrames.facts(taken, Attempt.facts(session, waiting)).build(),
                TakenFrames.payload(taken));
    }

    private static Observation absent(
            @Nullable Frame left, Duration absent, Waiting waiting, Session session, ActionContext context)
            throws InterruptedException {
        Deadline deadline = context.deadline().within(absent, "absence of " + Durations.text(absent));
        Frame frame = left != null ? left : waiting.take(deadline);
        if (frame != null) {
            return Observation.answered(
                    WebSocketPlugin.TRANSPORT,
                    false,
                    "a message" + waiting.which() + " where none was to come for " + Durations.text(absent),
                    TakenFrames.facts(List.of(frame), Attempt.facts(session).put("absent", false))
                            .build(),
                    frame.payload());
        }
        if (deadline == context.deadline()) {
            return Attempt.failed(
                    session,
                    new Outcome.Failed(
                            Failure.TIMEOUT,
                            "'" + session.address() + "': the " + deadline.limit() + " was over before 'absent_for' of "
                                    + Durations.text(absent) + " was. Raise 'timeout'.",
                            null));
        }
        long overflowed = waiting.overflowed();
        if (overflowed > 0) {
            return Attempt.failed(
                    session,
                    waiting,
                    new Outcome.Failed(
                            Failure.TOO_LARGE,
                            "'" + session.address() + "': nobody knows whether a message" + waiting.which() + " came: "
                                    + overflowed
                                    + " were dropped because the buffer was full, before this step looked at them",
                            null));
        }
        return Observation.answered(
                WebSocketPlugin.TRANSPORT,
                true,
                "ABSENT",
                Attempt.facts(session).put("absent", true).build(),
                Payload.empty());
    }
}
