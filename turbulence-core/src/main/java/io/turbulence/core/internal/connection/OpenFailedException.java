package io.turbulence.core.internal.connection;

import io.turbulence.api.Outcome;

/// A connection had to be opened and could not be. The outcome says why: refused, not resolved, TLS, time.
public final class OpenFailedException extends LeaseException {

    private static final long serialVersionUID = 1L;

    private final long openNanos;

    OpenFailedException(Outcome.Failed outcome, long waitNanos, long openNanos) {
        super(outcome, waitNanos);
        this.openNanos = openNanos;
    }

    /// How long the attempt took; -1 when another holder made it.
    public long openNanos() {
        return openNanos;
    }
}
