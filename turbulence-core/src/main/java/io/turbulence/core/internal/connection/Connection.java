package io.turbulence.core.internal.connection;

import io.turbulence.spi.Phase;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Map;

/// An open connection and its history. Apart from closing, the mutable fields belong to whoever holds it.
final class Connection<C> {

    private static final VarHandle CLOSED;

    static {
        try {
            CLOSED = MethodHandles.lookup().findVarHandle(Connection.class, "closed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final C connection;
    final long number;
    final long openedAt;
    final long openNanos;
    final Map<Phase, Long> phases;
    final long expiresAt;
    final int generation;

    long lastUsedAt;
    long checkedAt;
    long uses;
    private volatile boolean closed;

    Connection(C connection, long number, long openedAt, Opening opening, long expiresAt, int generation) {
        this.connection = connection;
        this.number = number;
        this.openedAt = openedAt;
        this.openNanos = opening.nanos();
        this.phases = opening.phases();
        this.expiresAt = expiresAt;
        this.generation = generation;
        this.lastUsedAt = openedAt;
        this.checkedAt = openedAt;
    }

    /// @return false when it was closed before
    boolean markClosed() {
        return !closed && CLOSED.compareAndSet(this, false, true);
    }
}
