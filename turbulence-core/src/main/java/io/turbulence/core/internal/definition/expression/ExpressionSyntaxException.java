package io.turbulence.core.internal.definition.expression;

import org.jspecify.annotations.Nullable;

/// A text that is no expression of the scenario language, found when it is compiled.
public final class ExpressionSyntaxException extends RuntimeException {

    private final int offset;
    private final @Nullable String hint;

    public ExpressionSyntaxException(String message, int offset, @Nullable String hint) {
        super(message, null, false, false);
        this.offset = offset;
        this.hint = hint;
    }

    /// Where in the compiled text, in characters from 0.
    public int offset() {
        return offset;
    }

    /// What to write instead, a full sentence.
    public @Nullable String hint() {
        return hint;
    }

    /// The same fault in a larger text that holds the compiled one from `start` on.
    public ExpressionSyntaxException movedBy(int start) {
        return new ExpressionSyntaxException(String.valueOf(getMessage()), offset + start, hint);
    }
}
