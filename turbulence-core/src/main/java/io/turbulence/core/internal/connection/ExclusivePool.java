package io.turbulence.core.internal.connection;

import static java.util.Objects.requireNonNull;

import io.turbulence.api.Deadline;
import io.turbulence.core.internal.connection.Host.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Connections that one holder has at a time, shared by all instances: the policy around a [Bag].
final class ExclusivePool<C> implements NegotiatedPool.Adopting<C> {

    private final Host<C> host;
    private final Bag<Slot<C>> bag;
    private final LeakWatch leakWatch;
    private final AtomicBoolean filling = new AtomicBoolean();
    private final AtomicBoolean checking = new AtomicBoolean();
    private volatile boolean stopped;

    ExclusivePool(Host<C> host, int max) {
        this.host = host;
        this.bag = new Bag<>(max, Slot::new);
        this.leakWatch = new LeakWatch(host);
    }

    @Override
    public HeldLease<C> lease(InstanceConnections holder, Deadline deadline) throws InterruptedException {
        if (stopped) {
            throw host.closed();
        }
        Slot<C> slot = bag.poll();
        long now = host.environment().now();
        if (slot == null) {
            slot = await(holder, deadline, now);
            long since = host.environment().now();
            return lend(slot, holder, since, Math.max(1, since - now), deadline);
        }
        return lend(slot, holder, now, 0, deadline);
    }

    @Override
    public HeldLease<C> adopt(Connection<C> connection, InstanceConnections holder, long waitNanos) {
        Slot<C> slot = requireNonNull(bag.poll(), "a new pool has room");
        slot.connection = connection;
        return lent(slot, connection, holder, connection.openedAt, waitNanos, true);
    }

    @Override
    public void takeIn(Connection<C> connection) {
        Slot<C> slot = requireNonNull(bag.pollEmpty(), "a new pool has room");
        slot.connection = connection;
        bag.putAside(slot);
    }

