package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Outcome;
import io.turbulence.core.internal.connection.Host.Reason;
import io.turbulence.core.internal.plugin.PluginScope;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// One subscription of a run and everybody who waits for messages of it: one thread polls, and each instance
/// has an inbox. Opened and positioned before the first instance when it was declared, else by the first who
/// asks.
final class Hub implements Pool<Inbox> {

    private static final Duration POLL = Duration.ofMillis(500);

    private final Host<Subscription> host;
    private final SubscriptionRequest request;
    private final boolean connects;
    private final OpenOnce<Subscription> once;
    private final MessageStore store;
    private final LongAdder leases = new LongAdder();

    /// Of the leases, those of who counts, and how many of these were not the first of all.
    private final LongAdder measured = new LongAdder();

    private final LongAdder reused = new LongAdder();
    private final AtomicBoolean lentBefore = new AtomicBoolean();
    private final AtomicInteger lent = new AtomicInteger();
    private final Object lock = new Object();

    // Guarded by lock
    private @Nullable Thread poller;

    private volatile boolean stopping;

    /// @param connects whether it is a connection of its own
    Hub(Host<Subscription> host, SubscriptionRequest request, boolean connects) {
        this.host = host;
        this.request = request;
        this.connects = connects;
        this.once = new OpenOnce<>(host);
        this.store = new MessageStore(
                "'" + request.channel() + "'", host.environment().nanoClock(), MessageStore.Bounds.CHANNEL, false);
    }

    /// A subscription as the connection of a host.
    record OfSubscribed<S extends Record>(
            ConnectionFactory.Subscribed<S> factory, S settings, SubscriptionRequest request)
            implements Connector<Subscription> {

        @Override
        public Subscription open(OpenContext context) throws Exception {
            return factory.open(settings, request, context);
        }

        @Override
        public void close(Subscription subscription) throws Exception {
            subscription.close();
        }

        @Override
        public boolean isAlive(Subscription subscription, Deadline deadline) {
            return true;
        }

        @Override
        public void reset(Subscription subscription) {}

        @Override
        public int capacity(Subscription subscription) {
            return Integer.MAX_VALUE;
        }
    }

    /// An instance starts: what came before is not meant for it.
    void begin(InstanceConnections instance) {
        instance.inbox(store);
    }

    SubscriptionRequest request() {
        return request;
    }

    @Override
    public HeldLease<Inbox> lease(InstanceConnections holder, Deadline deadline) throws InterruptedException {
        boolean fresh = once.opened() == null;
        Connection<Subscription> subscription = started(deadline, holder.isMeasured());
        leases.increment();
        boolean first = !lentBefore.get() && lentBefore.compareAndSet(false, true);
        if (holder.isMeasured()) {
            measured.increment();
            if (!first) {
                reused.increment();
            }
        }
        lent.incrementAndGet();
        long now = host.environment().now();
        return new InboxLease(this, subscription, new WatchedInbox(holder.inbox(store)), holder.holder(), now, fresh);
    }

    @Override
    public List<LeaseException> fill(Deadline deadline) throws InterruptedException {
        try {
            started(deadline, false);
            return List.of();
        } catch (LeaseException e) {
            return List.of(e);
        }
    }

    @Override
    public void housekeep(long now) {
        // The poll loop looks after itself
    }

    @Override
    public void evictStale() {
        // Kept for the whole run: what is published meanwhile must not be missed
    }

    @Override
    public void clear() {
        // As for evictStale
    }

    @Override
    public void stop() {
        once.stop();
    }

    @Override
    public int lent() {
        return lent.get();
    }

    @Override
    public void closeAll() {
        Connection<Subscription> subscription = once.opened();
        Thread running;
        synchronized (lock) {
            stopping = true;
            running = poller;
        }
        if (subscription == null) {
            return;
        }
        if (running == null) {
            host.closeLater(subscription, Reason.DONE, () -> {});
            return;
        }
        // The poller closes it, since only one thread may poll and close
        host.environment().closer().closeLater(host.title(), () -> join(subscription, running), () -> {});
    }

