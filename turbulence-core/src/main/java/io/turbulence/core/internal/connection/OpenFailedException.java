package io.turbulence.core.internal.connection;

import io.turbulence.api.Outcome;

/// A connection had to be opened and could not be. The outcome says why: refused, not resolved, TLS, time.
public final class OpenFailedException extends LeaseException {

    private static final long serialVersionUID = 1L;

    private final long openNanos;
    private final boolean cutShort;

    OpenFailedException(Outcome.Failed outcome, long waitNanos, long openNanos) {
        this(outcome, waitNanos, openNanos, false);
    }

    OpenFailedException(Outcome.Failed outcome, long waitNanos, long openNanos, boolean cutShort) {
        super(outcome, waitNanos);
        this.openNanos = openNanos;
        this.cutShort = cutShort;
    }

    /// How long the attempt took; -1 when another holder made it.
    public long openNanos() {
        return openNanos;
    }

    /// Whether waiting before had left the attempt too little time to say anything about the peer.
    boolean cutShort() {
        return cutShort;
    }
}
