package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.core.internal.connection.Host.Reason;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Connections that are not shared between instances: one keeps its own for its life (`scope: instance`), or
/// each step has a new one (`scope: step`). How many are open in all is still bounded.
///
/// When the limit is reached, the idle connection that was not used for longest is closed, whosever it is; unless
/// connections hold conversations, which nobody could take up again.
/// Within an instance a connection takes as many holders as its kind allows, for steps side by side.
final class ScopedPool<C> implements Pool<C> {

    private final Host<C> host;
    private final Bag<Permit> permits;
    private final boolean kept;
    private final boolean inviolable;
    private final LeakWatch leakWatch;
    private final Set<Own<C>> all = ConcurrentHashMap.newKeySet();
    private final Set<ScopedLease<C>> loans = ConcurrentHashMap.newKeySet();
    private final LongAdder leases = new LongAdder();
    private final LongAdder reused = new LongAdder();
    private final AtomicInteger inUseMax = new AtomicInteger();
    private volatile boolean stopped;

    /// @param kept       whether an instance keeps its connection from step to step
    /// @param inviolable whether it keeps it though others wait
    ScopedPool(Host<C> host, int max, boolean kept, boolean inviolable) {
        this.host = host;
        this.permits = new Bag<>(max, Permit::new);
        this.kept = kept;
        this.inviolable = inviolable;
        this.leakWatch = new LeakWatch(host);
    }

    @Override
    public HeldLease<C> lease(InstanceConnections holder, Deadline deadline) throws InterruptedException {
        if (stopped) {
            throw host.closed();
        }
        long from = host.environment().now();
        Own<C> own = kept ? ownOf(holder, from, deadline) : null;
        if (own != null) {
            if (holder.isMeasured()) {
                reused.increment();
            }
            return lent(own, holder, from, 0, false);
        }
        Permit permit = permits.poll();
        boolean waited = permit == null;
        if (permit == null) {
            permit = await(holder, host.acquireDeadline(deadline), from);
        }
        waited |= holdOff(permit, deadline, from);
        long waitNanos = waited ? Math.max(1, host.environment().now() - from) : 0;
        Connection<C> connection = open(permit, deadline, waitNanos);
        own = new Own<>(new Client<>(connection), permit);
        boolean held = own.client.tryHold(0);
        assert held : "nobody else knows it yet";
        all.add(own);
        if (kept) {
            holder.own(this).add(own);
        }
        return lent(own, holder, connection.openedAt, waitNanos, true);
    }

    @Override
    public List<LeaseException> fill(Deadline deadline) {
        // Nobody is there yet whose they would be
        return List.of();
    }

    @Override
    public void housekeep(long now) {
        evict(now);
        loans.forEach(loan -> leakWatch.look(loan, now));
    }

    @Override
    public void evictStale() {
        evict(host.environment().now());
    }

    @Override
    public void clear() {
        host.newGeneration();
        evict(host.environment().now());
    }

    @Override
    public void stop() {
        stopped = true;
        permits.refuse(Host.CLOSED);
    }

    @Override
    public int lent() {
        return loans.size();
    }

    @Override
    public void closeAll() {
        all.forEach(own -> retire(own, Reason.DONE));
        loans.forEach(leakWatch::leaked);
        all.forEach(own -> host.closeLater(own.client.connection, Reason.DONE, () -> {}));
    }

    @Override
    public void ended(InstanceConnections instance) {
        for (Object each : instance.own(this)) {
            @SuppressWarnings("unchecked")
            Own<C> own = (Own<C>) each;
            retire(own, Reason.DONE);
        }
    }

    @Override
    public void addTo(Tally tally) {
        host.addTo(tally);
        tally.leases += leases.sum();
        tally.reused += reused.sum();
        for (Own<C> own : all) {
            if (own.client.holders() == 0) {
                tally.idle++;
            } else {
                tally.inUse++;
            }
        }
        tally.inUseMax += inUseMax.get();
        tally.max += permits.max();
        tally.waiting += permits.waiting();
        tally.waitingMax += permits.mostWaiting();
    }

    @Override
    public Host<?> host() {
        return host;
    }

    private @Nullable Own<C> ownOf(InstanceConnections holder, long now, Deadline deadline)
            throws InterruptedException {
        for (Object each : holder.own(this)) {
            @SuppressWarnings("unchecked")
            Own<C> own = (Own<C>) each;
            int holders = own.client.available();
            if (own.client.isRetired()) {
                holder.own(this).remove(own);
            } else if (holders < host.capacity(own.client.connection) && own.client.tryHold(holders)) {
                if (holders > 0 || isFit(own, now, deadline)) {
                    return own;
                }
                holder.own(this).remove(own);
            }
        }
        return null;
    }

    private boolean isFit(Own<C> own, long now, Deadline deadline) throws InterruptedException {
        boolean fit = false;
        try {
            fit = host.isFit(own.client.connection, now, deadline);
        } finally {
            if (!fit) {
                // It is closed already; this gives the permit back
                retire(own, Reason.UNHEALTHY);
                letGo(own);
            }
        }
        return fit;
    }

    private Permit await(InstanceConnections holder, Deadline limit, long from) throws InterruptedException {
        Permit stolen = steal();
        if (stolen != null) {
            return stolen;
        }
        Permit permit;
        try {
            permit = permits.take(
                    limit,
                    () -> {
                        // Who became idle before we stood in line did not see us
                        Permit late = steal();
                        if (late != null) {
                            permits.putEmpty(late);
                        }
                    },
                    holder.isMeasured());
        } catch (Bag.Refusal refusal) {
            throw host.refusal(refusal.reason(), from);
        }
        if (permit == null) {
            Tally tally = new Tally();
            addTo(tally);
            throw host.timeout(
                    limit,
                    host.environment().now() - from,
                    permits.max(),
                    (int) tally.inUse,
                    (int) tally.idle,
                    (int) tally.waiting + 1);
        }
        return permit;
    }

