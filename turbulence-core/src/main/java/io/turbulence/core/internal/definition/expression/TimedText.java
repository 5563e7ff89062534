package io.turbulence.core.internal.definition.expression;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// A text that a regular expression reads, stopped when the evaluation's time is up.
final class TimedText implements CharSequence {

    private static final int LONGEST_PATTERN = 2_000;

    private final String text;
    private final Evaluation evaluation;

    private TimedText(String text, Evaluation evaluation) {
        this.text = text;
        this.evaluation = evaluation;
    }

    /// Whether the whole text matches.
    static boolean matches(Pattern pattern, String text, Evaluation evaluation) {
        try {
            return pattern.matcher(new TimedText(text, evaluation)).matches();
        } catch (StackOverflowError e) {
            throw new EvaluationException(
                    "The regular expression \"%s\" is too involved for a text of %d characters. Write [ab]* for (a|b)*."
                            .formatted(Node.shortened(pattern.pattern()), text.length()));
        }
    }

    /// @throws EvaluationException if it is no regular expression
    static Pattern pattern(String expression) {
        if (expression.length() > LONGEST_PATTERN) {
            throw new EvaluationException("The regular expression has %d characters; the most is %d."
                    .formatted(expression.length(), LONGEST_PATTERN));
        }
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new EvaluationException("\"%s\" is no regular expression: %s near index %d."
                    .formatted(Node.shortened(expression), e.getDescription(), Math.max(0, e.getIndex())));
        } catch (StackOverflowError e) {
            throw new EvaluationException("The regular expression is nested too deep.");
        }
    }

    @Override
    public char charAt(int index) {
        evaluation.tick();
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
