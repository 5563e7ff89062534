package io.turbulence.aws;

import io.turbulence.api.Deadline;
import io.turbulence.spi.ConnectionPool;
import io.turbulence.spi.OpenContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import software.amazon.awssdk.core.SdkClient;

/*
 * All holders use one client of the SDK, whose HTTP client keeps the connections. One exchange is one connection, so
 * who may have one is settled here, in a line in front of the HTTP client: waiting for it is pool wait and not service
 * time, nobody overtakes, and there are never more than the pool allows.
 *
 * The HTTP client does not say which connections are idle. It uses the one that was returned last first and closes what
 * was idle too long, as this does with the places it lends.
 */
/// The connections of one service. Thread-safe.
///
/// @param <T> the SDK's client
final class AwsPool<T extends SdkClient> implements ConnectionPool<Access<T>> {

    static final int DEFAULT_MAX = 10;

    private final ServiceClient<T> client;
    private final int max;
    private final long idleNanos;
    private final Semaphore line;
    private final AtomicBoolean closed = new AtomicBoolean();

    /// Places that were used and are free, the newest first; guarded by itself.
    private final Deque<Access<T>> idle = new ArrayDeque<>();

    private AwsPool(ServiceClient<T> client, int max, long idleNanos) {
        this.client = client;
        this.max = max;
        this.idleNanos = idleNanos;
        this.line = new Semaphore(max, true);
    }

    static <T extends SdkClient> AwsPool<T> open(AwsService service, OpenContext context, ServiceClient.Maker<T> maker)
            throws Exception {
        Integer limit = context.pool().max();
        int max = limit == null ? DEFAULT_MAX : limit;
        return new AwsPool<>(
                ServiceClient.open(service, max, context, maker),
                max,
                context.pool().idleTimeout().toNanos());
    }

    @Override
    public Access<T> lease(Deadline deadline) throws Exception {
        if (!line.tryAcquire(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
            throw new TimeoutException("no connection free when the " + deadline.limit() + " passed");
        }
        if (closed.get()) {
            line.release();
            throw new IllegalStateException("the pool is closed");
        }
        synchronized (idle) {
            Access<T> used = idle.pollFirst();
            return used == null ? new Access<>(client) : used;
        }
    }

    @Override
    public void release(Access<T> place, boolean broken) {
        if (!broken) {
            place.returned();
            synchronized (idle) {
                idle.addFirst(place);
            }
        }
        line.release();
    }

    @Override
    public Figures figures() {
        int free;
        synchronized (idle) {
            while (!idle.isEmpty() && idle.peekLast().isOlderThan(idleNanos)) {
                idle.removeLast();
            }
            free = idle.size();
        }
        int inUse = Math.clamp(max - line.availablePermits(), 0, max);
        free = Math.min(free, max - inUse);
        return new Figures(inUse + free, inUse, free, line.getQueueLength());
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            client.close();
            // Whoever still stands in line is sent away
            line.release(Integer.MAX_VALUE / 2);
        }
    }
}
