package io.turbulence.core.internal.check;

import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// A condition on a run's figures: `steps.checkout.p99_latency_ms < 200`.
///
/// @param expression as the user wrote it
/// @param window     looked at while the run goes on, over the newest so much of it; null for the whole run
/// @param sense      whether the condition must hold or fails the run
/// @param abort      whether the run is stopped when it does not hold
/// @param after      not looked at for so long from the first instance that counts, while the run goes on; windows that
///                   end before are left out
public record Threshold(
        String expression,
        Figure figure,
        Operator operator,
        double value,
        @Nullable Duration window,
        Sense sense,
        boolean abort,
        Duration after) {

    /// Whether the condition is what should be or what should not.
    public enum Sense {
        MUST_HOLD,
        FAILS
    }

    /// How figure and value are compared.
    public enum Operator {
        LESS("<"),
        AT_MOST("<="),
        GREATER(">"),
        AT_LEAST(">="),
        EQUAL("==");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }

        boolean test(double figure, double value) {
            return switch (this) {
                case LESS -> figure < value;
                case AT_MOST -> figure <= value;
                case GREATER -> figure > value;
                case AT_LEAST -> figure >= value;
                case EQUAL -> Double.compare(figure, value) == 0;
            };
        }
    }

    /// The names a threshold may use.
    ///
    /// @param services those that have a pool
    public record Names(Collection<Step> steps, Collection<String> services) {

        /// A step of a scenario.
        public record Step(String scenario, String name) {}
    }

    /// Reads a condition that must hold.
    ///
    /// @throws InvalidThresholdException when it is none, or names what is not there
    public static Threshold parse(String expression, Names names) {
        return new ThresholdParser(expression, names).parse(Sense.MUST_HOLD);
    }

    /// Reads a condition that fails the run when it is true.
    ///
    /// @throws InvalidThresholdException when it is none, or names what is not there
    public static Threshold parseFailure(String expression, Names names) {
        return new ThresholdParser(expression, names).parse(Sense.FAILS);
    }

    /// The same, stopping the run when it does not hold.
    public Threshold aborting(Duration after) {
        return new Threshold(expression, figure, operator, value, window, sense, true, after);
    }

    /// The same, leaving out what windows there are before.
    public Threshold lookedAtAfter(Duration after) {
        return new Threshold(expression, figure, operator, value, window, sense, abort, after);
    }

    public ThresholdResult evaluate(Figures figures) {
        OptionalDouble actual = figures.figure(figure);
        return new ThresholdResult(this, actual.isPresent() && holds(actual.getAsDouble()), actual);
    }

    /// Whether it is good that the figure is this.
    public boolean holds(double actual) {
        return operator.test(actual, value) == (sense == Sense.MUST_HOLD);
    }

    /// Whether it says how many instances may fail, and so decides in the place of the rule that none may.
    public boolean decidesFailures() {
        return figure == Figure.OfRun.PASS_RATE || figure == Figure.OfRun.ERROR_COUNT;
    }

    String text(double actual) {
        if (figure.isShare()) {
            return number(actual * 100) + "%";
        }
        return figure.isTime() ? number(actual) + " ms" : number(actual);
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return String.format(Locale.ROOT, "%,d", (long) value);
        }
        String text = String.format(Locale.ROOT, Math.abs(value) < 1 ? "%.3f" : "%,.2f", value);
        return text.replaceFirst("0+$", "").replaceFirst("\\.$", "");
    }
}