    @Override
    public void addTo(Tally tally) {
        if (!connects) {
            return;
        }
        host.addTo(tally);
        tally.leases += measured.sum();
        tally.reused += reused.sum();
        tally.max += 1;
        boolean open = once.opened() != null && !stopping;
        tally.inUse += open ? 1 : 0;
        tally.inUseMax += once.opened() == null ? 0 : 1;
        tally.waiting += once.line().length();
        tally.waitingMax += once.line().longest();
    }

    @Override
    public Host<?> host() {
        return host;
    }

    SubscriptionFigures figures() {
        return SubscriptionFigures.of(host.service(), named(request), store.counts());
    }

    /// Two subscriptions to one channel differ in their options.
    private static String named(SubscriptionRequest request) {
        StringBuilder name = new StringBuilder(request.channel());
        new TreeMap<>(request.options())
                .forEach((option, value) ->
                        name.append(", ").append(option).append(' ').append(value));
        return name.toString();
    }

    private Connection<Subscription> started(Deadline deadline, boolean isMeasured) throws InterruptedException {
        Connection<Subscription> subscription = once.get(deadline, isMeasured);
        synchronized (lock) {
            if (poller == null && !stopping) {
                poller = Thread.ofPlatform()
                        .name("turbulence-" + host.environment().run() + "-" + host.service() + "-" + request.channel())
                        .daemon(true)
                        .start(() -> poll(subscription));
            }
        }
        return subscription;
    }

    private void poll(Connection<Subscription> subscription) {
        // The thread is the subscription's own and stays in its plugin's scope
        PluginScope.of(subscription.connection).enter();
        try {
            store.heard();
            while (!stopping) {
                subscription.connection.poll(POLL, store::arrive);
                hear(subscription.connection.interruption());
                store.expire();
            }
        } catch (Exception | Error e) {
            if (!stopping) {
                host.environment()
                        .log()
                        .log(
                                Level.WARNING,
                                "'" + host.service() + "': the subscription to '" + request.channel()
                                        + "' is broken; nothing more is received from it",
                                e);
                store.fail(Outcome.Failed.of(e));
            }
        } finally {
            store.close(new Outcome.Failed(
                    Failure.CANCELLED, "the subscription to '" + request.channel() + "' was closed", null));
            host.close(subscription, Reason.DONE);
        }
    }

    /// What the poll that is over says of the peer.
    private void hear(Subscription.@Nullable Interruption interruption) {
        if (interruption == null || interruption.loses()) {
            store.heard();
            host.recovered();
        }
        if (interruption == null) {
            return;
        }
        if (interruption.loses()) {
            store.interrupt(interruption.why());
            return;
        }
        // Who waits is told first: whoever hears of the outage may look at once
        store.silent(new Outcome.Failed(
                interruption.why().failure(),
                "'" + request.channel() + "': nothing could be received since "
                        + host.environment().instant(store.heardAt()).truncatedTo(ChronoUnit.MILLIS) + ": "
                        + interruption.why().message(),
                interruption.why().cause()));
        host.away(interruption.why(), store.heardAt());
    }

    private void join(Connection<Subscription> subscription, Thread running) throws InterruptedException {
        PluginScope scope = PluginScope.of(subscription.connection);
        while (running.isAlive()) {
            ClassLoader before = scope.enter();
            try {
                subscription.connection.wakeup();
            } finally {
                scope.exit(before);
            }
            running.join(100);
        }
    }

    private static final class InboxLease extends Loan<Inbox> {

        private final Hub hub;

        InboxLease(
                Hub hub,
                Connection<Subscription> subscription,
                Inbox inbox,
                Holder holder,
                long since,
                boolean opened) {
            super(hub.host, subscription, inbox, holder, since, 0, opened);
            this.hub = hub;
        }

        @Override
        public long uses() {
            return hub.leases.sum();
        }

        @Override
        void giveBack(boolean broken) {
            hub.lent.decrementAndGet();
        }
    }
}
