package io.turbulence.core.internal.connection;

import io.turbulence.api.Outcome;
import io.turbulence.spi.Phase;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A lease as the registry keeps it: who has what since when, and that it comes back exactly once.
abstract class Loan<C> implements HeldLease<C> {

    private static final int HELD = 0;
    private static final int INVALID = 1;
    private static final int RETURNED = 2;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Loan.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Host<?> host;
    final Connection<?> entry;
    private final C connection;
    private final Holder holder;
    private final long since;
    private final long waitNanos;
    private final boolean opened;
    private final @Nullable Throwable taken;
    private volatile int state;

    /// @param entry      the history of the connection
    /// @param connection what the holder uses
    /// @param opened     whether it was opened for this holder
    Loan(Host<?> host, Connection<?> entry, C connection, Holder holder, long since, long waitNanos, boolean opened) {
        this.host = host;
        this.entry = entry;
        this.connection = connection;
        this.holder = holder;
        this.since = since;
        this.waitNanos = waitNanos;
        this.opened = opened;
        this.taken = host.environment().traceLeases() ? new Throwable("the lease was taken here") : null;
    }

    /// Takes the connection back. Called once.
    abstract void giveBack(boolean broken);

    /// Told once when the holder says that the connection is broken, before it is given back.
    void invalidated() {}

    @Override
    public final C connection() {
        if (state == RETURNED) {
            throw new IllegalStateException(
                    host.title() + ": the lease was closed; its connection is not this holder's any more");
        }
        return connection;
    }

    @Override
    public final Instant createdAt() {
        return host.environment().instant(entry.openedAt);
    }

    @Override
    public final Instant lastUsedAt() {
        return host.environment().instant(entry.lastUsedAt);
    }

    @Override
    public long uses() {
        return entry.uses;
    }

    @Override
    public final void invalidate() {
        if (STATE.compareAndSet(this, HELD, INVALID)) {
            invalidated();
        }
    }

    @Override
    public final void close() {
        int before = state == RETURNED ? RETURNED : (int) STATE.getAndSet(this, RETURNED);
        if (before != RETURNED) {
            giveBack(before == INVALID);
        }
    }

    @Override
    public final long waitNanos() {
        return waitNanos;
    }

    @Override
    public long openNanos() {
        return opened ? entry.openNanos : -1;
    }

    @Override
    public final long phaseNanos(Phase phase) {
        return opened ? entry.phases.getOrDefault(phase, -1L) : -1;
    }

    @Override
    public final void reconnected(int times) {
        host.reconnected(times, !opened && holder.measured());
    }

    @Override
    public final void told(Outcome outcome) {
        host.told(outcome, since);
    }

    Holder holder() {
        return holder;
    }

    long since() {
        return since;
    }

    /// Where it was taken; null unless leases are traced.
    @Nullable
    Throwable taken() {
        return taken;
    }
}
