package io.turbulence.core.internal.definition.jsonpath;

/// Says that a text is not a JSONPath: what was found, what was expected, and where.
///
/// The message has the form `found "="; expected … . Hint` and names neither the path nor the place, so that the
/// reader of a file can put it behind its own line and column.
public final class JsonPathSyntaxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int offset;

    /// @param offset where it went wrong, in UTF-16 units from the start of the path
    public JsonPathSyntaxException(String message, int offset) {
        super(message);
        this.offset = offset;
    }

    /// Where it went wrong: from 0 to the length of the path, which stands for its end.
    public int offset() {
        return offset;
    }
}
