package io.turbulence.core;

import io.turbulence.api.FailureException;
import io.turbulence.api.TurbulenceException;
import io.turbulence.core.internal.connection.RegistryOpenException;
import java.util.List;

/// Connections that must stand at once, because of their pool's `min`, could not be opened. Its code is
/// `CONNECTION_OPEN`; its message has a line for each, with the place and why. Immutable and thread-safe.
public final class ConnectionsException extends TurbulenceException {

    private static final long serialVersionUID = 1L;

    private final transient List<FailureException> failures;

    ConnectionsException(RegistryOpenException thrown) {
        super("CONNECTION_OPEN", message(thrown), thrown);
        this.failures = thrown.failures().stream()
                .map(failure -> new FailureException(
                        failure.outcome().failure(), failure.outcome().message(), failure))
                .toList();
    }

    /// Why, one for each that could not be opened.
    public List<FailureException> failures() {
        return failures;
    }

    private static String message(RegistryOpenException thrown) {
        StringBuilder text = new StringBuilder("not everything could be opened:");
        thrown.failures().forEach(failure -> text.append("\n  ").append(failure.getMessage()));
        return text.toString();
    }
}
