package io.turbulence.core.internal.definition.template;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.Expression;
import io.turbulence.core.internal.definition.expression.ExpressionSyntaxException;
import io.turbulence.core.internal.definition.expression.Expressions;
import io.turbulence.core.internal.definition.expression.Reference;
import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.core.internal.definition.expression.Segments;
import io.turbulence.core.internal.definition.expression.Segments.Segment;
import io.turbulence.core.internal.definition.expression.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A text with `{{ expression }}` in it, compiled once. Immutable, for any number of threads at once.
///
/// A text that is one template only, without anything around it, keeps the value's type; otherwise values become part
/// of a text: numbers in plain digits, maps and lists as JSON, bytes as UTF-8, and null is an error.
public final class Template {

    private static final Scope NOTHING = new Scope() {
        @Override
        public boolean has(String name) {
            return false;
        }

        @Override
        public @Nullable Object value(String name) {
            return null;
        }

        @Override
        public long random(int place) {
            throw new IllegalStateException("a constant draws nothing");
        }

        @Override
        public Instant now() {
            throw new IllegalStateException("a constant has no time");
        }
    };

    /// Texts and expressions in order.
    private final List<Object> pieces;

    private final List<Reference> references;
    private final List<String> environmentValues;

    private Template(List<Object> pieces, List<Reference> references, List<String> environmentValues) {
        this.pieces = List.copyOf(pieces);
        this.references = List.copyOf(references);
        this.environmentValues = List.copyOf(environmentValues);
    }

    /// Compiles `text`; the values of environment variables become part of it now.
    ///
    /// @param place keys the random numbers that the template draws
    /// @throws ExpressionSyntaxException if a part is no expression or an environment variable is missing; its offset
    /// is
    ///     one into `text`
    public static Template compile(String text, Expressions expressions, Environment environment, int place) {
        List<Object> pieces = new ArrayList<>();
        List<Reference> references = new ArrayList<>();
        List<String> environmentValues = new ArrayList<>();
        for (Segment segment : Segments.of(text)) {
            switch (segment) {
                case Segments.Literal literal -> add(pieces, literal.text());
                case Segments.Variable variable -> {
                    String value = environment.value(variable.name());
                    if (value != null) {
                        environmentValues.add(value);
                    }
                    add(pieces, value != null ? value : otherwise(variable));
                }
                case Segments.Hole hole -> {
                    Optional<Object> known = environment.known(hole.expression());
                    if (known.isPresent()) {
                        add(pieces, known.get().toString());
                        continue;
                    }
                    Expression expression = compile(hole, expressions, environment, place);
                    environmentValues.addAll(expression.environmentValues());
                    expression.references().forEach(reference -> references.add(moved(reference, hole.start())));
                    pieces.add(expression);
                }
            }
        }
        return new Template(pieces, references, environmentValues);
    }

    private static void add(List<Object> pieces, String text) {
        if (!pieces.isEmpty() && pieces.getLast() instanceof String before) {
            pieces.set(pieces.size() - 1, before + text);
        } else {
            pieces.add(text);
        }
    }

    private static String otherwise(Segments.Variable variable) {
        if (variable.otherwise() != null) {
            return variable.otherwise();
        }
        throw new ExpressionSyntaxException(
                "environment variable \"%s\" is not set and has no default".formatted(variable.name()),
                variable.start(),
                "Set it, or write {{env.%s | default:text}}.".formatted(variable.name()));
    }

    private static Expression compile(Segments.Hole hole, Expressions expressions, Environment environment, int place) {
        try {
            return expressions.compile(hole.expression(), place, environment::value);
        } catch (ExpressionSyntaxException e) {
            throw e.movedBy(hole.start());
        }
    }

    private static Reference moved(Reference reference, int start) {
        return new Reference(reference.path(), reference.offset() + start, reference.optional(), reference.hint());
    }

    /// Whether every rendering gives the same, whatever the scope.
    public boolean isConstant() {
        for (Object piece : pieces) {
            if (piece instanceof Expression expression && !expression.isFixed()) {
                return false;
            }
        }
        return true;
    }

    /// What every rendering gives.
    ///
    /// @throws IllegalStateException if it depends on the scope
    /// @throws EvaluationException if it has no value
    public @Nullable Object constant() {
        if (!isConstant()) {
            throw new IllegalStateException("the template is not constant");
        }
        return render(NOTHING);
    }

    /// The value; of any type if the text is one template only, else a text.
    ///
    /// @throws EvaluationException if an expression has no value
    public @Nullable Object render(Scope scope) {
        if (pieces.size() == 1) {
            return pieces.getFirst() instanceof Expression expression ? expression.evaluate(scope) : pieces.getFirst();
        }
        return renderText(scope);
    }

    /// The value as a text.
    ///
    /// @throws EvaluationException if an expression has no value, or null
    public String renderText(Scope scope) {
        if (pieces.size() == 1) {
            return text(pieces.getFirst(), scope);
        }
        StringBuilder text = new StringBuilder();
        for (Object piece : pieces) {
            text.append(text(piece, scope));
        }
        return text.toString();
    }

    private static String text(Object piece, Scope scope) {
        if (!(piece instanceof Expression expression)) {
            return (String) piece;
        }
        Object value = expression.evaluate(scope);
        if (value == null) {
            String name = expression.text().strip();
            throw new EvaluationException(
                    "\"%s\" is null and cannot be part of a text. Write %s ?? 'something'.".formatted(name, name));
        }
        return Values.text(value);
    }

    /// The names that the template reads, in the order of the text.
    public List<Reference> references() {
        return references;
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
