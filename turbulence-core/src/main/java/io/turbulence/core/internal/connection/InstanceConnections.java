package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.SubscriptionRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The connections of a run as one running instance sees them. What belongs to the instance alone is closed
/// with it.
///
/// Used by the threads of that instance.
public final class InstanceConnections implements AutoCloseable {

    private final Registry registry;
    private final @Nullable Holder holder;
    private final Map<Pool<?>, List<Object>> own = new ConcurrentHashMap<>(0);
    private final Map<MessageStore, TimedInbox> inboxes = new ConcurrentHashMap<>(0);

    /// @param holder null for whichever thread leases
    InstanceConnections(Registry registry, @Nullable Holder holder) {
        this.registry = registry;
        this.holder = holder;
        registry.begin(this);
    }

    /// Leases a connection, waiting for it and opening it when need be.
    ///
    /// @param deadline the step's; the pool's own limits are within it
    /// @throws LeaseException           when none could be had, with the outcome of the step
    /// @throws IllegalArgumentException for a [ConnectionFactory.Subscribed] factory
    public <C> HeldLease<C> lease(String service, ConnectionFactory<?, C> factory, Endpoint endpoint, Deadline deadline)
            throws InterruptedException {
        return lease(registry.pool(service, factory, endpoint), deadline);
    }

    /// As [#lease(String, ConnectionFactory, Endpoint, Deadline)], to the service's own place.
    public <C> HeldLease<C> lease(String service, ConnectionFactory<?, C> factory, Deadline deadline)
            throws InterruptedException {
        return lease(registry.pool(service, factory), deadline);
    }

    /// Leases a subscription's inbox, which is this instance's own view of the channel: the same for equal
    /// requests. A channel that was not declared is opened now.
    ///
    /// @throws LeaseException when it could not be opened
    public HeldLease<Inbox> lease(
            String service, ConnectionFactory.Subscribed<?> factory, SubscriptionRequest request, Deadline deadline)
            throws InterruptedException {
        return lease(registry.subscription(service, factory, request), deadline);
    }

    /// As [#lease(String, ConnectionFactory.Subscribed, SubscriptionRequest, Deadline)], for who needs nothing
    /// but the inbox.
    public Inbox inbox(
            String service, ConnectionFactory.Subscribed<?> factory, SubscriptionRequest request, Deadline deadline)
            throws InterruptedException {
        try (HeldLease<Inbox> lease = lease(service, factory, request, deadline)) {
            return lease.connection() instanceof WatchedInbox watched ? watched.inbox() : lease.connection();
        }
    }

    private <C> HeldLease<C> lease(Pool<C> pool, Deadline deadline) throws InterruptedException {
        try {
            return pool.lease(this, deadline);
        } catch (RegistryClosedException e) {
            throw e;
        } catch (LeaseException e) {
            if (isMeasured()) {
                pool.host().refused(e);
            }
            throw e;
        }
    }

    /// Whether what it asks for counts.
    boolean isMeasured() {
        return holder == null || holder.measured();
    }

    /// Called on the thread that leases.
    Holder holder() {
        return holder == null ? Holder.ofCurrentThread() : holder;
    }

    /// What a pool keeps for this instance.
    List<Object> own(Pool<?> pool) {
        return own.computeIfAbsent(pool, any -> new CopyOnWriteArrayList<>());
    }

    TimedInbox inbox(MessageStore store) {
        return inboxes.computeIfAbsent(store, MessageStore::view);
    }

    /// Closes the instance's own connections. Idempotent.
    @Override
    public void close() {
        own.keySet().forEach(pool -> pool.ended(this));
        own.clear();
        inboxes.clear();
    }
}
