package io.turbulence.core.internal.connection;

import io.turbulence.core.internal.connection.Host.Reason;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// An open connection that several hold at once, until it is retired: then nobody new holds it, and whoever
/// lets go last closes it. Thread-safe.
final class Client<C> {

    private static final int RETIRED = Integer.MIN_VALUE;

    final Connection<C> connection;
    private final AtomicInteger holders = new AtomicInteger();
    private final AtomicLong uses = new AtomicLong();
    private final AtomicBoolean lent = new AtomicBoolean();
    private volatile Reason reason = Reason.DONE;

    Client(Connection<C> connection) {
        this.connection = connection;
    }

    /// Who holds it, also when it is retired.
    int holders() {
        return holders.get() & Integer.MAX_VALUE;
    }

    /// As [#holders], but negative when it is retired.
    int available() {
        return holders.get();
    }

    /// One holder more, if there are as many as were seen and it is not retired.
    boolean tryHold(int seen) {
        boolean held = holders.compareAndSet(seen, seen + 1);
        if (held) {
            uses.incrementAndGet();
        }
        return held;
    }

    /// It is lent.
    ///
    /// @return whether for the first time
    boolean lend() {
        return !lent.get() && lent.compareAndSet(false, true);
    }

    /// @return whether the last holder of a retired one let go
    boolean letGo() {
        return holders.decrementAndGet() == RETIRED;
    }

    /// @return whether nobody holds it, so that it is the caller's to close
    boolean retire(Reason why) {
        reason = why;
        return holders.getAndUpdate(count -> count | RETIRED) == 0;
    }

    /// Retires it if nobody holds it, so that it is the caller's to close.
    boolean retireIfIdle() {
        return holders.compareAndSet(0, RETIRED);
    }

    boolean isRetired() {
        return holders.get() < 0;
    }

    long uses() {
        return uses.get();
    }

    Reason reason() {
        return reason;
    }
}
