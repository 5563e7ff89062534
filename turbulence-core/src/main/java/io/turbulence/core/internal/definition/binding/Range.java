package io.turbulence.core.internal.definition.binding;

import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Inclusive bounds, either of which may be open.
public record Range(@Nullable BigDecimal from, @Nullable BigDecimal to) {

    private static final Pattern FORM = Pattern.compile("(-?\\d+(?:\\.\\d+)?)?\\.\\.(-?\\d+(?:\\.\\d+)?)?");

    /// `1..100`, `0..`, `..9`.
    ///
    /// @throws IllegalArgumentException when it is something else, or holds nothing
    static Range parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || text.equals("..")) {
            throw new IllegalArgumentException("range was '" + text + "' but it must be like '1..100', '0..' or '..9'");
        }
        BigDecimal from = matcher.group(1) == null ? null : new BigDecimal(matcher.group(1));
        BigDecimal to = matcher.group(2) == null ? null : new BigDecimal(matcher.group(2));
        if (from != null && to != null && from.compareTo(to) > 0) {
            throw new IllegalArgumentException("range was '" + text + "' but nothing is in it");
        }
        return new Range(from, to);
    }

    boolean contains(BigDecimal value) {
        return (from == null || value.compareTo(from) >= 0) && (to == null || value.compareTo(to) <= 0);
    }

    /// `from 1 to 100`, `at least 1`, `at most 100`; then the unit.
    public String description(String unit) {
        if (from == null) {
            return "at most " + to + unit;
        }
        return to == null ? "at least " + from + unit : "from " + from + " to " + to + unit;
    }
}
