package io.turbulence.core.internal.definition.expression;

/// An expression that has no value here: a name, key or index is missing, types do not fit, or a limit was reached. The
/// message is a whole sentence and names the part of the expression.
public final class EvaluationException extends RuntimeException {

    public EvaluationException(String message) {
        super(message, null, false, false);
    }
}
