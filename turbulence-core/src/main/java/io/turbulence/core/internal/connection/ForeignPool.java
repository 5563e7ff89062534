package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Outcome;
import io.turbulence.core.internal.connection.Host.Reason;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ConnectionPool;
import io.turbulence.spi.OpenContext;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A pool that a plugin brings, leased through the registry: waiting for it is pool wait, and its figures are
/// the registry's. It is made by the first holder, or before the run when `min` asks for connections.
///
/// It does its own opening, ageing and checking, so a wait may hold the opening of a connection, and a lease
/// tells the pool's age.
final class ForeignPool<C> implements Pool<C> {

    private final Host<ConnectionPool<C>> host;
    private final OpenOnce<ConnectionPool<C>> once;
    private final LeakWatch leakWatch;
    private final Set<ForeignLease<C>> loans = ConcurrentHashMap.newKeySet();
    private final LongAdder leases = new LongAdder();
    private final AtomicInteger openMax = new AtomicInteger();
    private final AtomicInteger inUseMax = new AtomicInteger();
    private final AtomicInteger waitingNow = new AtomicInteger();
    private final AtomicInteger waitingMax = new AtomicInteger();
    private final int max;
    private volatile boolean stopped;

    ForeignPool(Host<ConnectionPool<C>> host, int max) {
        this.host = host;
        this.max = max;
        this.once = new OpenOnce<>(host);
        this.leakWatch = new LeakWatch(host);
    }

    /// The pool as the connection of a host.
    record OfPooled<S extends Record, C>(ConnectionFactory.Pooled<S, C> factory, S settings)
            implements Connector<ConnectionPool<C>> {

        @Override
        public ConnectionPool<C> open(OpenContext context) throws Exception {
            return factory.open(settings, context);
        }

        @Override
        public void close(ConnectionPool<C> pool) throws Exception {
            pool.close();
        }

        @Override
        public boolean isAlive(ConnectionPool<C> pool, Deadline deadline) {
            return true;
        }

        @Override
        public void reset(ConnectionPool<C> pool) {}

        @Override
        public int capacity(ConnectionPool<C> pool) {
            return Integer.MAX_VALUE;
        }
    }

    @Override
    public HeldLease<C> lease(InstanceConnections holder, Deadline deadline) throws InterruptedException {
        if (stopped) {
            throw host.closed();
        }
        boolean fresh = once.opened() == null;
        Connection<ConnectionPool<C>> pool = once.get(deadline);
        long from = host.environment().now();
        C connection = leaseFrom(pool.connection, host.acquireDeadline(deadline), from);
        long now = host.environment().now();
        host.waited(now - from);
        leases.increment();
        ForeignLease<C> lease = new ForeignLease<>(this, pool, connection, holder.holder(), now, now - from, fresh);
        loans.add(lease);
        inUseMax.accumulateAndGet(loans.size(), Math::max);
        if (stopped) {
            lease.close();
            throw host.closed();
        }
        return lease;
    }

    @Override
    public List<LeaseException> fill(Deadline deadline) throws InterruptedException {
        if (host.settings().min() == 0) {
            return List.of();
        }
        try {
            once.get(deadline);
            return List.of();
        } catch (LeaseException e) {
            return List.of(e);
        }
    }

    @Override
    public void housekeep(long now) {
        loans.forEach(loan -> leakWatch.look(loan, now));
        ConnectionPool.Figures figures = theirs();
        if (figures != null) {
            openMax.accumulateAndGet(figures.open(), Math::max);
        }
    }

    @Override
    public void evictStale() {
        // Its own business
    }

    @Override
    public void clear() {
        // Its own business: it has no way to be told
    }

    @Override
    public void stop() {
        stopped = true;
        once.stop();
    }

    @Override
    public int lent() {
        return loans.size();
    }

    @Override
    public void closeAll() {
        loans.forEach(leakWatch::leaked);
        Connection<ConnectionPool<C>> pool = once.opened();
        if (pool != null) {
            host.closeLater(pool, Reason.DONE, () -> {});
        }
    }

    @Override
    public void addTo(Tally tally) {
        Tally own = new Tally();
        host.addTo(own);
        ConnectionPool.Figures figures = theirs();
        int open = figures == null ? 0 : figures.open();
        int most = openMax.accumulateAndGet(open, Math::max);
        // What counts is its connections, not the pool itself
        own.closed = (long) most - open;
        own.opened = most;
        own.leases = leases.sum();
        own.reused = Math.max(0, own.leases - most);
        own.idle = figures == null ? 0 : figures.idle();
        own.inUse = figures == null ? 0 : figures.inUse();
        own.inUseMax = inUseMax.get();
        own.waiting = (long) waitingNow.get() + once.line().length();
        own.waitingMax = Math.max(waitingMax.get(), once.line().longest());
        own.max = max;
        tally.add(own);
    }

    @Override
    public Host<?> host() {
        return host;
    }

    private C leaseFrom(ConnectionPool<C> pool, Deadline limit, long from) throws InterruptedException {
        waitingMax.accumulateAndGet(waitingNow.incrementAndGet(), Math::max);
        try {
            return pool.lease(limit);
        } catch (InterruptedException e) {
            throw e;
        } catch (TimeoutException e) {
            ConnectionPool.Figures figures = pool.figures();
            throw host.timeout(
                    limit, host.environment().now() - from, max, figures.inUse(), figures.idle(), waitingNow.get());
        } catch (Exception e) {
            if (Thread.interrupted()) {
                InterruptedException interrupted = new InterruptedException("interrupted while leasing");
                interrupted.initCause(e);
                throw interrupted;
            }
            long now = host.environment().now();
            Outcome.Failed outcome = host.failedElsewhere(e, limit);
            throw new OpenFailedException(outcome, now - from, -1);
        } finally {
            waitingNow.decrementAndGet();
        }
    }

    private void release(ForeignLease<C> lease, boolean broken) {
        loans.remove(lease);
        boolean discard = broken || Thread.currentThread().isInterrupted();
        try {
            lease.pool.connection.release(lease.lent, discard);
        } catch (Exception e) {
            host.environment().log().log(Level.DEBUG, host.title() + ": a connection could not be given back", e);
        }
        lease.pool.lastUsedAt = host.environment().now();
    }

    private ConnectionPool.@Nullable Figures theirs() {
        Connection<ConnectionPool<C>> pool = once.opened();
        return pool == null ? null : pool.connection.figures();
    }

    private static final class ForeignLease<C> extends Loan<C> {

        private final ForeignPool<C> owner;
        private final Connection<ConnectionPool<C>> pool;
        private final C lent;

        ForeignLease(
                ForeignPool<C> owner,
                Connection<ConnectionPool<C>> pool,
                C lent,
                Holder holder,
                long since,
                long waitNanos,
                boolean opened) {
            super(owner.host, pool, lent, holder, since, waitNanos, opened);
            this.owner = owner;
            this.pool = pool;
            this.lent = lent;
        }

        @Override
        public long uses() {
            return owner.leases.sum();
        }

        @Override
        void giveBack(boolean broken) {
            owner.release(this, broken);
        }
    }
}
