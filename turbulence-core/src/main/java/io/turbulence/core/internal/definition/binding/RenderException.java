package io.turbulence.core.internal.definition.binding;

import io.turbulence.api.TurbulenceException;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import org.jspecify.annotations.Nullable;

/// A setting whose template has no value in a step, or one that does not fit. The message is
/// `file:line:column: path: found; expected what`.
public final class RenderException extends TurbulenceException {

    private static final long serialVersionUID = 1L;

    private final transient Location location;
    private final String path;

    RenderException(Location location, String path, String found, String expected, @Nullable Throwable cause) {
        super(
                Codes.RENDER,
                location + ": " + (path.isEmpty() ? "" : path + ": ") + found
                        + (expected.isEmpty() ? "" : "; expected " + expected),
                cause);
        this.location = location;
        this.path = path;
    }

    public Location location() {
        return location;
    }

    /// Of the setting in its file.
    public String path() {
        return path;
    }
}
