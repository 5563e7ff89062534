package io.turbulence.core.internal.definition.binding;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads durations: `500ms`, `5s`, `2m`, `1h`, `1m30s`, `0.5s`, or a number of seconds (of milliseconds under a key
/// that
/// ends in `_ms`).
public final class Durations {

    /// The form of a text that is a duration.
    public static final String FORM = "(?=.)(?:(\\d{1,18}(?:\\.\\d{1,9})?)h)?(?:(\\d{1,18}(?:\\.\\d{1,9})?)m)?"
            + "(?:(\\d{1,18}(?:\\.\\d{1,9})?)s)?(?:(\\d{1,18}(?:\\.\\d{1,9})?)ms)?";

    private static final Pattern PATTERN = Pattern.compile(FORM);
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}(?:\\.\\d{1,9})?");
    private static final BigDecimal[] NANOS = {
        new BigDecimal(3_600_000_000_000L),
        new BigDecimal(60_000_000_000L),
        new BigDecimal(1_000_000_000L),
        new BigDecimal(1_000_000L)
    };
    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private Durations() {}

    /// Empty when it is no duration or one of more than 292 years.
    public static Optional<Duration> parse(String text) {
        return parse(text, Unit.SECONDS);
    }

    /// As [#parse(String)], with the unit of a number alone.
    static Optional<Duration> parse(String text, Unit unit) {
        if (NUMBER.matcher(text).matches()) {
            return of(new BigDecimal(text), unit);
        }
        Matcher matcher = PATTERN.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal nanos = BigDecimal.ZERO;
        for (int i = 0; i < NANOS.length; i++) {
            nanos = nanos.add(part(matcher.group(i + 1), NANOS[i]));
        }
        return exact(nanos);
    }

    static Optional<Duration> of(BigDecimal number, Unit unit) {
        return number.signum() < 0 || number.precision() - number.scale() > 30
                ? Optional.empty()
                : exact(number.multiply(unit.nanos));
    }

    /// As people write it: `1m30s`.
    public static String text(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        StringBuilder text = new StringBuilder();
        append(text, duration.toHours(), "h");
        append(text, duration.toMinutesPart(), "m");
        append(text, duration.toSecondsPart(), "s");
        BigDecimal millis = BigDecimal.valueOf(duration.toNanosPart(), 6).stripTrailingZeros();
        return millis.signum() == 0 ? text.toString() : text + millis.toPlainString() + "ms";
    }

    private static void append(StringBuilder text, long value, String unit) {
        if (value != 0) {
            text.append(value).append(unit);
        }
    }

    private static BigDecimal part(@Nullable String number, BigDecimal nanos) {
        return number == null ? BigDecimal.ZERO : new BigDecimal(number).multiply(nanos);
    }

    private static Optional<Duration> exact(BigDecimal nanos) {
        return nanos.compareTo(MOST) > 0 ? Optional.empty() : Optional.of(Duration.ofNanos(nanos.longValue()));
    }

    /// What a number alone means.
    enum Unit {
        SECONDS(NANOS[2]),
        MILLIS(NANOS[3]);

        private final BigDecimal nanos;

        Unit(BigDecimal nanos) {
            this.nanos = nanos;
        }

        /// The unit that a key's name says: `delay_ms`.
        static Unit of(String key) {
            return key.endsWith("_ms") || key.endsWith("_millis") ? MILLIS : SECONDS;
        }
    }
}