    @Override
    public List<LeaseException> fill(Deadline deadline) throws InterruptedException {
        int missing = host.settings().min() - full();
        List<LeaseException> failures = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < missing; i++) {
            threads.add(Thread.ofVirtual()
                    .name("turbulence-" + host.environment().run() + "-opener")
                    .start(() -> {
                        LeaseException failure = addOne(deadline);
                        if (failure != null) {
                            synchronized (failures) {
                                failures.add(failure);
                            }
                        }
                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    @Override
    public void housekeep(long now) {
        evict(now);
        bag.forEachSlot(slot -> leakWatch.look(slot.lease, now));
        if (isShort() && !stopped && host.backOffNanos(now) <= 0 && filling.compareAndSet(false, true)) {
            host.environment().chores().start("opener", this::refill);
        }
        checkIdle(now);
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
        bag.refuse(Host.CLOSED);
    }

    @Override
    public int lent() {
        int[] count = {0};
        bag.forEachSlot(slot -> count[0] += slot.lease == null ? 0 : 1);
        return count[0];
    }

    @Override
    public void closeAll() {
        closeIdle();
        bag.forEachSlot(slot -> {
            ExclusiveLease<C> lease = slot.lease;
            if (lease != null) {
                leakWatch.leaked(lease);
                host.closeLater(lease.connection, Reason.DONE, () -> {});
            }
        });
    }

    @Override
    public void addTo(Tally tally) {
        host.addTo(tally);
        bag.forEachSlot(slot -> {
            tally.leases += slot.leases;
            tally.reused += slot.reused;
            if (slot.lease != null || slot.opening) {
                tally.inUse++;
            } else if (slot.connection != null) {
                tally.idle++;
            }
        });
        tally.max += bag.max();
        tally.inUseMax += bag.mostTaken();
        tally.waiting += bag.waiting();
        tally.waitingMax += bag.mostWaiting();
    }

    @Override
    public Host<C> host() {
        return host;
    }

    private HeldLease<C> lend(Slot<C> slot, InstanceConnections holder, long now, long waitNanos, Deadline deadline)
            throws InterruptedException {
        Connection<C> connection = slot.connection;
        if (connection != null && !isFit(slot, connection, now, deadline)) {
            connection = null;
        }
        if (connection == null) {
            return openAndLend(slot, holder, waitNanos, deadline);
        }
        if (holder.isMeasured()) {
            slot.reused++;
        }
        return lent(slot, connection, holder, now, waitNanos, false);
    }

    private HeldLease<C> lent(
            Slot<C> slot,
            Connection<C> connection,
            InstanceConnections holder,
            long now,
            long waitNanos,
            boolean opened) {
        if (holder.isMeasured()) {
            slot.leases++;
            if (waitNanos > 0) {
                host.waited(waitNanos);
            }
        }
        connection.uses++;
        ExclusiveLease<C> lease = new ExclusiveLease<>(this, slot, connection, holder.holder(), now, waitNanos, opened);
        slot.lease = lease;
        if (stopped) {
            lease.close();
            throw host.closed();
        }
        return lease;
    }

    private boolean isFit(Slot<C> slot, Connection<C> connection, long now, Deadline deadline)
            throws InterruptedException {
        boolean fit = false;
        boolean known = false;
        try {
            fit = host.isFit(connection, now, deadline);
            known = true;
        } finally {
            if (!fit) {
                slot.connection = null;
            }
            if (!known) {
                bag.putEmpty(slot);
            }
        }
        return fit;
    }

    private HeldLease<C> openAndLend(Slot<C> empty, InstanceConnections holder, long waited, Deadline deadline)
            throws InterruptedException {
        long from = host.environment().now();
        Slot<C> slot = host.backOffNanos(from) > 0 ? holdOff(empty, holder, deadline, from) : empty;
        long now = host.environment().now();
        long waitNanos = slot == empty && now == from ? waited : waited + (now - from);
        if (slot.connection != null) {
            return lend(slot, holder, now, Math.max(1, waitNanos), deadline);
        }
        Connection<C> connection = openInto(slot, deadline, slot == empty ? waited : waitNanos);
        return lent(slot, connection, holder, connection.openedAt, slot == empty ? waited : waitNanos, true);
    }

    private Connection<C> openInto(Slot<C> slot, Deadline deadline, long waitNanos) throws InterruptedException {
        slot.opening = true;
        boolean done = false;
        try {
            Connection<C> connection = host.open(deadline, waitNanos);
            slot.connection = connection;
            done = true;
            return connection;
        } catch (OpenFailedException e) {
            if (host.hopeless(e)) {
                bag.refuse(e.outcome());
            }
            throw e;
        } finally {
            slot.opening = false;
            if (!done) {
                bag.putEmpty(slot);
            }
        }
    }

    private Slot<C> await(InstanceConnections holder, Deadline deadline, long from) throws InterruptedException {
        Deadline limit = host.acquireDeadline(deadline);
        Slot<C> slot = takeInLine(holder, limit, from);
        if (slot == null) {
            throw timeout(limit, from);
        }
        return slot;
    }

    /// Waits until opening may be tried again, or for a full slot that comes back before.
    private Slot<C> holdOff(Slot<C> empty, InstanceConnections holder, Deadline deadline, long from)
            throws InterruptedException {
        Deadline limit = host.acquireDeadline(deadline);
        Deque<Slot<C>> empties = new ArrayDeque<>();
        empties.add(empty);
        try {
            while (true) {
                long left = host.backOffNanos(host.environment().now());
                if (left <= 0) {
                    return empties.poll();
                }
                Deadline pause = limit.within(Duration.ofNanos(left), "back-off");
                Slot<C> other = takeInLine(holder, pause, from);
                if (other == null && limit.expired()) {
                    throw timeout(limit, from);
                }
                if (other != null && other.connection != null) {
                    return other;
                }
                if (other != null) {
                    empties.add(other);
                }
            }
        } finally {
            empties.forEach(bag::putEmpty);
        }
    }

    private @Nullable Slot<C> takeInLine(InstanceConnections holder, Deadline limit, long from)
            throws InterruptedException {
        try {
            return bag.take(limit, () -> {}, holder.isMeasured());
        } catch (Bag.Refusal refusal) {
            throw host.refusal(refusal.reason(), from);
        }
    }

    private AcquireTimeoutException timeout(Deadline limit, long from) {
        Tally tally = new Tally();
        addTo(tally);
        long waitNanos = host.environment().now() - from;
        return host.timeout(limit, waitNanos, bag.max(), (int) tally.inUse, (int) tally.idle, (int) tally.waiting + 1);
    }

    private void release(ExclusiveLease<C> lease, boolean broken) {
        Slot<C> slot = lease.slot;
        Connection<C> connection = lease.connection;
        Reason reason = broken || Thread.currentThread().isInterrupted() ? Reason.BROKEN : null;
        if (reason == Reason.BROKEN) {
            host.suspect();
        } else if (stopped) {
            reason = Reason.DONE;
        } else if (!host.reset(connection)) {
            reason = Reason.UNHEALTHY;
        }
        long now = host.environment().now();
        connection.lastUsedAt = now;
        if (reason == null) {
            reason = host.outlived(connection, now);
        }
        slot.lease = null;
        if (reason != null) {
            slot.connection = null;
            host.closeLater(connection, reason, () -> bag.putEmpty(slot));
            return;
        }
        bag.putFull(slot);
        if (stopped) {
            closeIdle();
        }
    }

    private void refill() {
        try {
            if (isShort()) {
                addOne(host.openDeadline());
            }
        } finally {
            filling.set(false);
        }
    }

    private boolean isShort() {
        return full() < host.settings().min();
    }

    /// Opens one connection more, unless there is no room.
    private @Nullable LeaseException addOne(Deadline deadline) {
        Slot<C> slot = bag.pollEmpty();
        if (slot == null) {
            return null;
        }
        try {
            slot.connection = host.open(deadline, 0);
            return null;
        } catch (LeaseException e) {
            return e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            bag.putAside(slot);
            if (stopped) {
                closeIdle();
            }
        }
    }

    /// Closes what is too old, but keeps `min` open as long as they are not past their lifetime.
    private void evict(long now) {
        int[] spare = {full() - host.settings().min()};
        List<Slot<C>> old = takeOldest(Integer.MAX_VALUE, connection -> {
            Reason reason = host.stale(connection, now);
            boolean evicted = reason != null && (reason != Reason.IDLE || spare[0] > 0);
            spare[0] -= evicted ? 1 : 0;
            return evicted;
        });
        for (Slot<C> slot : old) {
            Connection<C> connection = requireNonNull(slot.connection);
            Reason reason = host.stale(connection, now);
            slot.connection = null;
            host.closeLater(connection, reason == null ? Reason.DONE : reason, () -> bag.putAside(slot));
        }
    }

    /// Asks idle connections that nothing was heard of for `health_check_interval` whether they still live, a
    /// quarter of them at a time, so that the others can be lent meanwhile.
    private void checkIdle(long now) {
        long interval = host.settings().healthCheckInterval().toNanos();
        if (interval <= 0 || stopped || !checking.compareAndSet(false, true)) {
            return;
        }
        List<Slot<C>> due =
                takeOldest(Math.max(1, full() / 4), connection -> now - Host.knownGoodAt(connection) >= interval);
        if (due.isEmpty()) {
            checking.set(false);
            return;
        }
        AtomicInteger left = new AtomicInteger(due.size());
        for (Slot<C> slot : due) {
            host.environment().chores().start("health", () -> {
                try {
                    checkAndPutBack(slot);
                } finally {
                    if (left.decrementAndGet() == 0) {
                        checking.set(false);
                    }
                }
            });
        }
    }

    private void checkAndPutBack(Slot<C> slot) {
        Connection<C> connection = requireNonNull(slot.connection);
        boolean healthy = false;
        boolean interrupted = false;
        try {
            healthy = host.check(connection, host.openDeadline());
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (healthy) {
                putOldest(slot);
            } else {
                slot.connection = null;
                host.close(connection, interrupted ? Reason.DONE : Reason.UNHEALTHY);
                bag.putAside(slot);
            }
            if (stopped) {
                closeIdle();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Takes idle slots out of the bag, beginning with the one that was not used for longest.
    private List<Slot<C>> takeOldest(int most, Predicate<Connection<C>> wanted) {
        List<Slot<C>> taken = new ArrayList<>();
        for (Slot<C> slot : takeIdle().reversed()) {
            Connection<C> connection = requireNonNull(slot.connection);
            if (taken.size() < most && wanted.test(connection)) {
                taken.add(slot);
            } else {
                bag.putAside(slot);
            }
        }
        if (stopped) {
            closeIdle();
        }
        return taken;
    }

    /// Puts an idle slot back in the place of the one that was not used for longest.
    private void putOldest(Slot<C> slot) {
        List<Slot<C>> newer = takeIdle();
        bag.putAside(slot);
        newer.reversed().forEach(bag::putAside);
    }

    private List<Slot<C>> takeIdle() {
        List<Slot<C>> idle = new ArrayList<>();
        for (Slot<C> slot = bag.pollFull(); slot != null; slot = bag.pollFull()) {
            idle.add(slot);
        }
        return idle;
    }

    private void closeIdle() {
        for (Slot<C> slot : takeIdle()) {
            Connection<C> connection = requireNonNull(slot.connection);
            slot.connection = null;
            host.closeLater(connection, Reason.DONE, () -> bag.putAside(slot));
        }
    }

    /// Connections that are there, lent or not.
    private int full() {
        int[] count = {0};
        bag.forEachSlot(slot -> count[0] += slot.connection == null ? 0 : 1);
        return count[0];
    }

    /// A place for one connection. The fields belong to whoever took the slot; figures read them as they are.
    private static final class Slot<C> extends Bag.Slot {

        private volatile @Nullable Connection<C> connection;
        private volatile @Nullable ExclusiveLease<C> lease;
        private volatile boolean opening;
        private long leases;
        private long reused;

        Slot(int index) {
            super(index);
        }

        @Override
        boolean isFull() {
            return connection != null;
        }
    }

    private static final class ExclusiveLease<C> extends Loan<C> {

        private final ExclusivePool<C> pool;
        private final Slot<C> slot;
        private final Connection<C> connection;

        ExclusiveLease(
                ExclusivePool<C> pool,
                Slot<C> slot,
                Connection<C> connection,
                Holder holder,
                long since,
                long waitNanos,
                boolean opened) {
            super(pool.host, connection, connection.connection, holder, since, waitNanos, opened);
            this.pool = pool;
            this.slot = slot;
            this.connection = connection;
        }

        @Override
        void giveBack(boolean broken) {
            pool.release(this, broken);
        }
    }
}
