package io.turbulence.grpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientStreamTracer;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Status;
import io.turbulence.api.Deadline;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One call that is under way. What the network has to say is queued and taken in by the thread that waits,
/// so that nothing here is shared but the queue: used by one thread at a time. Only [#cancel] may come from
/// any thread.
///
/// The peer may send [#WINDOW] messages ahead of who takes them, no more.
final class OpenCall {

    private static final int WINDOW = 16;

    private final ClientCall<byte[], byte[]> call;
    private final Tasks tasks = new Tasks();
    private final Deque<byte[]> messages = new ArrayDeque<>();
    private final boolean many;
    private final Answered answered = new Answered();
    private @Nullable Metadata headers;
    private @Nullable Status status;
    private @Nullable Metadata trailers;
    private int owed;
    private volatile boolean cancelled;

    private OpenCall(Channel channel, Method method, CallOptions options) {
        this.call =
                channel.newCall(method.descriptor(), options.withExecutor(tasks).withStreamTracerFactory(answered));
        this.many = method.serverStreams();
    }

    private OpenCall(Channel channel, io.grpc.MethodDescriptor<byte[], byte[]> method, CallOptions options) {
        this.call = channel.newCall(method, options.withExecutor(tasks).withStreamTracerFactory(answered));
        this.many = !method.getType().serverSendsOneMessage();
    }

    static OpenCall start(Channel channel, Method method, CallOptions options, Metadata metadata) {
        OpenCall open = new OpenCall(channel, method, options);
        open.begin(metadata);
        return open;
    }

    static OpenCall start(
            Channel channel, io.grpc.MethodDescriptor<byte[], byte[]> method, CallOptions options, Metadata metadata) {
        OpenCall open = new OpenCall(channel, method, options);
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
        tasks.runAll();
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
        await(() -> status != null || call.isReady(), deadline);
    }

    /// Waits until a message is there, the network takes one, or the call has ended.
    ///
    /// @throws TimeoutException when the deadline passed first; the call goes on
    void awaitMessageOrReady(Deadline deadline) throws InterruptedException, TimeoutException {
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
        tasks.runAll();
        while (!done.getAsBoolean()) {
            tasks.await(deadline);
        }
    }

    private final class Listener extends ClientCall.Listener<byte[]> {

        @Override
        public void onHeaders(Metadata received) {
            headers = received;
        }

        @Override
        public void onMessage(byte[] message) {
            messages.add(message);
        }

        @Override
        public void onClose(Status ended, Metadata received) {
            status = ended;
            trailers = received;
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

    /// What the network has to say, run by who waits for it.
    private static final class Tasks implements Executor {

        private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
        private volatile @Nullable Thread waiting;

        @Override
        public void execute(Runnable task) {
            queue.add(task);
            LockSupport.unpark(waiting);
        }

        void runAll() {
            for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
                task.run();
            }
        }

        /// Waits until there was something to run.
        void await(Deadline deadline) throws InterruptedException, TimeoutException {
            waiting = Thread.currentThread();
            try {
                while (true) {
                    Runnable task = queue.poll();
                    if (task != null) {
                        task.run();
                        return;
                    }
                    if (Thread.interrupted()) {
                        throw new InterruptedException();
                    }
                    long nanos = deadline.remainingNanos();
                    if (nanos <= 0) {
                        throw new TimeoutException("nothing came before the " + deadline.limit());
                    }
                    LockSupport.parkNanos(this, nanos);
                }
            } finally {
                waiting = null;
            }
        }
    }
}
