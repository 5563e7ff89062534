package io.turbulence.grpc;

import org.jspecify.annotations.Nullable;

/// Thrown when the files that describe methods cannot be used.
final class SchemaSourceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String key;
    private final String found;
    private final String expected;
    private final String hint;

    /// @param key  the setting that names the files
    /// @param hint empty for none
    SchemaSourceException(String key, String found, String expected, String hint, @Nullable Throwable cause) {
        super(key + ": " + found + "; expected " + expected + (hint.isEmpty() ? "" : ". " + hint), cause);
        this.key = key;
        this.found = found;
        this.expected = expected;
        this.hint = hint;
    }

    String key() {
        return key;
    }

    String found() {
        return found;
    }

    String expected() {
        return expected;
    }

    String hint() {
        return hint;
    }
}
