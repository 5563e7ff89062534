package io.turbulence.core.internal.definition.expression;

import java.util.List;
import java.util.UUID;
import org.apache.commons.jexl3.JexlContext;
import org.apache.commons.jexl3.JexlException;
import org.apache.commons.jexl3.JexlExpression;
import org.jspecify.annotations.Nullable;

/// A compiled expression. Immutable, for any number of threads at once.
public final class Expression {

    private final String text;
    private final JexlExpression compiled;
    private final int place;

    Expression(String text, JexlExpression compiled, int place) {
        this.text = text;
        this.compiled = compiled;
        this.place = place;
    }

    public String text() {
        return text;
    }

    /// The value.
    ///
    /// @throws EvaluationException if there is none
    public @Nullable Object evaluate(Scope scope) {
        if (text.equals("uuid") || text.equals("uuid()")) {
            return new UUID(scope.random(place), scope.random(place)).toString();
        }
        try {
            return compiled.evaluate(new Context(scope));
        } catch (JexlException e) {
            throw new EvaluationException(String.valueOf(e.getMessage()));
        }
    }

    /// The value as a condition.
    ///
    /// @throws EvaluationException if there is no value or it is neither true nor false
    public boolean test(Scope scope) {
        if (evaluate(scope) instanceof Boolean holds) {
            return holds;
        }
        throw new EvaluationException("\"%s\" is not true or false".formatted(text));
    }

    /// The names that the expression reads, in the order of the text.
    public List<Reference> references() {
        return List.of();
    }

    /// The parts of the expression with their values, for the message of a condition that does not hold.
    public String explain(Scope scope) {
        return "";
    }

    private record Context(Scope scope) implements JexlContext {

        @Override
        public @Nullable Object get(String name) {
            return scope.has(name) ? scope.value(name) : null;
        }

        @Override
        public boolean has(String name) {
            return scope.has(name);
        }

        @Override
        public void set(String name, @Nullable Object value) {
            throw new UnsupportedOperationException();
        }
    }
}
