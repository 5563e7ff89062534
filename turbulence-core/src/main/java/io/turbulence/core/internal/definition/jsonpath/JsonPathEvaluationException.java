package io.turbulence.core.internal.definition.jsonpath;

/// Says that a good path was given up while it was evaluated: a regular expression took too long.
public final class JsonPathEvaluationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message which pattern was given up, and why
    public JsonPathEvaluationException(String message) {
        super(message);
    }
}
