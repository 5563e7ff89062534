package io.turbulence.core.internal.launch;

import io.turbulence.api.TurbulenceException;
import org.jspecify.annotations.Nullable;

/// A program could not be started, or was not ready in time.
public final class LaunchFailedException extends TurbulenceException {

    private static final long serialVersionUID = 1L;

    LaunchFailedException(String message, @Nullable Throwable cause) {
        super("CONNECTION_LAUNCH", message, cause);
    }
}
