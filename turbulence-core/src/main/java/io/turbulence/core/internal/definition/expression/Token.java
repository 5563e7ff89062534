package io.turbulence.core.internal.definition.expression;

import org.jspecify.annotations.Nullable;

/// A word, literal, operator or bracket of an expression.
///
/// @param symbol what it is, spelled JEXL's way: `and` has the symbol `&&`
/// @param start where it stands in the compiled text
/// @param value of a literal
record Token(
        Kind kind,
        String symbol,
        int start,
        int end,
        @Nullable Object value) {

    enum Kind {
        NAME,
        /// A name or quoted text after a dot.
        KEY,
        LITERAL,
        TEXT,
        REGEX,
        /// A whole `{{env.NAME | default:text}}`.
        ENVIRONMENT,
        OPERATOR,
        DOT,
        OPEN,
        CLOSE,
        COMMA,
        QUESTION,
        COLON
    }

    boolean is(String symbol) {
        return this.symbol.equals(symbol) && (kind.compareTo(Kind.OPERATOR) >= 0);
    }

    /// Whether a value may end with it.
    boolean endsValue() {
        return kind.compareTo(Kind.ENVIRONMENT) <= 0 || kind == Kind.CLOSE;
    }

    boolean isWord(String word) {
        return kind == Kind.NAME && symbol.equals(word);
    }
}
