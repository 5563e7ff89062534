package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import java.util.List;

/// The connections of one kind to one place of a service, lent by one policy. Thread-safe.
interface Pool<C> {

    /// Lends a connection.
    ///
    /// @throws LeaseException when there was none to be had
    HeldLease<C> lease(InstanceConnections holder, Deadline deadline) throws InterruptedException;

    /// Opens what `min` asks for, all at once.
    ///
    /// @return what went wrong
    List<LeaseException> fill(Deadline deadline) throws InterruptedException;

    /// What is to be done from time to time: ageing, checks, leaks. Does not block.
    void housekeep(long now);

    /// Closes idle connections that are too old.
    void evictStale();

    /// Closes all idle connections now, and those that are lent when they come back.
    void clear();

    /// Ends lending for good and sends away who waits; what comes back from now on is closed. Idempotent.
    void stop();

    /// How many leases are out.
    int lent();

    /// Begins to close everything, also what is still lent, after [#stop]. Idempotent.
    void closeAll();

    void addTo(Tally tally);

    /// Where it leads.
    Host<?> host();

    /// An instance ended: what belongs to it alone is closed.
    default void ended(InstanceConnections instance) {}
}
