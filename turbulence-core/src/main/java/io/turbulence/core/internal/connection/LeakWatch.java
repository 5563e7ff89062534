package io.turbulence.core.internal.connection;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// Reports leases that are held for longer than `leak_after`, each once.
final class LeakWatch {

    private final Host<?> host;
    private final long limitNanos;
    private final Set<Loan<?>> reported = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    LeakWatch(Host<?> host) {
        this.host = host;
        Duration leakAfter = host.settings().leakAfter();
        this.limitNanos = leakAfter == null ? Long.MAX_VALUE : leakAfter.toNanos();
    }

    void look(@Nullable Loan<?> loan, long now) {
        if (loan != null && now - loan.since() > limitNanos && reported.add(loan)) {
            report(loan, "held for", now);
        }
    }

    /// Reports a lease that was never given back.
    void leaked(Loan<?> loan) {
        if (reported.add(loan)) {
            report(loan, "not given back after", host.environment().now());
        }
    }

    private void report(Loan<?> loan, String what, long now) {
        host.leaked();
        Holder holder = loan.holder();
        String message = host.title() + ": connection " + loan.entry.number + " to "
                + host.endpoint().authority() + " was " + what + " "
                + Durations.text(Duration.ofNanos(now - loan.since())) + " by "
                + holder.who().get() + ". "
                + (host.environment().traceLeases() ? "The stack shows who took it." : holder.how());
        Throwable taken = loan.taken();
        if (taken == null) {
            host.environment().log().log(Level.WARNING, message);
        } else {
            host.environment().log().log(Level.WARNING, message, taken);
        }
    }
}
