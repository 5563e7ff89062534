package io.turbulence.core.internal.definition.expression;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/// Arithmetic as people expect it: whole numbers never overflow, `7/2` is 3.5, `6/2` is 3, `1` equals `1.0`. Numbers
/// that a peer made absurdly large or precise are taken as doubles, so that no operation can eat the machine.
final class Numbers {

    private static final int MOST_DIGITS = 1_000;
    private static final long EXACT_IN_DOUBLE = 1L << 53;
    private static final BigInteger LEAST = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

    private Numbers() {}

    static boolean isLong(Object value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
    }

    private static boolean isDouble(Object value) {
        return value instanceof Double || value instanceof Float;
    }

    static boolean isWhole(Object value) {
        return isLong(value) || value instanceof BigInteger;
    }

    /// A whole number as `Long`, as `BigInteger` where that is too small.
    static Number narrow(BigInteger value) {
        return value.compareTo(LEAST) >= 0 && value.compareTo(MOST) <= 0 ? (Number) value.longValue() : value;
    }

    static boolean isModerate(BigDecimal value) {
        return Math.abs((long) value.scale()) <= MOST_DIGITS && value.precision() <= MOST_DIGITS;
    }

    private static boolean isExact(Number value) {
        return switch (value) {
            case BigDecimal decimal -> isModerate(decimal);
            case BigInteger whole -> whole.bitLength() <= MOST_DIGITS * 4;
            default -> isLong(value);
        };
    }

    /// Whether to calculate with doubles: where both sides are exact, or one is a decimal and the other finite, the
    /// result is exact instead, so that a price from a database stays a price.
    private static boolean areDouble(Number left, Number right) {
        if (left instanceof BigDecimal || right instanceof BigDecimal) {
            return !isFinite(left) || !isFinite(right);
        }
        return !isExact(left) || !isExact(right);
    }

    private static boolean isFinite(Number value) {
        return isExact(value) || (isDouble(value) && Double.isFinite(value.doubleValue()));
    }

    private static BigInteger whole(Number value) {
        return value instanceof BigInteger whole ? whole : BigInteger.valueOf(value.longValue());
    }

    private static BigDecimal decimal(Number value) {
        return switch (value) {
            case BigDecimal decimal -> decimal;
            case BigInteger whole -> new BigDecimal(whole);
            default -> isLong(value) ? BigDecimal.valueOf(value.longValue()) : BigDecimal.valueOf(value.doubleValue());
        };
    }

    static Number add(Number left, Number right) {
        if (isLong(left) && isLong(right)) {
            long a = left.longValue();
            long b = right.longValue();
            long sum = a + b;
            return ((a ^ sum) & (b ^ sum)) < 0 ? (Number) whole(left).add(whole(right)) : (Number) sum;
        }
        if (areDouble(left, right)) {
            return left.doubleValue() + right.doubleValue();
        }
        return isWhole(left) && isWhole(right)
                ? narrow(whole(left).add(whole(right)))
                : (Number) decimal(left).add(decimal(right));
    }

    static Number subtract(Number left, Number right) {
        if (isLong(left) && isLong(right)) {
            long a = left.longValue();
            long b = right.longValue();
            long difference = a - b;
            return ((a ^ b) & (a ^ difference)) < 0 ? (Number) whole(left).subtract(whole(right)) : (Number) difference;
        }
        if (areDouble(left, right)) {
            return left.doubleValue() - right.doubleValue();
        }
        return isWhole(left) && isWhole(right)
                ? narrow(whole(left).subtract(whole(right)))
                : (Number) decimal(left).subtract(decimal(right));
    }

    static Number multiply(Number left, Number right) {
        if (isLong(left) && isLong(right)) {
            long a = left.longValue();
            long b = right.longValue();
            long high = Math.multiplyHigh(a, b);
            long low = a * b;
            return high == low >> 63 ? (Number) low : (Number) whole(left).multiply(whole(right));
        }
        if (areDouble(left, right)) {
            return left.doubleValue() * right.doubleValue();
        }
        return isWhole(left) && isWhole(right)
                ? narrow(whole(left).multiply(whole(right)))
                : (Number) decimal(left).multiply(decimal(right));
    }

