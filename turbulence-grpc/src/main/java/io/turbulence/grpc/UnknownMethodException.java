package io.turbulence.grpc;

/// Thrown when a service has no method of the name.
final class UnknownMethodException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String found;
    private final String expected;
    private final String hint;

    /// @param hint empty for none
    UnknownMethodException(String found, String expected, String hint) {
        super(found + "; expected " + expected + (hint.isEmpty() ? "" : ". " + hint));
        this.found = found;
        this.expected = expected;
        this.hint = hint;
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
