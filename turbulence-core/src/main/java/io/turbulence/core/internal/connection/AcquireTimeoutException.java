package io.turbulence.core.internal.connection;

import io.turbulence.api.Failure;
import io.turbulence.api.Outcome;
import org.jspecify.annotations.Nullable;

/// No connection became free in time. The message has the pool's figures and the last failure to open one,
/// which is also the cause.
public final class AcquireTimeoutException extends LeaseException {

    private static final long serialVersionUID = 1L;

    AcquireTimeoutException(String message, @Nullable Throwable cause, long waitNanos) {
        super(new Outcome.Failed(Failure.POOL, message, cause), waitNanos);
    }
}
