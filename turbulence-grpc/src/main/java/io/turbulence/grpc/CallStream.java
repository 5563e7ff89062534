package io.turbulence.grpc;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.PayloadStream;
import io.turbulence.spi.Phase;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The messages that a method streams, while ours are sent as fast as the network takes them.
final class CallStream implements PayloadStream {

    private final GrpcCall call;
    private final OpenCall open;
    private final Deque<byte[]> unsent;
    private boolean sent;
    private boolean seen;

    CallStream(GrpcCall call, List<byte[]> messages) {
        this.call = call;
        this.open = call.open();
        this.unsent = new ArrayDeque<>(messages);
    }

    /// Sends what can be sent, and waits for the answer to begin when that is all; no longer than the idle
    /// timeout, which is the drain's matter.
    void begin(@Nullable Duration idleTimeout) throws InterruptedException, TimeoutException {
        if (unsent.size() == 1) {
            open.send(unsent.remove());
        }
        send();
        if (!sent) {
            return;
        }
        Deadline most = idleTimeout == null ? call.deadline() : call.deadline().within(idleTimeout, "idle_timeout");
        try {
            open.awaitHeaders(most);
            noteFirst();
        } catch (TimeoutException e) {
            if (call.deadline().expired()) {
                throw e;
            }
        }
    }

    @Override
    public @Nullable Frame next(Deadline deadline) throws Exception {
        send();
        while (!sent && !open.hasMessage() && open.status() == null) {
            open.awaitMessageOrReady(deadline);
            send();
        }
        byte[] message = open.next(deadline);
        noteFirst();
        if (message == null) {
            return null;
        }
        Frame frame = call.method().frame(message);
        if (call.context().verbose()) {
            Account.tellMessage(frame.payload(), call.context());
        }
        return frame;
    }

    private void send() {
        while (!unsent.isEmpty() && open.sendIfReady(unsent.element())) {
            unsent.remove();
        }
        if (unsent.isEmpty() && !sent) {
            open.halfClose();
            sent = true;
            if (!seen) {
                call.mark(Phase.SENT);
            }
        }
    }

    private void noteFirst() {
        if (!seen) {
            seen = true;
            call.mark(Phase.FIRST_BYTE);
        }
    }

    @Override
    public Ending ending() {
        return call.ending();
    }

    @Override
    public Metadata leaving() {
        return GrpcCall.left();
    }

    @Override
    public void close() {
        open.cancel("nobody waits for more");
    }
}
