package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Matcher;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Waits for messages, and explains waits that were in vain.
final class Waiting {

    private final Session session;
    private final Inbox inbox;
    private final ActionContext context;
    private final Matcher matcher;

    /// @param wanted null for the next message, whatever it is
    Waiting(Session session, Inbox inbox, @Nullable Matcher wanted, ActionContext context) {
        this.session = session;
        this.inbox = inbox;
        this.context = context;
        this.matcher = wanted == null ? Any.MESSAGE : wanted;
    }

    /// @return null when the deadline passed first
    /// @throws FailureException when the connection is over and what came before it has no such message
    @Nullable
    Frame take(Deadline deadline) throws InterruptedException {
        Frame frame;
        try {
            frame = inbox.take(matcher, deadline);
        } catch (FailureException e) {
            throw new FailureException(
                    e.failure(), e.getMessage() + "; no message" + which() + " was left", e.getCause());
        }
        if (frame != null && context.verbose()) {
            context.tell("< " + describe(frame));
        }
        return frame;
    }

    /// What came before the connection was over.
    ///
    /// @return null when nothing of it is meant
    @Nullable
    Frame takeLeft() throws InterruptedException {
        try {
            return take(Deadline.after(Duration.ZERO, "look"));
        } catch (FailureException e) {
            return null;
        }
    }

    private static String describe(Frame frame) {
        return switch (frame.payload()) {
            case Payload.Bytes bytes ->
                Outgoing.describe("text".equals(frame.metadata().get("kind")), bytes.content());
            case Payload.Document document -> String.valueOf(document.tree());
            case Payload.Empty empty -> "an empty message";
            case Payload.Stream stream -> "a stream";
        };
    }

    /// What is said when it came in vain: how many came instead, and which were nearest.
    Outcome.Failed ranOut(int taken, int wanted, Deadline deadline) {
        Inbox.Arrivals arrivals = inbox.arrivals(matcher);
        StringBuilder message = new StringBuilder("'").append(session.address()).append("': ");
        message.append(wanted == 1 ? "no message" : taken + " of " + wanted + " messages");
        message.append(which());
        message.append(" within the ").append(deadline.limit()).append("; ");
        message.append(
                arrivals.count() == 0
                        ? "none came meanwhile"
                        : arrivals.count() == 1
                                ? "1 message came meanwhile"
                                : arrivals.count() + " messages came meanwhile");
        if (arrivals.overflowed() > 0) {
            message.append("; ")
                    .append(arrivals.overflowed())
                    .append(" were dropped because the buffer was full, before this step looked at them");
        }
        if (!arrivals.nearest().isEmpty()) {
            message.append("; nearest: ").append(String.join("; ", arrivals.nearest()));
        }
        return new Outcome.Failed(Failure.TIMEOUT, message.toString(), null);
    }

    /// Messages that were dropped before this looked at them.
    long overflowed() {
        return inbox.arrivals(matcher).overflowed();
    }

    /// The messages that are meant, as a sentence goes on.
    String which() {
        if (matcher == Any.MESSAGE) {
            return "";
        }
        return (matcher.key().isPresent() ? " with " : " that meets ") + matcher.describe();
    }

    /// Every message matches.
    private enum Any implements Matcher {
        MESSAGE;

        @Override
        public boolean matches(Frame frame) {
            return true;
        }

        @Override
        public String describe() {
            return "any message";
        }
    }
}
