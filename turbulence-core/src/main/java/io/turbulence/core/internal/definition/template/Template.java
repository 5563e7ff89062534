package io.turbulence.core.internal.definition.template;

import io.turbulence.core.internal.definition.expression.Expression;
import io.turbulence.core.internal.definition.expression.ExpressionSyntaxException;
import io.turbulence.core.internal.definition.expression.Expressions;
import io.turbulence.core.internal.definition.expression.Reference;
import io.turbulence.core.internal.definition.expression.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A text with `{{ expression }}` segments, compiled once. A text that is one segment only keeps the value's type.
/// Immutable, for any number of threads at once.
public final class Template {

    private final List<Object> segments;
    private final List<String> environmentValues;

    private Template(List<Object> segments, List<String> environmentValues) {
        this.segments = List.copyOf(segments);
        this.environmentValues = List.copyOf(environmentValues);
    }

    /// @throws ExpressionSyntaxException if a segment is no expression or an environment variable is missing
    public static Template compile(String text, Expressions expressions, Environment environment, int place) {
        List<Object> segments = new ArrayList<>();
        List<String> environmentValues = new ArrayList<>();
        int position = 0;
        while (position < text.length()) {
            int open = text.indexOf("{{", position);
            if (open < 0) {
                segments.add(text.substring(position));
                break;
            }
            if (open > position) {
                segments.add(text.substring(position, open));
            }
            int close = text.indexOf("}}", open);
            if (close < 0) {
                throw new ExpressionSyntaxException("\"{{\" is not closed", open, "Write \"}}\" after the expression.");
            }
            String inner = text.substring(open + 2, close).trim();
            if (inner.startsWith("env.")) {
                int bar = inner.indexOf('|');
                String name =
                        (bar < 0 ? inner : inner.substring(0, bar)).substring(4).trim();
                String value = environment.value(name);
                if (value != null) {
                    environmentValues.add(value);
                    segments.add(value);
                } else if (bar >= 0) {
                    segments.add(inner.substring(inner.indexOf(':', bar) + 1).trim());
                } else {
                    throw new ExpressionSyntaxException(
                            "environment variable \"%s\" is not set and has no default".formatted(name), open, null);
                }
            } else {
                segments.add(expressions.compile(inner, place));
            }
            position = close + 2;
        }
        return new Template(segments, environmentValues);
    }

    /// Whether every rendering gives the same, whatever the scope.
    public boolean isConstant() {
        return segments.stream().noneMatch(Expression.class::isInstance);
    }

    /// What every rendering gives.
    ///
    /// @throws IllegalStateException if it depends on the scope
    public @Nullable Object constant() {
        if (!isConstant()) {
            throw new IllegalStateException("the template is not constant");
        }
        return String.join("", segments.stream().map(Object::toString).toList());
    }

    public @Nullable Object render(Scope scope) {
        return segments.size() == 1 && segments.getFirst() instanceof Expression expression
                ? expression.evaluate(scope)
                : renderText(scope);
    }

    public String renderText(Scope scope) {
        StringBuilder text = new StringBuilder();
        for (Object segment : segments) {
            text.append(segment instanceof Expression expression ? expression.evaluate(scope) : segment);
        }
        return text.toString();
    }

    public List<Reference> references() {
        return List.of();
    }

    /// Whether values of environment variables became part of the text.
    public boolean usesEnvironment() {
        return !environmentValues.isEmpty();
    }

    /// The values of environment variables that became part of the text, defaults left out.
    public List<String> environmentValues() {
        return environmentValues;
    }
}
