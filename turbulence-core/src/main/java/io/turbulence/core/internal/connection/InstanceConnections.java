package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;

/// The connections of a run as one running instance sees them. What belongs to the instance alone is closed
/// with it.
///
/// Used by the threads of that instance.
public final class InstanceConnections implements AutoCloseable {

    private final Registry registry;
    private final Holder holder;

    InstanceConnections(Registry registry, Holder holder) {
        this.registry = registry;
        this.holder = holder;
    }

    /// Leases a connection, waiting for it and opening it when need be.
    ///
    /// @param deadline the step's; the pool's own limits are within it
    /// @throws LeaseException when none could be had, with the outcome of the step
    public <C> HeldLease<C> lease(String service, ConnectionFactory<?, C> factory, Endpoint endpoint, Deadline deadline)
            throws InterruptedException {
        return registry.pool(service, factory, endpoint).lease(this, deadline);
    }

    Holder holder() {
        return holder;
    }

    /// Closes the instance's own connections. Idempotent.
    @Override
    public void close() {}
}
