package io.turbulence.core.internal.connection;

import static java.util.Objects.requireNonNull;

import io.turbulence.api.Outcome;
import io.turbulence.api.TurbulenceException;

/// Why there was no connection to be had. It is what the system under test did, or the pool's limit: the
/// step fails with [#outcome].
public abstract sealed class LeaseException extends TurbulenceException
        permits AcquireTimeoutException, OpenFailedException, RegistryClosedException {

    private static final long serialVersionUID = 1L;

    private final transient Outcome.Failed outcome;
    private final long waitNanos;

    LeaseException(Outcome.Failed outcome, long waitNanos) {
        super("CONNECTION_" + outcome.failure(), outcome.message(), outcome.cause());
        this.outcome = requireNonNull(outcome, "outcome");
        this.waitNanos = waitNanos;
    }

    public final Outcome.Failed outcome() {
        return outcome;
    }

    /// How long it waited in vain for a connection to become free, opening not included.
    public final long waitNanos() {
        return waitNanos;
    }
}
