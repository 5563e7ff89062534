package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Outcome;
import io.turbulence.core.internal.connection.Host.Reason;
import io.turbulence.core.internal.plugin.PluginException;
import io.turbulence.core.internal.plugin.PluginScope;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ConnectionPool;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PoolSettings;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A pool that a plugin brings, leased through the registry: waiting for it is pool wait, and its figures are
/// the registry's. It is made by the first holder, or before the run when `min` asks for connections.
///
/// It does its own opening, ageing and checking, so a wait may hold the opening of a connection, and a lease
/// tells the pool's age. With `scope: instance` an instance keeps what it was lent until it ends: what it began
/// there, such as a transaction, goes on in its next step. With `scope: step` a connection is used once.
final class ForeignPool<C> implements Pool<C> {

    private final Host<ConnectionPool<C>> host;
    private final OpenOnce<ConnectionPool<C>> once;
    private final LeakWatch leakWatch;
    private final Set<ForeignLease<C>> loans = ConcurrentHashMap.newKeySet();
    private final LongAdder leases = new LongAdder();

    /// To who does not count.
    private final LongAdder otherLeases = new LongAdder();

    private final AtomicInteger openMax = new AtomicInteger();
    private final AtomicInteger inUseMax = new AtomicInteger();
    /// Of the leases, how many were the first of their connection, as the pool tells.
    private final LongAdder firstLeases = new LongAdder();

    /// What the pool has lent and not got back.
    private final AtomicInteger taken = new AtomicInteger();

    /// Who asks the pool now. Only who finds all connections taken waits for one.
    private final AtomicInteger asking = new AtomicInteger();

    private final AtomicInteger waitingMax = new AtomicInteger();
    private final int max;
    private final PoolSettings.Scope scope;
    private volatile boolean stopped;

    ForeignPool(Host<ConnectionPool<C>> host, int max) {
        this.host = host;
        this.max = max;
        this.scope = host.settings().scope();
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
        Kept<C> own = scope == PoolSettings.Scope.INSTANCE ? ownOf(holder) : null;
        if (own != null) {
            return lent(own.pool, own, holder, host.environment().now(), 0, -1);
        }
        boolean fresh = once.opened() == null;
        Connection<ConnectionPool<C>> pool = once.get(deadline, holder.isMeasured());
        long from = host.environment().now();
        C connection = leaseFrom(pool.connection, holder, host.acquireDeadline(deadline), from);
        long now = host.environment().now();
        taken.incrementAndGet();
        // Opening is no waiting for a connection
        long opening = Math.min(openNanos(pool.connection, connection), now - from);
        long wait = now - from - Math.max(0, opening);
        if (holder.isMeasured()) {
            if (opening >= 0) {
                firstLeases.increment();
            }
            host.waited(wait);
        }
        Kept<C> kept = new Kept<>(pool, connection, holder);
        if (scope == PoolSettings.Scope.INSTANCE) {
            holder.own(this).add(kept);
        }
        long openNanos = fresh ? pool.openNanos + Math.max(0, opening) : opening;
        return lent(pool, kept, holder, now, wait, openNanos);
    }

