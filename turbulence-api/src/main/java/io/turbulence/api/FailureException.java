package io.turbulence.api;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// Thrown by a plugin to say exactly which [Failure] an exchange met. The host turns it into an
/// [Outcome.Failed] with this message.
public final class FailureException extends TurbulenceException {

    private static final long serialVersionUID = 1L;

    private final Failure failure;

    public FailureException(Failure failure, String message) {
        this(failure, message, null);
    }

    public FailureException(Failure failure, String message, @Nullable Throwable cause) {
        super("CONNECTION_" + failure, message, cause);
        this.failure = requireNonNull(failure, "failure");
    }

    public Failure failure() {
        return failure;
    }
}
