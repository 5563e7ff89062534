package io.turbulence.core.internal.definition.binding;

import org.jspecify.annotations.Nullable;

/// A value that does not fit its setting. Becomes a problem at load and a [RenderException] in a step.
final class Misfit extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String code;
    private final String found;
    private final String expected;
    private final @Nullable String hint;

    Misfit(String code, String found, String expected, @Nullable String hint) {
        super(found + "; expected " + expected, null, false, false);
        this.code = code;
        this.found = found;
        this.expected = expected;
        this.hint = hint;
    }

    String code() {
        return code;
    }

    String found() {
        return found;
    }

    String expected() {
        return expected;
    }

    @Nullable
    String hint() {
        return hint;
    }
}
