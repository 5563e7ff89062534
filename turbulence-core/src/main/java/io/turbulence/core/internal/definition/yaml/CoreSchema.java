package io.turbulence.core.internal.definition.yaml;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What YAML 1.2's core schema makes of a plain scalar.
final class CoreSchema {

    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern OCTAL = Pattern.compile("0o[0-7]+");
    private static final Pattern HEXADECIMAL = Pattern.compile("0x[0-9a-fA-F]+");
    private static final Pattern FLOAT =
            Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE]([-+]?[0-9]+))?");
    private static final Pattern INFINITE = Pattern.compile("[-+]?\\.(?:inf|Inf|INF)");
    /// Longer numbers stay text: nobody means them, and reading them takes its time.
    private static final int LONGEST = 1000;

    private CoreSchema() {}

    static @Nullable Object resolve(String text) {
        return switch (text) {
            case "", "~", "null", "Null", "NULL" -> null;
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            case ".nan", ".NaN", ".NAN" -> Double.NaN;
            default -> number(text);
        };
    }

    private static Object number(String text) {
        char first = text.charAt(0);
        if ("0123456789-+.".indexOf(first) < 0 || text.length() > LONGEST) {
            return text;
        }
        if (INTEGER.matcher(text).matches()) {
            return smallest(new BigInteger(text));
        }
        if (OCTAL.matcher(text).matches()) {
            return smallest(new BigInteger(text.substring(2), 8));
        }
        if (HEXADECIMAL.matcher(text).matches()) {
            return smallest(new BigInteger(text.substring(2), 16));
        }
        if (INFINITE.matcher(text).matches()) {
            return first == '-' ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        Matcher matcher = FLOAT.matcher(text);
        return matcher.matches() ? decimal(text, matcher.group(1)) : text;
    }

    private static Object decimal(String text, @Nullable String exponent) {
        double value = Double.parseDouble(text);
        // A BigDecimal of a million digits is easily written and never meant
        if (exponent != null && exponent.length() > 4) {
            return value;
        }
        BigDecimal exact = new BigDecimal(text);
        boolean lossless = Double.isFinite(value) && BigDecimal.valueOf(value).compareTo(exact) == 0;
        return lossless ? (Object) value : exact;
    }

    private static Number smallest(BigInteger value) {
        if (value.bitLength() < Integer.SIZE) {
            return value.intValue();
        }
        return value.bitLength() < Long.SIZE ? (Number) value.longValue() : value;
    }
}
