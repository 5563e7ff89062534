package io.turbulence.grpc;

import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Outcome;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One channel to a server: thousands of calls at once over one connection. It mends itself when the
/// connection ends. Thread-safe.
final class GrpcChannel {

    private static final Duration CLOSING = Duration.ofSeconds(2);
    private static final CallOptions OWN = CallOptions.DEFAULT.withMaxInboundMessageSize(64 * 1024 * 1024);
    private static final long BACK_OFF_NANOS = 500_000_000L;
    private static final io.grpc.MethodDescriptor<byte[], byte[]> NOTHING =
            Method.descriptor("grpc.health.v1.Health/Check", MethodType.UNARY);

    private final ManagedChannel channel;
    private final EventLoops.Running loops;
    private final Endpoint endpoint;
    private final Schema schema;
    private final CallOptions options;
    private final boolean encrypted;
    private final Metadata metadata;
    private final Health health;
    private final AtomicLong lastReset = new AtomicLong(System.nanoTime());
    private volatile Peer peer = new Peer(null, null);

    /// @param metadata of the service, for calls that no step makes
    GrpcChannel(
            ManagedChannel channel,
            EventLoops.Running loops,
            Endpoint endpoint,
            GrpcService service,
            Metadata metadata,
            Schema schema) {
        this.loops = loops;
        this.channel = channel;
        this.metadata = metadata;
        this.endpoint = endpoint;
        this.encrypted = service.encrypted();
        this.schema = schema;
        this.health = new Health(service.health());
        this.options = service.compression() == GrpcService.Compression.GZIP
                ? CallOptions.DEFAULT.withCompression("gzip")
                : CallOptions.DEFAULT;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Schema schema() {
        return schema;
    }

    /// A copy of the service's metadata, as far as it is known without a step.
    Metadata metadata() {
        Metadata copy = new Metadata();
        copy.merge(metadata);
        return copy;
    }

    CallOptions options() {
        return options;
    }

    OpenCall start(Method method, CallOptions callOptions, Metadata sent) {
        return OpenCall.start(channel, loops, method.descriptor(), callOptions, sent);
    }

    /// A call that no step makes.
    OpenCall start(io.grpc.MethodDescriptor<byte[], byte[]> method) {
        return OpenCall.start(channel, loops, method, OWN, metadata());
    }

    /// Waits until the connection stands and the server has spoken.
    ///
    /// @throws FailureException when it does not
    void connect(Deadline deadline) throws InterruptedException {
        ConnectivityState state = channel.getState(true);
        while (state != ConnectivityState.READY) {
            if (state == ConnectivityState.TRANSIENT_FAILURE) {
                FailureException why = whyNot(deadline);
                if (why != null) {
                    throw why;
                }
            }
            CountDownLatch changed = new CountDownLatch(1);
            channel.notifyWhenStateChanged(state, changed::countDown);
            if (!changed.await(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
                throw new FailureException(
                        Failure.TIMEOUT,
                        "'" + endpoint.authority() + "' did not answer within the " + deadline.limit());
            }
            state = channel.getState(true);
        }
    }

    /// A call on a channel that cannot connect fails at once and tells why; the channel itself does not.
    ///
    /// @return null when the server answers it: by then it can be reached
    private @Nullable FailureException whyNot(Deadline deadline) throws InterruptedException {
        OpenCall call = start(NOTHING);
        try {
            call.awaitEnd(deadline);
        } catch (TimeoutException e) {
            call.cancel("too late");
            return new FailureException(
                    Failure.TIMEOUT,
                    "'" + endpoint.authority() + "' could not be reached within the " + deadline.limit(),
                    e);
        }
        if (call.isAnswered()) {
            return null;
        }
        Status status = call.status();
        Outcome.Failed failed = Unanswered.outcome(status == null ? Status.UNAVAILABLE : status, endpoint.authority());
        if (failed.failure() == Failure.CLOSED && !encrypted && TlsProbe.speaksTls(endpoint, deadline)) {
            failed = Unanswered.speaksTls(endpoint.authority(), failed.cause());
        }
        return new FailureException(failed.failure(), failed.message(), failed.cause());
    }

    /// Whether it stands and the server's health service, where there is one, says that it serves.
    boolean isHealthy(Deadline deadline) throws InterruptedException {
        return channel.getState(false) == ConnectivityState.READY && health.serves(this, deadline);
    }

    /// Has a channel that waits before it connects again not wait any longer; no more than twice a second.
    void connectSoon() {
        long now = System.nanoTime();
        long last = lastReset.get();
        if (now - last >= BACK_OFF_NANOS
                && channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE
                && lastReset.compareAndSet(last, now)) {
            channel.resetConnectBackoff();
        }
    }

    /// An address as people write it.
    @Nullable
    String peer(@Nullable SocketAddress address) {
        Peer known = peer;
        if (!known.isOf(address)) {
            known = new Peer(address, text(address));
            peer = known;
        }
        return known.text;
    }

    private static @Nullable String text(@Nullable SocketAddress address) {
        return address instanceof InetSocketAddress inet && inet.getAddress() != null
                ? Endpoint.of("grpc", inet.getAddress().getHostAddress(), inet.getPort())
                        .authority()
                : address == null ? null : address.toString();
    }

    void close() throws InterruptedException {
        end(channel);
    }

    /// Its threads may end after it, not before: what it was about to do, such as to look a name up again, needs them.
    static void end(ManagedChannel channel) throws InterruptedException {
        channel.shutdownNow();
        channel.awaitTermination(CLOSING.toMillis(), TimeUnit.MILLISECONDS);
    }

    private record Peer(
            @Nullable SocketAddress address, @Nullable String text) {

        @SuppressWarnings("ReferenceEquality") // the same object for as long as a connection stands
        boolean isOf(@Nullable SocketAddress other) {
            return address == other;
        }
    }
}
