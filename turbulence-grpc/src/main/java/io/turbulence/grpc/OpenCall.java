package io.turbulence.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.util.Timeout;
import io.grpc.netty.shaded.io.netty.util.TimerTask;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import io.turbulence.api.Deadline;
import java.net.SocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One call that is under way. What comes is noted by the network's thread, which does no more, and taken by the one
/// that waits. Used by one thread at a time; only [#cancel] may come from any thread.
///
/// Who waits is woken as seldom as can be, for that costs more than what there is to do: headers, and the one message
/// of an answer, wake nobody before the network's thread is through with what came along with them, which is mostly the
/// whole answer. And a deadline is an entry in the timer of all calls: a timed wait of a virtual thread wakes the JDK's
/// own timer twice.
///
/// The peer may send [#WINDOW] messages ahead of who takes them, no more.
final class OpenCall {

    private static final int WINDOW = 16;

    private final ClientCall<byte[], byte[]> call;
    private final EventLoops.Running loops;
    private final Queue<byte[]> messages = new ConcurrentLinkedQueue<>();
    private final boolean many;
    private final Answered answered = new Answered();
    private int owed;
    private volatile @Nullable Metadata headers;
    private volatile @Nullable Metadata trailers;
    private volatile @Nullable Status status;
    private volatile boolean cancelled;
    private volatile @Nullable Thread waiting;
    private final TimerTask wake = alarm -> wake();
    private volatile boolean waking;
    /// Whether it was ever waited for that the network takes more.
    private volatile boolean wantsReady;

    private OpenCall(
            Channel channel, EventLoops.Running loops, MethodDescriptor<byte[], byte[]> method, CallOptions options) {
        this.call = channel.newCall(method, options.withStreamTracerFactory(answered));
        this.loops = loops;
        this.many = !method.getType().serverSendsOneMessage();
    }

    /// @param channel whose calls run their listeners on the network's threads
    /// @param loops   these threads
    static OpenCall start(
            Channel channel,
            EventLoops.Running loops,
            MethodDescriptor<byte[], byte[]> method,
            CallOptions options,
            Metadata metadata) {
        OpenCall open = new OpenCall(channel, loops, method, options);
        open.begin(metadata);
        return open;
    }

    private void begin(Metadata metadata) {
        call.start(new Listener(), metadata);
        // Two, so that a second message where there must be one is noticed
        call.request(many ? WINDOW : 2);
    }

    /// Sends a message; it waits here while the network does not take it. Does nothing when the call has ended.
    void send(byte[] message) {
        if (status == null) {
            unlessCancelled(() -> call.sendMessage(message));
        }
    }

    /// Sends a message if the network takes it now.
    ///
    /// @return whether it was sent
    boolean sendIfReady(byte[] message) {
        if (status != null || !call.isReady()) {
            return false;
        }
        unlessCancelled(() -> call.sendMessage(message));
        return true;
    }

    /// Waits until the network takes a message, or the call has ended.
    ///
    /// @throws TimeoutException when the deadline passed first; the call goes on
    void awaitReady(Deadline deadline) throws InterruptedException, TimeoutException {
        wantsReady = true;
        await(() -> status != null || call.isReady(), deadline);
    }

    /// Waits until a message is there, the network takes one, or the call has ended.
    ///
    /// @throws TimeoutException when the deadline passed first; the call goes on
    void awaitMessageOrReady(Deadline deadline) throws InterruptedException, TimeoutException {
        wantsReady = true;
        await(() -> status != null || !messages.isEmpty() || call.isReady(), deadline);
    }

    boolean hasMessage() {
        return !messages.isEmpty();
    }

    void halfClose() {
        if (status == null) {
            unlessCancelled(call::halfClose);
        }
    }

    /// gRPC refuses to send on a call that another thread cancels meanwhile; that it was, its end tells.
    private void unlessCancelled(Runnable sending) {
        try {
            sending.run();
        } catch (IllegalStateException e) {
            if (!cancelled) {
                throw e;
            }
        }
    }

    /// The next message; null when there is none because the call has ended.
    ///
    /// @throws TimeoutException when the deadline passed first; the call goes on
    byte @Nullable [] next(Deadline deadline) throws InterruptedException, TimeoutException {
        if (messages.isEmpty()) {
            await(() -> !messages.isEmpty() || status != null, deadline);
        }
        byte[] message = messages.poll();
        if (message != null && many && ++owed == WINDOW / 2) {
            call.request(owed);
            owed = 0;
        }
        return message;
    }

    /// Waits for the headers of the answer, or for the end of a call without any.
    void awaitHeaders(Deadline deadline) throws InterruptedException, TimeoutException {
        await(() -> headers != null || status != null, deadline);
    }

    void awaitEnd(Deadline deadline) throws InterruptedException, TimeoutException {
        await(() -> status != null, deadline);
    }

    /// The headers that came; null when none did.
    @Nullable
    Metadata headers() {
        return headers;
    }

    /// How it ended; null while it has not.
    @Nullable
    Status status() {
        return status;
    }

    Metadata trailers() {
        Metadata given = trailers;
        return given == null ? new Metadata() : given;
    }

    /// Whether the status is the peer's own, not one that was made up here.
    boolean isAnswered() {
        return answered.byPeer;
    }

    /// Whether we gave it up.
    boolean isCancelled() {
        return cancelled;
    }

    @Nullable
    SocketAddress peer() {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR);
    }

    /// Gives the call up. Does nothing when it has ended.
    void cancel(String why) {
        cancelled = true;
        call.cancel(why, null);
    }

    private void await(BooleanSupplier done, Deadline deadline) throws InterruptedException, TimeoutException {
        if (done.getAsBoolean()) {
            return;
        }
        waiting = Thread.currentThread();
        Timeout alarm = null;
        try {
            while (!done.getAsBoolean()) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                long nanos = deadline.remainingNanos();
                if (nanos <= 0) {
                    throw new TimeoutException("nothing came before the " + deadline.limit());
                }
                if (alarm == null || alarm.isExpired()) {
                    alarm = loops.alarms().newTimeout(wake, nanos, TimeUnit.NANOSECONDS);
                    // Setting it may wait, and so miss a call to wake: between the look and the wait stands nothing
                    continue;
                }
                LockSupport.park(this);
            }
        } finally {
            waiting = null;
            if (alarm != null) {
                alarm.cancel();
            }
        }
    }

    private void wake() {
        LockSupport.unpark(waiting);
    }

    private void wakeSoon() {
        if (waiting == null || waking) {
            return;
        }
        EventExecutor loop = loops.current();
        if (loop == null) {
            wake();
            return;
        }
        waking = true;
        loop.execute(() -> {
            waking = false;
            wake();
        });
    }

    private final class Listener extends ClientCall.Listener<byte[]> {

        @Override
        public void onHeaders(Metadata received) {
            headers = received;
            wakeSoon();
        }

        @Override
        public void onMessage(byte[] message) {
            messages.add(message);
            if (many) {
                wake();
            } else {
                wakeSoon();
            }
        }

        @Override
        public void onReady() {
            if (wantsReady) {
                wake();
            }
        }

        @Override
        public void onClose(Status ended, Metadata received) {
            trailers = received;
            status = ended;
            wake();
        }
    }

    /// Learns whether the status came over the network.
    private static final class Answered extends ClientStreamTracer.Factory {

        private volatile boolean byPeer;

        @Override
        public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
            return new ClientStreamTracer() {
                @Override
                public void inboundTrailers(Metadata trailers) {
                    byPeer = true;
                }
            };
        }
    }
}
