package io.turbulence.core.internal.definition.expression;

import io.turbulence.core.internal.definition.secret.SecretNames;
import io.turbulence.core.internal.definition.secret.SecretValues;
import io.turbulence.spi.ShownText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of a compiled expression. Immutable.
abstract class Node {

    private static final int LONGEST_SOURCE = 100;

    private final String source;

    Node(String source) {
        this.source = source;
    }

    abstract @Nullable Object value(Evaluation evaluation);

    /// The value, or null where what it reads is missing.
    @Nullable
    Object valueIfThere(Evaluation evaluation) {
        return value(evaluation);
    }

    boolean test(Evaluation evaluation) {
        Object value = value(evaluation);
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw notBoolean(value);
    }

    /// What its value is always, where that is neither true nor false: `a number`. Null where it may be one of them.
    @Nullable
    String neverTruth() {
        return null;
    }

    /// The first part that must be true or false and never is; null when there is none.
    @Nullable
    Node wrongCondition() {
        return neverTruth() == null ? null : this;
    }

    EvaluationException notBoolean(@Nullable Object value) {
        String comparison = switch (value) {
            case null -> "%s != null";
            case CharSequence ignored -> "%s == 'yes'";
            case Number ignored -> "%s > 0";
            default -> "%s.size() > 0";
        };
        return new EvaluationException("\"%s\" is %s, not true or false. Compare it, for example %s."
                .formatted(source(), Values.typeName(value), comparison.formatted(source())));
    }

    /// Adds the parts that decided the value, with their values.
    void explain(Evaluation evaluation, List<String> parts) {
        part(evaluation, parts);
    }

    void part(Evaluation evaluation, List<String> parts) {
        try {
            Object value = value(evaluation);
            boolean tells = value instanceof Boolean || !SecretNames.isSecretPath(source);
            parts.add("`%s` was %s"
                    .formatted(source(), tells ? Values.shown(SecretValues.hidden(value)) : SecretValues.MASK));
        } catch (EvaluationException ignored) {
            // Says nothing about why the condition does not hold
        }
    }

    boolean isConstant() {
        return false;
    }

    /// The part as the author wrote it.
    String source() {
        return shortened(source);
    }

    String wholeSource() {
        return source;
    }

    static String shortened(String text) {
        return ShownText.shortened(text, LONGEST_SOURCE);
    }
}
