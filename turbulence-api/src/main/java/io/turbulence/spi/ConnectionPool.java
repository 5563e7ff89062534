package io.turbulence.spi;

import io.turbulence.api.Deadline;

/// A pool that a plugin brings and the host leases through. Thread-safe.
public interface ConnectionPool<C> extends AutoCloseable {

    /// Waits for a connection until the deadline.
    ///
    /// @throws java.util.concurrent.TimeoutException when none became free in time
    /// @throws Exception when none could be opened; the host classifies it
    C lease(Deadline deadline) throws Exception;

    /// Takes it back.
    ///
    /// @param broken whether it must not be lent again
    void release(C connection, boolean broken) throws Exception;

    Figures figures();

    /// How many connections it has opened so far, those that are closed again included; -1 when it does not tell, which
    /// leaves the host to guess.
    default long opened() {
        return -1;
    }

    /// How long opening a connection took that was just lent for the first time, in nanoseconds; -1 for one that was
    /// lent before, or when the pool does not tell. Asked once for each lease, before its use.
    default long openNanos(C connection) {
        return -1;
    }

    /// Closes all connections. Idempotent.
    @Override
    void close() throws Exception;

    /// How a pool stands at one moment.
    ///
    /// @param open    connections that are open
    /// @param inUse   of these, how many are lent
    /// @param idle    of these, how many are not
    /// @param waiting callers of `lease` that wait
    record Figures(int open, int inUse, int idle, int waiting) {}
}
