package io.turbulence.api;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// The root of everything that Turbulence throws. Unchecked.
///
/// The message is a full sentence for the person who has to act: the subject in quotes, what
/// happened with numbers, why, then one hint. The code is stable across releases and documented in
/// RFC-010.
public abstract class TurbulenceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;

    protected TurbulenceException(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = requireNonNull(code, "code");
    }

    /// A stable name such as `DEFINITION_UNKNOWN_KEY`; plugins prefix theirs with their own name.
    public final String code() {
        return code;
    }
}
