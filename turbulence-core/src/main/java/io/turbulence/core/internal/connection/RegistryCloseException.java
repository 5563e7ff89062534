package io.turbulence.core.internal.connection;

import io.turbulence.api.TurbulenceException;
import java.util.List;

/// Some connections did not close well. Each failure is a suppressed exception; everything else is closed.
public final class RegistryCloseException extends TurbulenceException {

    private static final long serialVersionUID = 1L;

    RegistryCloseException(List<Throwable> failures) {
        super("CONNECTION_CLOSE", message(failures), failures.getFirst());
        failures.stream().skip(1).forEach(this::addSuppressed);
    }

    private static String message(List<Throwable> failures) {
        return failures.size() == 1
                ? "1 connection did not close well: " + failures.getFirst().getMessage()
                : failures.size() + " connections did not close well; the first: "
                        + failures.getFirst().getMessage();
    }
}
