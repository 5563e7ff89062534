package io.turbulence.http;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.PayloadStream;
import io.turbulence.spi.ActionContext;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The events of one step, over as many answers as it takes.
final class SseStream implements PayloadStream {

    private static final int PIECE = 4096;

    /// Asks for the stream again, from the event with this id on.
    interface Again {
        AnswerStream ask(@Nullable String lastEventId) throws Exception;
    }

    private final SseParser parser;
    private final List<String> events;
    private final Again again;
    private final ActionContext context;
    private final byte[] piece = new byte[PIECE];
    private volatile AnswerStream answer;
    private volatile boolean closed;
    private int reconnectsLeft;
    private int reconnects;

    SseStream(AnswerStream answer, SseRequest settings, Again again, ActionContext context) {
        this.answer = answer;
        this.parser = new SseParser(settings.maxEvent().bytes());
        this.events = settings.events();
        this.reconnectsLeft = settings.reconnect();
        this.again = again;
        this.context = context;
    }

    @Override
    public @Nullable Frame next(Deadline deadline) throws Exception {
        while (true) {
            for (Frame frame = parser.poll(); frame != null; frame = parser.poll()) {
                if (events.isEmpty()
                        || events.contains(String.valueOf(frame.metadata().get("event")))) {
                    if (context.verbose()) {
                        context.tell("< event " + frame.metadata());
                    }
                    return frame;
                }
            }
            if (read(deadline) < 0 && !askAgain(deadline)) {
                return null;
            }
        }
    }

    private int read(Deadline deadline) throws Exception {
        try {
            int count = answer.read(piece, 0, PIECE, deadline);
            if (count > 0) {
                parser.feed(piece, 0, count);
            }
            return count;
        } catch (SocketTimeoutException e) {
            throw new TimeoutException("no event came before the " + deadline.limit());
        } catch (Malformed e) {
            throw new FailureException(Failure.TOO_LARGE, e.getMessage() + "; raise max_event", e);
        } catch (FailureException e) {
            if (e.failure() == Failure.CLOSED && reconnectsLeft > 0 && !closed) {
                return -1;
            }
            throw e;
        }
    }

    private boolean askAgain(Deadline deadline) throws Exception {
        if (reconnectsLeft == 0 || closed) {
            return false;
        }
        reconnectsLeft--;
        reconnects++;
        parser.restart();
        answer.close();
        long pause = Math.max(0, parser.retryMillis());
        if (pause > deadline.remainingMillis()) {
            throw new TimeoutException("the server wants to be asked again after the " + deadline.limit());
        }
        Thread.sleep(Duration.ofMillis(pause));
        answer = again.ask(parser.lastId());
        if (closed) {
            answer.close();
        }
        return true;
    }

    @Override
    public Ending ending() {
        Metadata.Builder facts = Metadata.builder();
        if (reconnects > 0) {
            facts.put("reconnects", reconnects);
        }
        return new Ending(null, facts.build());
    }

    @Override
    public void close() {
        closed = true;
        answer.close();
    }
}
