package io.turbulence.core.internal.connection;

import io.turbulence.api.TurbulenceException;
import java.util.List;

/// Connections or subscriptions that must stand before the first instance could not be opened. The message
/// has one line for each; they are suppressed exceptions too.
public final class RegistryOpenException extends TurbulenceException {

    private static final long serialVersionUID = 1L;

    private final transient List<LeaseException> failures;

    RegistryOpenException(List<LeaseException> failures) {
        super("CONNECTION_OPEN", message(failures), failures.getFirst());
        this.failures = List.copyOf(failures);
        failures.stream().skip(1).forEach(this::addSuppressed);
    }

    public List<LeaseException> failures() {
        return failures;
    }

    private static String message(List<LeaseException> failures) {
        StringBuilder text = new StringBuilder("not everything could be opened before the run:");
        failures.forEach(failure -> text.append("\n  ").append(failure.getMessage()));
        return text.toString();
    }
}