    private HeldLease<C> lent(
            Connection<ConnectionPool<C>> pool,
            Kept<C> kept,
            InstanceConnections holder,
            long now,
            long waitNanos,
            long openNanos) {
        (holder.isMeasured() ? leases : otherLeases).increment();
        ForeignLease<C> lease = new ForeignLease<>(this, pool, kept, holder.holder(), now, waitNanos, openNanos);
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
            once.get(deadline, false);
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
    public void ended(InstanceConnections instance) {
        for (Object each : instance.own(this)) {
            @SuppressWarnings("unchecked")
            Kept<C> kept = (Kept<C>) each;
            if (kept.take()) {
                giveBack(kept, stopped);
            }
        }
    }

    @Override
    public void addTo(Tally tally) {
        Tally own = new Tally();
        host.addTo(own);
        ConnectionPool.Figures figures = theirs();
        Connection<ConnectionPool<C>> pool = once.opened();
        int open = figures == null ? 0 : figures.open();
        int most = openMax.accumulateAndGet(open, Math::max);
        own.leases = leases.sum();
        long others = otherLeases.sum();
        // What counts is its connections, not the pool itself; of those that it replaced it tells nothing
        long told = pool == null ? -1 : opened(pool.connection);
        own.opened = told >= 0 ? told : scope == PoolSettings.Scope.STEP ? own.leases + others : most;
        own.closed = Math.max(0, own.opened - open);
        own.reused = Math.max(0, own.leases - (told >= 0 ? firstLeases.sum() : Math.max(0, own.opened - others)));
        own.idle = figures == null ? 0 : figures.idle();
        own.inUse = figures == null ? 0 : figures.inUse();
        own.inUseMax = inUseMax.get();
        own.waiting = (long) waiting() + once.line().length();
        own.waitingMax = Math.max(waitingMax.get(), once.line().longest());
        own.max = max;
        tally.add(own);
    }

    @Override
    public Host<?> host() {
        return host;
    }

    private C leaseFrom(ConnectionPool<C> pool, InstanceConnections holder, Deadline limit, long from)
            throws InterruptedException {
        asking.incrementAndGet();
        if (holder.isMeasured()) {
            waitingMax.accumulateAndGet(waiting(), Math::max);
        }
        try {
            return PluginScope.of(pool)
                    .<C>demand(
                            "a connection of '" + host.service() + "'",
                            "lease() of " + pool.getClass().getName(),
                            () -> pool.lease(limit));
        } catch (InterruptedException | PluginException e) {
            throw e;
        } catch (TimeoutException e) {
            ConnectionPool.Figures figures = figures(pool);
            throw host.timeout(
                    limit, host.environment().now() - from, max, figures.inUse(), figures.idle(), asking.get());
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
            asking.decrementAndGet();
        }
    }

    private int waiting() {
        return Math.max(0, asking.get() + taken.get() - max);
    }

    /// What the instance was lent before and does not use now; taken. Null when there is nothing.
    private @Nullable Kept<C> ownOf(InstanceConnections holder) {
        for (Object each : holder.own(this)) {
            @SuppressWarnings("unchecked")
            Kept<C> kept = (Kept<C>) each;
            if (kept.take()) {
                return kept;
            }
        }
        return null;
    }

    private void release(ForeignLease<C> lease, boolean broken) {
        loans.remove(lease);
        Kept<C> kept = lease.kept;
        boolean discard = broken || Thread.currentThread().isInterrupted();
        kept.pool.lastUsedAt = host.environment().now();
        switch (scope) {
            case RUN -> giveBack(kept, discard);
            case STEP -> giveBack(kept, true);
            case INSTANCE -> {
                if (discard || stopped) {
                    kept.holder.own(this).remove(kept);
                    giveBack(kept, true);
                } else {
                    kept.letGo();
                }
            }
        }
    }

    private void giveBack(Kept<C> kept, boolean discard) {
        taken.decrementAndGet();
        try {
            PluginScope.of(kept.pool.connection).call(() -> {
                kept.pool.connection.release(kept.connection, discard);
                return null;
            });
        } catch (Exception e) {
            host.environment().log().log(Level.DEBUG, host.title() + ": a connection could not be given back", e);
        }
    }

    private ConnectionPool.@Nullable Figures theirs() {
        Connection<ConnectionPool<C>> pool = once.opened();
        return pool == null ? null : figures(pool.connection);
    }

    private static <C> long openNanos(ConnectionPool<C> pool, C connection) {
        PluginScope scope = PluginScope.of(pool);
        ClassLoader before = scope.enter();
        try {
            return pool.openNanos(connection);
        } finally {
            scope.exit(before);
        }
    }

    private static long opened(ConnectionPool<?> pool) {
        PluginScope scope = PluginScope.of(pool);
        ClassLoader before = scope.enter();
        try {
            return pool.opened();
        } finally {
            scope.exit(before);
        }
    }

    private static ConnectionPool.Figures figures(ConnectionPool<?> pool) {
        PluginScope scope = PluginScope.of(pool);
        ClassLoader before = scope.enter();
        try {
            return pool.figures();
        } finally {
            scope.exit(before);
        }
    }

    /// What the pool lent, and for whom: for one step, or for an instance that may keep it.
    private static final class Kept<C> {

        private final Connection<ConnectionPool<C>> pool;
        private final C connection;
        private final InstanceConnections holder;
        private final AtomicBoolean inUse = new AtomicBoolean(true);

        Kept(Connection<ConnectionPool<C>> pool, C connection, InstanceConnections holder) {
            this.pool = pool;
            this.connection = connection;
            this.holder = holder;
        }

        boolean take() {
            return inUse.compareAndSet(false, true);
        }

        void letGo() {
            inUse.set(false);
        }
    }

    private static final class ForeignLease<C> extends Loan<C> {

        private final ForeignPool<C> owner;
        private final Kept<C> kept;
        private final long openNanos;

        ForeignLease(
                ForeignPool<C> owner,
                Connection<ConnectionPool<C>> pool,
                Kept<C> kept,
                Holder holder,
                long since,
                long waitNanos,
                long openNanos) {
            super(owner.host, pool, kept.connection, holder, since, waitNanos, openNanos >= 0);
            this.openNanos = openNanos;
            this.owner = owner;
            this.kept = kept;
        }

        @Override
        public long openNanos() {
            return openNanos;
        }

        @Override
        public long uses() {
            return owner.leases.sum() + owner.otherLeases.sum();
        }

        @Override
        void giveBack(boolean broken) {
            owner.release(this, broken);
        }
    }
}
