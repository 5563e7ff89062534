package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.core.internal.connection.Host.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// A few connections that many hold at once. A holder gets the one with the fewest holders; one that is
/// broken is replaced while its holders finish.
///
/// The first connection is opened by the first holder while others wait for it. When every open one has
/// holders and there is room, another is opened in the background. A connection that says how many holders
/// it takes is not given more; then holders wait in line.
final class SharedPool<C> implements NegotiatedPool.Adopting<C> {

    private final Host<C> host;
    private final int max;
    private final LeakWatch leakWatch;
    private final Line line = new Line();
    private final Set<SharedLease<C>> loans = ConcurrentHashMap.newKeySet();
    private final LongAdder leases = new LongAdder();
    private final LongAdder reused = new LongAdder();
    private final AtomicBoolean filling = new AtomicBoolean();
    private final AtomicInteger inUseMax = new AtomicInteger();

    private final Object lock = new Object();

    // Written under lock
    private volatile List<Client<C>> clients = List.of();
    private volatile List<Client<C>> retired = List.of();
    private volatile int opening;
    private volatile boolean stopped;

    SharedPool(Host<C> host, int max) {
        this.host = host;
        this.max = max;
        this.leakWatch = new LeakWatch(host);
    }

    @Override
    public HeldLease<C> lease(InstanceConnections holder, Deadline deadline) throws InterruptedException {
        if (stopped) {
            throw host.closed();
        }
        long now = host.environment().now();
        if (line.isEmpty()) {
            Client<C> client = leastHeld(now, deadline);
            if (client != null) {
                return lent(client, holder, now, 0, false);
            }
        }
        return leaseInLine(holder, deadline, now);
    }

    @Override
    public HeldLease<C> adopt(Connection<C> connection, InstanceConnections holder, long waitNanos) {
        Client<C> client = new Client<>(connection);
        client.tryHold(0);
        add(client);
        return lent(client, holder, connection.openedAt, waitNanos, true);
    }

    @Override
    public void takeIn(Connection<C> connection) {
        add(new Client<>(connection));
    }

    @Override
    public List<LeaseException> fill(Deadline deadline) throws InterruptedException {
        List<LeaseException> failures = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = clients.size(); i < Math.min(host.settings().min(), max); i++) {
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
        loans.forEach(loan -> leakWatch.look(loan, now));
        if (isShort() && !stopped && host.backOffNanos(now) <= 0 && filling.compareAndSet(false, true)) {
            host.environment().chores().start("opener", this::refill);
        }
        checkAll(now);
    }

    @Override
    public void evictStale() {
        evict(host.environment().now());
    }

    @Override
    public void clear() {
        host.newGeneration();
        clients.forEach(client -> retire(client, Reason.DONE));
    }

    @Override
    public void stop() {
        stopped = true;
        line.refuse(Host.CLOSED);
    }

    @Override
    public int lent() {
        int lent = 0;
        for (Client<C> client : clients) {
            lent += client.holders();
        }
        for (Client<C> client : retired) {
            lent += client.holders();
        }
        return lent;
    }

    @Override
    public void closeAll() {
        clients.forEach(client -> retire(client, Reason.DONE));
        loans.forEach(leakWatch::leaked);
        retired.forEach(client -> host.closeLater(client.connection, Reason.DONE, () -> forget(client)));
    }

    @Override
    public void addTo(Tally tally) {
        host.addTo(tally);
        tally.leases += leases.sum();
        tally.reused += reused.sum();
        for (Client<C> client : clients) {
            if (client.holders() == 0) {
                tally.idle++;
            } else {
                tally.inUse++;
            }
        }
        for (Client<C> client : retired) {
            tally.inUse += client.holders() > 0 ? 1 : 0;
        }
        tally.inUse += opening;
        tally.inUseMax += inUseMax.get();
        tally.max += max;
        tally.waiting += line.length();
        tally.waitingMax += line.longest();
    }

    @Override
    public Host<C> host() {
        return host;
    }

