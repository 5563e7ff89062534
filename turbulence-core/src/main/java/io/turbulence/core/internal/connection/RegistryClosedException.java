package io.turbulence.core.internal.connection;

import io.turbulence.api.Failure;
import io.turbulence.api.Outcome;

/// The registry lends nothing any more, or not yet.
public final class RegistryClosedException extends LeaseException {

    private static final long serialVersionUID = 1L;

    RegistryClosedException(String message) {
        super(new Outcome.Failed(Failure.CANCELLED, message, null), 0);
    }
}