    /// Closes the idle connection that was not used for longest and takes its place.
    private @Nullable Permit steal() {
        if (!kept || inviolable) {
            return null;
        }
        while (true) {
            Own<C> oldest = all.stream()
                    .filter(own -> own.client.available() == 0)
                    .min(Comparator.comparingLong(own -> own.client.connection.lastUsedAt
                            - host.environment().epochNanos()))
                    .orElse(null);
            if (oldest == null) {
                return null;
            }
            if (oldest.client.retireIfIdle()) {
                all.remove(oldest);
                host.close(oldest.client.connection, Reason.OVER_LIMIT);
                return oldest.permit;
            }
        }
    }

    /// Waits until opening may be tried again.
    ///
    /// @return whether it had to wait
    private boolean holdOff(Permit permit, Deadline deadline, long from) throws InterruptedException {
        boolean waited = false;
        boolean done = false;
        try {
            Deadline limit = host.acquireDeadline(deadline);
            Environment environment = host.environment();
            for (long left = host.backOffNanos(environment.now());
                    left > 0;
                    left = host.backOffNanos(environment.now())) {
                waited = true;
                LockSupport.parkNanos(this, Math.min(left, Math.max(1, limit.remainingNanos())));
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (stopped) {
                    throw host.closed();
                }
                if (limit.expired()) {
                    throw host.timeout(
                            limit, host.environment().now() - from, permits.max(), loans.size(), 0, permits.waiting());
                }
            }
            done = true;
            return waited;
        } finally {
            if (!done) {
                permits.putEmpty(permit);
            }
        }
    }

    private Connection<C> open(Permit permit, Deadline deadline, long waitNanos) throws InterruptedException {
        boolean done = false;
        try {
            Connection<C> connection = host.open(deadline, waitNanos);
            done = true;
            return connection;
        } catch (OpenFailedException e) {
            if (host.hopeless(e)) {
                permits.refuse(e.outcome());
            }
            throw e;
        } finally {
            if (!done) {
                permits.putEmpty(permit);
            }
        }
    }

    private HeldLease<C> lent(Own<C> own, InstanceConnections holder, long now, long waitNanos, boolean opened) {
        if (holder.isMeasured()) {
            leases.increment();
            if (waitNanos > 0) {
                host.waited(waitNanos);
            }
        }
        ScopedLease<C> lease = new ScopedLease<>(this, own, holder.holder(), now, waitNanos, opened);
        loans.add(lease);
        inUseMax.accumulateAndGet(Math.min(permits.max(), loans.size()), Math::max);
        if (stopped) {
            lease.close();
            throw host.closed();
        }
        return lease;
    }

    private void release(ScopedLease<C> lease, boolean broken) {
        loans.remove(lease);
        Own<C> own = lease.own;
        Connection<C> connection = own.client.connection;
        boolean alone = own.client.holders() == 1;
        if (broken || Thread.currentThread().isInterrupted()) {
            host.suspect();
            retire(own, Reason.BROKEN);
        } else if (!kept || stopped) {
            retire(own, Reason.DONE);
        } else if (alone && !host.reset(connection)) {
            retire(own, Reason.UNHEALTHY);
        }
        connection.lastUsedAt = host.environment().now();
        letGo(own);
        if (!inviolable && permits.waiting() > 0 && own.client.retireIfIdle()) {
            // Somebody is in greater need than this instance, which may not come back soon
            closeLater(own, Reason.OVER_LIMIT);
        }
    }

    private void letGo(Own<C> own) {
        if (own.client.letGo()) {
            closeLater(own, own.client.reason());
        }
    }

    private void retire(Own<C> own, Reason reason) {
        if (!own.client.isRetired() && own.client.retire(reason)) {
            closeLater(own, reason);
        }
    }

    private void closeLater(Own<C> own, Reason reason) {
        if (all.remove(own)) {
            host.closeLater(own.client.connection, reason, () -> permits.putEmpty(own.permit));
        }
    }

    private void evict(long now) {
        for (Own<C> own : all) {
            Reason reason = host.stale(own.client.connection, now);
            if (reason != null && own.client.retireIfIdle()) {
                closeLater(own, reason);
            }
        }
    }

    /// A place within the limit.
    private static final class Permit extends Bag.Slot {

        Permit(int index) {
            super(index);
        }

        @Override
        boolean isFull() {
            return false;
        }
    }

    private static final class Own<C> {

        private final Client<C> client;
        private final Permit permit;

        Own(Client<C> client, Permit permit) {
            this.client = client;
            this.permit = permit;
        }
    }

    private static final class ScopedLease<C> extends Loan<C> {

        private final ScopedPool<C> pool;
        private final Own<C> own;

        ScopedLease(ScopedPool<C> pool, Own<C> own, Holder holder, long since, long waitNanos, boolean opened) {
            super(pool.host, own.client.connection, own.client.connection.connection, holder, since, waitNanos, opened);
            this.pool = pool;
            this.own = own;
        }

        @Override
        public long uses() {
            return own.client.uses();
        }

        @Override
        void giveBack(boolean broken) {
            pool.release(this, broken);
        }
    }
}
