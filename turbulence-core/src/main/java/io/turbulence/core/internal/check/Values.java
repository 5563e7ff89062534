package io.turbulence.core.internal.check;

import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.spi.ShownText;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON-like values: how they compare and how they are shown.
public final class Values {

    private static final int SHOWN = 200;

    private Values() {}

    /// Equality as JSON knows it: 1 equals 1.0, "1" does not equal 1, the order of a map's entries does
    /// not matter.
    public static boolean equal(@Nullable Object left, @Nullable Object right) {
        if (left == null || right == null) {
            return left == null && right == null;
        }
        if (left instanceof Number a && right instanceof Number b) {
            return compare(a, b) == 0;
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            return equalLists(a, b);
        }
        if (left instanceof Map<?, ?> a && right instanceof Map<?, ?> b) {
            return equalMaps(a, b);
        }
        if (left instanceof byte[] a && right instanceof byte[] b) {
            return java.util.Arrays.equals(a, b);
        }
        return left.equals(right);
    }

    private static boolean equalLists(List<?> a, List<?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalMaps(Map<?, ?> a, Map<?, ?> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : a.entrySet()) {
            if (!b.containsKey(entry.getKey()) || !equal(entry.getValue(), b.get(entry.getKey()))) {
                return false;
            }
        }
        return true;
    }

    /// Compares numbers by value, whatever their classes.
    public static int compare(Number left, Number right) {
        if (isLong(left) && isLong(right)) {
            return Long.compare(left.longValue(), right.longValue());
        }
        if (isNonFinite(left) || isNonFinite(right)) {
            return Double.compare(left.doubleValue(), right.doubleValue());
        }
        return decimal(left).compareTo(decimal(right));
    }

    /// What kind of value it is, as JSON names it: `text`, `number`, `integer` is a number too.
    public static String type(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> "text";
            case Number number -> "number";
            case Boolean bool -> "boolean";
            case List<?> list -> "list";
            case Map<?, ?> map -> "map";
            case byte[] bytes -> "bytes";
            default -> value.getClass().getSimpleName();
        };
    }

    /// The value as a person reads it: texts in quotes, JSON for the rest, shortened, and `***` for what stands under
    /// a secret's name.
    public static String show(@Nullable Object value) {
        return shorten(
                switch (value) {
                    case String text -> "\"" + beginning(text) + "\"";
                    case byte[] bytes -> bytes.length + " bytes";
                    case null -> "null";
                    // By far the most frequent, a status for one, and the same as in JSON
                    case Integer number -> number.toString();
                    case Long number -> number.toString();
                    case Boolean truth -> truth.toString();
                    default -> JsonCodec.INSTANCE.writeText(Beginning.of(value, SHOWN));
                });
    }

    /// The text, cut to a length fit for a message.
    public static String shorten(String text) {
        String beginning = beginning(text);
        return beginning.codePointCount(0, beginning.length()) <= SHOWN
                ? text
                : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…";
    }

    /// More than is shown, and no more than that needs.
    private static String beginning(String text) {
        return ShownText.beginning(text, 2 * SHOWN + 2);
    }

    private static boolean isLong(Number number) {
        return number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte;
    }

    private static boolean isNonFinite(Number number) {
        return (number instanceof Double || number instanceof Float) && !Double.isFinite(number.doubleValue());
    }

    private static BigDecimal decimal(Number number) {
        return switch (number) {
            case BigDecimal decimal -> decimal;
            case BigInteger integer -> new BigDecimal(integer);
            case Double d -> BigDecimal.valueOf(d);
            case Float f -> new BigDecimal(Float.toString(f));
            default -> BigDecimal.valueOf(number.longValue());
        };
    }
}
