package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Connections whose mode is known only when the first one is open: until then one holder opens and the
/// others wait for it; from then on it is an [ExclusivePool] or a [SharedPool].
final class NegotiatedPool<C> implements Pool<C> {

    private static final int DEFAULT_EXCLUSIVE = 10;
    private static final int DEFAULT_SHARED = 1;

    private final Host<C> host;
    private final Line line = new Line();
    private final Object lock = new Object();

    // Written under lock
    private volatile @Nullable Pool<C> decided;
    private volatile boolean opening;
    private volatile boolean stopped;

    NegotiatedPool(Host<C> host) {
        this.host = host;
    }

    @Override
    public HeldLease<C> lease(InstanceConnections holder, Deadline deadline) throws InterruptedException {
        Pool<C> pool = decided;
        return pool != null ? pool.lease(holder, deadline) : leaseFirst(holder, deadline);
    }

    @Override
    public List<LeaseException> fill(Deadline deadline) throws InterruptedException {
        if (host.settings().min() == 0) {
            return List.of();
        }
        if (decided == null) {
            try {
                Connection<C> first = host.open(deadline, 0);
                decide(first).takeIn(first);
            } catch (LeaseException e) {
                return List.of(e);
            }
        }
        Pool<C> pool = decided;
        return pool == null ? List.of() : pool.fill(deadline);
    }

    @Override
    public void housekeep(long now) {
        Pool<C> pool = decided;
        if (pool != null) {
            pool.housekeep(now);
        }
    }

    @Override
    public void evictStale() {
        Pool<C> pool = decided;
        if (pool != null) {
            pool.evictStale();
        }
    }

    @Override
    public void clear() {
        Pool<C> pool = decided;
        if (pool == null) {
            host.newGeneration();
        } else {
            pool.clear();
        }
    }

    @Override
    public void stop() {
        Pool<C> pool;
        synchronized (lock) {
            stopped = true;
            pool = decided;
        }
        line.refuse(Host.CLOSED);
        if (pool != null) {
            pool.stop();
        }
    }

    @Override
    public int lent() {
        Pool<C> pool = decided;
        return pool == null ? 0 : pool.lent();
    }

    @Override
    public void closeAll() {
        Pool<C> pool = decided;
        if (pool != null) {
            pool.closeAll();
        }
    }

    @Override
    public void addTo(Tally tally) {
        Pool<C> pool = decided;
        if (pool == null) {
            host.addTo(tally);
            tally.inUse += opening ? 1 : 0;
            tally.waiting += line.length();
        } else {
            pool.addTo(tally);
        }
        tally.waitingMax = Math.max(tally.waitingMax, line.longest());
    }

    @Override
    public Host<C> host() {
        return host;
    }

    private HeldLease<C> leaseFirst(InstanceConnections holder, Deadline deadline) throws InterruptedException {
        long from = host.environment().now();
        Deadline limit = host.acquireDeadline(deadline);
        Line.Place place = line.join(holder.isMeasured());
        try {
            while (true) {
                Pool<C> pool = decided;
                if (pool != null) {
                    line.leave(place);
                    return pool.lease(holder, deadline);
                }
                if (stopped) {
                    throw host.closed();
                }
                Object refused = place.refused();
                if (refused != null) {
                    throw host.refusal(refused, from);
                }
                Deadline pause = limit;
                if (line.isFirst(place)) {
                    long now = host.environment().now();
                    long backOff = host.backOffNanos(now);
                    if (backOff > 0) {
                        pause = limit.within(Duration.ofNanos(backOff), "back-off");
                    } else {
                        return openFirst(holder, deadline, place.paused() ? now - from : 0);
                    }
                }
                if (limit.expired()) {
                    long waited = host.environment().now() - from;
                    throw host.timeout(limit, waited, max(DEFAULT_EXCLUSIVE), opening ? 1 : 0, 0, line.length());
                }
                place.pause(pause);
            }
        } finally {
            line.leave(place);
        }
    }

    /// Called by the first in line alone, so that one connection is opened at a time.
    private HeldLease<C> openFirst(InstanceConnections holder, Deadline deadline, long waitNanos)
            throws InterruptedException {
        opening = true;
        try {
            Connection<C> connection = host.open(deadline, waitNanos);
            return decide(connection).adopt(connection, holder, waitNanos);
        } catch (OpenFailedException e) {
            if (!e.cutShort()) {
                line.refuse(e.outcome());
            }
            throw e;
        } finally {
            opening = false;
        }
    }

    private Adopting<C> decide(Connection<C> first) {
        boolean exclusive = host.capacity(first) == 1;
        synchronized (lock) {
            Adopting<C> pool = exclusive
                    ? new ExclusivePool<>(host, max(DEFAULT_EXCLUSIVE))
                    : new SharedPool<>(host, max(DEFAULT_SHARED));
            if (stopped) {
                pool.stop();
            }
            decided = pool;
            return pool;
        }
    }

    private int max(int byDefault) {
        Integer max = host.settings().max();
        return max == null ? byDefault : max;
    }

    /// A pool that takes in a connection that was opened before it was made.
    sealed interface Adopting<C> extends Pool<C> permits ExclusivePool, SharedPool {

        /// Takes it in and lends it.
        HeldLease<C> adopt(Connection<C> connection, InstanceConnections holder, long waitNanos);

        /// Takes it in as an idle one.
        void takeIn(Connection<C> connection);
    }
}
