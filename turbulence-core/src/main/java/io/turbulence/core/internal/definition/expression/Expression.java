package io.turbulence.core.internal.definition.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A compiled expression. Immutable, for any number of threads at once; an evaluation reads the scope's values in
/// place, whatever their size, and changes nothing.
public final class Expression {

    private final String text;
    private final int place;
    private final Limits limits;
    private final Node root;
    private final List<Reference> references;
    private final List<String> environmentValues;
    private final boolean fixed;

    Expression(String text, int place, Limits limits, Node root, Findings findings) {
        this.text = text;
        this.place = place;
        this.limits = limits;
        this.root = root;
        this.references = findings.references();
        this.environmentValues = findings.environmentValues();
        this.fixed = findings.isFixed();
    }

    public String text() {
        return text;
    }

    /// The value.
    ///
    /// @throws EvaluationException if there is none
    public @Nullable Object evaluate(Scope scope) {
        try {
            return root.value(new Evaluation(scope, limits, place, false));
        } catch (StackOverflowError e) {
            throw tooDeep();
        }
    }

    /// The value as a condition.
    ///
    /// @throws EvaluationException if there is no value or it is neither true nor false
    public boolean test(Scope scope) {
        try {
            return root.test(new Evaluation(scope, limits, place, false));
        } catch (StackOverflowError e) {
            throw tooDeep();
        }
    }

    private EvaluationException tooDeep() {
        return new EvaluationException("\"%s\" reads a value or a regular expression that is nested too deep."
                .formatted(Node.shortened(text)));
    }

    /// The names that the expression reads, in the order of the text.
    public List<Reference> references() {
        return references;
    }

    /// The values of environment variables that became part of the expression.
    public List<String> environmentValues() {
        return environmentValues;
    }

    /// Whether every evaluation gives the same, whatever the scope.
    public boolean isFixed() {
        return fixed;
    }

    /// Why it can never be a condition: a part of it that must be true or false is always something else. Null when
    /// it may be one.
    public @Nullable String neverCondition() {
        Node wrong = root.wrongCondition();
        return wrong == null ? null : "\"%s\" is %s, not true or false".formatted(wrong.source(), wrong.neverTruth());
    }

    /// The parts that decided the value, each with its own, for the message of a condition that does not hold:
    /// `` `payload.items.size()` was 1 ``, several with commas between them. Empty if there is nothing to tell.
    public String explain(Scope scope) {
        List<String> parts = new ArrayList<>();
        try {
            root.explain(new Evaluation(scope, limits, place, true), parts);
        } catch (EvaluationException | StackOverflowError ignored) {
            // What was found so far still helps
        }
        return String.join(", ", parts.stream().distinct().toList());
    }

    @Override
    public String toString() {
        return text;
    }
}