    /// @return null for a division by zero
    static @Nullable Number divide(Number left, Number right) {
        if (isZero(right)) {
            return null;
        }
        if (areDouble(left, right)) {
            return left.doubleValue() / right.doubleValue();
        }
        if (isWhole(left) && isWhole(right)) {
            BigInteger[] parts = whole(left).divideAndRemainder(whole(right));
            return parts[1].signum() == 0 ? narrow(parts[0]) : (Number) (left.doubleValue() / right.doubleValue());
        }
        return decimal(left).divide(decimal(right), MathContext.DECIMAL128);
    }

    /// The remainder has the sign of the dividend, as in JEXL and Java.
    ///
    /// @return null for a division by zero
    static @Nullable Number remainder(Number left, Number right) {
        if (isZero(right)) {
            return null;
        }
        if (areDouble(left, right)) {
            return left.doubleValue() % right.doubleValue();
        }
        if (isWhole(left) && isWhole(right)) {
            return narrow(whole(left).remainder(whole(right)));
        }
        return decimal(left).remainder(decimal(right));
    }

    static Number negate(Number value) {
        return isDouble(value) ? (Number) (-value.doubleValue()) : subtract(0L, value);
    }

    private static boolean isZero(Number value) {
        return switch (value) {
            case BigDecimal decimal -> decimal.signum() == 0;
            case BigInteger whole -> whole.signum() == 0;
            default -> value.doubleValue() == 0;
        };
    }

    static boolean same(Number left, Number right) {
        if (isLong(left) && isLong(right)) {
            return left.longValue() == right.longValue();
        }
        return !isNaN(left) && !isNaN(right) && compare(left, right) == 0;
    }

    static boolean isNaN(Number value) {
        return isDouble(value) && Double.isNaN(value.doubleValue());
    }

    /// Compares by value, exactly, also a whole number with a double. Neither may be NaN.
    static int compare(Number left, Number right) {
        if (isLong(left) && isLong(right)) {
            return Long.compare(left.longValue(), right.longValue());
        }
        if (fitsDouble(left) && fitsDouble(right)) {
            double a = left.doubleValue();
            double b = right.doubleValue();
            return a < b ? -1 : a > b ? 1 : 0;
        }
        if (isInfinite(left) || isInfinite(right)) {
            return Double.compare(left.doubleValue(), right.doubleValue());
        }
        return decimal(left).compareTo(decimal(right));
    }

    private static boolean fitsDouble(Number value) {
        return isDouble(value)
                || (isLong(value) && value.longValue() <= EXACT_IN_DOUBLE && value.longValue() >= -EXACT_IN_DOUBLE);
    }

    private static boolean isInfinite(Number value) {
        return isDouble(value) && Double.isInfinite(value.doubleValue());
    }

    /// Cuts off what stands after the point.
    ///
    /// @return null if there is no such whole number
    static @Nullable Number truncate(Number value) {
        if (isWhole(value)) {
            return value instanceof BigInteger whole ? narrow(whole) : (Number) value.longValue();
        }
        if (isNaN(value) || isInfinite(value)) {
            return null;
        }
        BigDecimal decimal = decimal(value);
        return decimal.precision() - (long) decimal.scale() > MOST_DIGITS
                ? null
                : narrow(
                        isModerate(decimal)
                                ? decimal.toBigInteger()
                                : decimal.setScale(0, RoundingMode.DOWN).toBigInteger());
    }

    /// The number in digits: 1 as `1`, 1.0 as `1.0`, never with an exponent unless it would be absurdly long.
    static String text(Number value) {
        return switch (value) {
            case Double d -> text(d.doubleValue());
            case Float f -> text(Double.parseDouble(f.toString()));
            case BigDecimal decimal -> isModerate(decimal) ? decimal.toPlainString() : decimal.toString();
            default -> value.toString();
        };
    }

    private static String text(double value) {
        String text = Double.toString(value);
        if (text.indexOf('E') < 0 || Math.abs(value) >= 1e40 || Math.abs(value) < 1e-40) {
            return text;
        }
        String plain = new BigDecimal(text).toPlainString();
        return plain.indexOf('.') < 0 ? plain + ".0" : plain;
    }
}