    private HeldLease<C> leaseInLine(InstanceConnections holder, Deadline deadline, long from)
            throws InterruptedException {
        Deadline limit = host.acquireDeadline(deadline);
        Line.Place place = line.join(holder.isMeasured());
        try {
            while (true) {
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
                    Client<C> client = leastHeld(now, deadline);
                    if (client != null) {
                        return lent(client, holder, now, Math.max(1, now - from), false);
                    }
                    long backOff = host.backOffNanos(now);
                    if (backOff > 0) {
                        pause = limit.within(Duration.ofNanos(backOff), "back-off");
                    } else if (reserve()) {
                        line.leave(place);
                        return openAndLend(holder, deadline, place.paused() ? now - from : 0);
                    }
                }
                if (limit.expired()) {
                    throw timeout(limit, host.environment().now() - from);
                }
                place.pause(pause);
            }
        } finally {
            line.leave(place);
        }
    }

    private HeldLease<C> openAndLend(InstanceConnections holder, Deadline deadline, long waitNanos)
            throws InterruptedException {
        Client<C> client = null;
        try {
            client = new Client<>(host.open(deadline, waitNanos));
            client.tryHold(0);
        } catch (OpenFailedException e) {
            sendAway(e);
            throw e;
        } finally {
            opened(client);
        }
        return lent(client, holder, client.connection.openedAt, waitNanos, true);
    }

    /// Asks each client once in `health_check_interval`, in the background, whoever holds it.
    private void checkAll(long now) {
        long interval = host.settings().healthCheckInterval().toNanos();
        for (Client<C> client : clients) {
            if (interval > 0 && !stopped && now - client.connection.checkedAt >= interval) {
                client.connection.checkedAt = now;
                host.environment().chores().start("health", () -> check(client));
            }
        }
    }

    private void check(Client<C> client) {
        try {
            if (!host.check(client.connection, host.openDeadline())) {
                retire(client, Reason.UNHEALTHY);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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
        return clients.size() + opening < Math.min(max, host.settings().min());
    }

    /// Opens one more, unless there is no room.
    private @Nullable LeaseException addOne(Deadline deadline) {
        if (stopped || !reserve()) {
            return null;
        }
        Client<C> client = null;
        try {
            client = new Client<>(host.open(deadline, 0));
            return null;
        } catch (OpenFailedException e) {
            sendAway(e);
            return e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            opened(client);
        }
    }

    private void sendAway(OpenFailedException failure) {
        boolean waitedForThis = clients.isEmpty() && opening == 1 && !failure.cutShort();
        if (waitedForThis || host.hopeless(failure)) {
            line.refuse(failure.outcome());
        }
    }

    private boolean reserve() {
        synchronized (lock) {
            if (clients.size() + opening >= max) {
                return false;
            }
            opening++;
            return true;
        }
    }

    private void opened(@Nullable Client<C> client) {
        if (client != null) {
            add(client);
        }
        synchronized (lock) {
            opening--;
        }
        line.wakeFirst();
    }

    private void add(Client<C> client) {
        synchronized (lock) {
            List<Client<C>> more = new ArrayList<>(clients);
            more.add(client);
            clients = List.copyOf(more);
        }
        if (stopped) {
            retire(client, Reason.DONE);
        }
    }

    private @Nullable Client<C> leastHeld(long now, Deadline deadline) throws InterruptedException {
        while (true) {
            Client<C> least = null;
            int fewest = Integer.MAX_VALUE;
            for (Client<C> client : clients) {
                int holders = client.available();
                if (holders >= 0 && holders < fewest && holders < host.capacity(client.connection)) {
                    least = client;
                    fewest = holders;
                }
            }
            if (least == null) {
                return null;
            }
            if (!least.tryHold(fewest)) {
                continue;
            }
            if (fewest > 0) {
                growIfRoom(now);
                return least;
            }
            Reason reason = unfit(least, now, deadline);
            if (reason == null) {
                return least;
            }
            retire(least, reason);
            letGo(least);
        }
    }

    private @Nullable Reason unfit(Client<C> client, long now, Deadline deadline) throws InterruptedException {
        Connection<C> connection = client.connection;
        Reason reason = host.stale(connection, now);
        if (reason != null || !host.needsCheck(connection, now)) {
            return reason;
        }
        boolean done = false;
        try {
            reason = host.check(connection, deadline) ? null : Reason.UNHEALTHY;
            done = true;
            return reason;
        } finally {
            if (!done) {
                letGo(client);
            }
        }
    }

    private void growIfRoom(long now) {
        if (clients.size() + opening < max && host.backOffNanos(now) <= 0) {
            host.environment().chores().start("opener", () -> addOne(host.openDeadline()));
        }
    }

    private HeldLease<C> lent(Client<C> client, InstanceConnections holder, long now, long waitNanos, boolean opened) {
        boolean first = client.lend();
        if (holder.isMeasured()) {
            leases.increment();
            if (!first) {
                reused.increment();
            }
            if (waitNanos > 0) {
                host.waited(waitNanos);
            }
        }
        noteInUse();
        SharedLease<C> lease = new SharedLease<>(this, client, holder.holder(), now, waitNanos, opened);
        loans.add(lease);
        if (stopped) {
            lease.close();
            throw host.closed();
        }
        return lease;
    }

    private void noteInUse() {
        int inUse = 0;
        for (Client<C> client : clients) {
            inUse += client.holders() > 0 ? 1 : 0;
        }
        if (inUse > inUseMax.get()) {
            inUseMax.accumulateAndGet(inUse, Math::max);
        }
    }

    private void release(SharedLease<C> lease) {
        loans.remove(lease);
        lease.client.connection.lastUsedAt = host.environment().now();
        letGo(lease.client);
    }

    private void letGo(Client<C> client) {
        if (client.letGo()) {
            host.closeLater(client.connection, client.reason(), () -> forget(client));
        }
        if (!line.isEmpty()) {
            line.wakeFirst();
        }
    }

    /// Takes it out of circulation; it is closed when its last holder lets go.
    private void retire(Client<C> client, Reason reason) {
        synchronized (lock) {
            if (!clients.contains(client)) {
                return;
            }
            clients = clients.stream().filter(other -> other != client).toList();
            List<Client<C>> more = new ArrayList<>(retired);
            more.add(client);
            retired = List.copyOf(more);
        }
        if (client.retire(reason)) {
            host.closeLater(client.connection, reason, () -> forget(client));
        }
        line.wakeFirst();
    }

    private void forget(Client<C> client) {
        synchronized (lock) {
            retired = retired.stream().filter(other -> other != client).toList();
        }
    }

    private void evict(long now) {
        int spare = clients.size() - host.settings().min();
        for (Client<C> client : clients) {
            boolean idle = client.holders() == 0;
            Reason reason = idle ? host.stale(client.connection, now) : host.outlived(client.connection, now);
            if (reason != null && (reason != Reason.IDLE || spare > 0)) {
                spare--;
                retire(client, reason);
            }
        }
    }

    private AcquireTimeoutException timeout(Deadline limit, long waitNanos) {
        Tally tally = new Tally();
        addTo(tally);
        return host.timeout(limit, waitNanos, max, (int) tally.inUse, (int) tally.idle, (int) tally.waiting);
    }

    private static final class SharedLease<C> extends Loan<C> {

        private final SharedPool<C> pool;
        private final Client<C> client;

        SharedLease(SharedPool<C> pool, Client<C> client, Holder holder, long since, long waitNanos, boolean opened) {
            super(pool.host, client.connection, client.connection.connection, holder, since, waitNanos, opened);
            this.pool = pool;
            this.client = client;
        }

        @Override
        public long uses() {
            return client.uses();
        }

        @Override
        void invalidated() {
            pool.host.suspect();
            pool.retire(client, Reason.BROKEN);
        }

        @Override
        void giveBack(boolean broken) {
            pool.release(this);
        }
    }
}
