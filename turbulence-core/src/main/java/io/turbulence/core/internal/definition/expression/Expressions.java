package io.turbulence.core.internal.definition.expression;

import org.apache.commons.jexl3.JexlBuilder;
import org.apache.commons.jexl3.JexlEngine;
import org.apache.commons.jexl3.JexlException;

/// Compiles expressions. Immutable, for any number of threads.
public final class Expressions {

    private final JexlEngine engine =
            new JexlBuilder().strict(true).silent(false).create();

    private final Limits limits;

    public Expressions() {
        this(Limits.DEFAULT);
    }

    public Expressions(Limits limits) {
        this.limits = limits;
    }

    /// Compiles `text`. The `place` keys the random numbers that it draws.
    ///
    /// @throws ExpressionSyntaxException if the text is no expression
    public Expression compile(String text, int place) {
        if (text.length() > limits.length()) {
            throw new ExpressionSyntaxException(
                    "the expression has %d characters; the most is %d".formatted(text.length(), limits.length()),
                    limits.length(),
                    null);
        }
        try {
            return new Expression(text, engine.createExpression(text), place);
        } catch (JexlException e) {
            throw new ExpressionSyntaxException(String.valueOf(e.getMessage()), 0, null);
        }
    }
}
