package io.turbulence.grpc;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.api.PayloadStream;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.Phase;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The messages of a conversation: each turn is taken when its time has come, while the host pulls. A message
/// that a turn waits for ends its waiting; what comes before it is passed over, and observed like any other.
final class Conversation implements PayloadStream {

    private final GrpcCall call;
    private final OpenCall open;
    private final List<GrpcRequest.Turn> turns;
    private int turn;
    private int passedOver;
    private boolean closed;
    private boolean sent;
    private boolean seen;
    private boolean cancelledByUser;
    private @Nullable Frame lastPassedOver;
    private @Nullable Deadline limit;
    private Outcome.@Nullable Failed failed;

    Conversation(GrpcCall call) {
        this.call = call;
        this.open = call.open();
        this.turns = call.settings().exchange();
    }

    @Override
    public @Nullable Frame next(Deadline deadline) throws Exception {
        while (turn < turns.size() && failed == null) {
            GrpcRequest.Turn now = turns.get(turn);
            if (now.expect() != null) {
                return expected(now, now.expect(), deadline);
            }
            take(now, deadline);
        }
        if (failed != null || cancelledByUser) {
            return null;
        }
        halfClose();
        return frame(open.next(deadline));
    }

    private void take(GrpcRequest.Turn now, Deadline deadline) throws InterruptedException, TimeoutException {
        if (now.send() != null) {
            byte[] message = encoded(now.send());
            if (message == null) {
                return;
            }
            if (call.method().clientStreams()) {
                open.awaitReady(deadline);
            }
            open.send(message);
            if (!call.method().clientStreams()) {
                // It takes one message, and answers when it knows that this was it
                halfClose();
            }
            if (!sent && !seen) {
                sent = true;
                call.mark(Phase.SENT);
            }
        } else if (now.signal() == GrpcRequest.Signal.CLOSE) {
            halfClose();
        } else {
            cancelledByUser = true;
            open.cancel("cancelled by the scenario");
            open.awaitEnd(deadline);
            turn = turns.size();
            return;
        }
        turn++;
    }

    private byte @Nullable [] encoded(Object tree) {
        try {
            return call.method().encode(Trees.read(tree, call.context().json()), "exchange[" + turn + "].send");
        } catch (FailureException e) {
            failed = Outcome.Failed.of(e);
            return null;
        }
    }

    private void halfClose() {
        if (!closed) {
            closed = true;
            open.halfClose();
        }
    }

    private @Nullable Frame expected(GrpcRequest.Turn now, Matcher expected, Deadline deadline) throws Exception {
        Deadline until = limit;
        if (until == null) {
            until = now.timeout() == null
                    ? deadline
                    : deadline.within(
                            now.timeout(), "timeout of " + now.timeout().toMillis() + " ms");
            limit = until;
        }
        Frame frame;
        try {
            frame = frame(open.next(until.earlier(deadline)));
        } catch (TimeoutException e) {
            if (!until.expired() && !call.deadline().expired()) {
                throw e;
            }
            failed = unmet(Failure.TIMEOUT, "came within the " + until.limit(), expected);
            return null;
        }
        if (frame == null) {
            if (open.isAnswered() && open.status() != null && open.status().isOk()) {
                failed = unmet(Failure.CLOSED, "came before the server ended the call with OK", expected);
            }
            turn = turns.size();
            return null;
        }
        if (expected.matches(frame)) {
            turn++;
            passedOver = 0;
            limit = null;
        } else {
            passedOver++;
            lastPassedOver = frame;
        }
        return frame;
    }

    private Outcome.Failed unmet(Failure failure, String what, Matcher expected) {
        Frame last = lastPassedOver;
        String instead = passedOver == 0 || last == null
                ? "none came at all"
                : passedOver + (passedOver == 1 ? " other message" : " other messages") + " came; of the last, "
                        + expected.explain(last);
        return new Outcome.Failed(
                failure,
                "exchange[" + turn + "]: no message for which " + expected.describe() + " holds " + what + "; "
                        + instead,
                null);
    }

    private @Nullable Frame frame(byte @Nullable [] message) {
        if (!seen && (message != null || open.status() != null)) {
            seen = true;
            call.mark(Phase.FIRST_BYTE);
        }
        if (message == null) {
            return null;
        }
        Frame frame = call.method().frame(message);
        if (call.context().verbose()) {
            Account.tellMessage(frame.payload(), call.context());
        }
        return frame;
    }

    @Override
    public Ending ending() {
        if (failed != null) {
            return new Ending(failed, call.factsSoFar());
        }
        if (cancelledByUser) {
            Metadata.Builder facts = call.factsSoFar().toBuilder();
            Facts.putStatus(facts, io.grpc.Status.CANCELLED);
            return new Ending(new Outcome.Completed(false, "CANCELLED"), facts.build());
        }
        return call.ending();
    }

    @Override
    public void close() {
        open.cancel("nobody waits for more");
    }
}
