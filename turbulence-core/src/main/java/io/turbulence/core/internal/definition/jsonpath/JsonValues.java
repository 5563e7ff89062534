package io.turbulence.core.internal.definition.jsonpath;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Compares and measures JSON values as the RFC says. [Nothing] equals only itself.
final class JsonValues {
    private static final long EXACT_AS_DOUBLE = 1L << 53;

    private JsonValues() {}

    static @Nullable Object length(@Nullable Object value) {
        if (value instanceof String text) {
            return text.codePointCount(0, text.length());
        }
        if (value instanceof List<?> elements) {
            return elements.size();
        }
        return value instanceof Map<?, ?> members ? members.size() : Nothing.NOTHING;
    }

    static boolean equal(@Nullable Object left, @Nullable Object right) {
        if (areBothContainers(left, right)) {
            return equalTrees(left, right);
        }
        return equalScalars(left, right);
    }

    /// Whether `left` comes before `right`: both numbers, or both texts, these by code point.
    static boolean less(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Number one && right instanceof Number other) {
            return !isNaN(one) && !isNaN(other) && compare(one, other) < 0;
        }
        return left instanceof String one && right instanceof String other && compare(one, other) < 0;
    }

    private static boolean equalScalars(@Nullable Object left, @Nullable Object right) {
        if (left instanceof Number one && right instanceof Number other) {
            return !isNaN(one) && !isNaN(other) && compare(one, other) == 0;
        }
        return left == null ? right == null : left.equals(right);
    }

    /// Walks both trees with pairs of containers still to compare on a stack of its own: depth does not matter.
    private static boolean equalTrees(@Nullable Object left, @Nullable Object right) {
        Deque<Object> pairs = new ArrayDeque<>();
        if (!push(pairs, left, right)) {
            return false;
        }
        while (!pairs.isEmpty()) {
            Object one = pairs.pop();
            Object other = pairs.pop();
            boolean same = one instanceof List<?> elements
                    ? equalElements(elements, (List<?>) other, pairs)
                    : equalMembers((Map<?, ?>) one, (Map<?, ?>) other, pairs);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalElements(List<?> left, List<?> right, Deque<Object> pairs) {
        Iterator<?> others = right.iterator();
        for (Object element : left) {
            if (!push(pairs, element, others.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalMembers(Map<?, ?> left, Map<?, ?> right, Deque<Object> pairs) {
        for (Map.Entry<?, ?> member : left.entrySet()) {
            Object other = right.get(member.getKey());
            if (other == null && !right.containsKey(member.getKey())) {
                return false;
            }
            if (!push(pairs, member.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /// Compares what can be compared at once, and leaves the inside of two containers for later.
    private static boolean push(Deque<Object> pairs, @Nullable Object left, @Nullable Object right) {
        if (left == null || right == null || !areBothContainers(left, right)) {
            return equalScalars(left, right);
        }
        if (size(left) != size(right)) {
            return false;
        }
        pairs.push(right);
        pairs.push(left);
        return true;
    }

    private static boolean areBothContainers(@Nullable Object left, @Nullable Object right) {
        return (left instanceof List<?> && right instanceof List<?>)
                || (left instanceof Map<?, ?> && right instanceof Map<?, ?>);
    }

    private static int size(Object container) {
        return container instanceof List<?> elements ? elements.size() : ((Map<?, ?>) container).size();
    }

    /// By code point. UTF-16 units, which [String#compareTo] takes, put U+10000 before U+FFFF.
    private static int compare(String left, String right) {
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
            char one = left.charAt(i);
            char other = right.charAt(i);
            if (one != other) {
                boolean oneIsSurrogate = Character.isSurrogate(one);
                return oneIsSurrogate == Character.isSurrogate(other)
                        ? Character.compare(one, other)
                        : oneIsSurrogate ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    private static int compare(Number left, Number right) {
        boolean leftIsLong = isLong(left);
        boolean rightIsLong = isLong(right);
        if (leftIsLong && rightIsLong) {
            return Long.compare(left.longValue(), right.longValue());
        }
        if (isExactAsDouble(left, leftIsLong) && isExactAsDouble(right, rightIsLong)) {
            double one = left.doubleValue();
            double other = right.doubleValue();
            // Not Double.compare, for which -0.0 is less than 0.0
            return one < other ? -1 : one > other ? 1 : 0;
        }
        if (isInfinite(left) || isInfinite(right)) {
            return Double.compare(infinityOrZero(left), infinityOrZero(right));
        }
        return decimal(left).compareTo(decimal(right));
    }

    private static boolean isLong(Number number) {
        return number instanceof Integer || number instanceof Long || number instanceof Short || number instanceof Byte;
    }

    private static boolean isExactAsDouble(Number number, boolean isLong) {
        return isLong
                ? number.longValue() <= EXACT_AS_DOUBLE && number.longValue() >= -EXACT_AS_DOUBLE
                : number instanceof Double;
    }

    private static boolean isNaN(Number number) {
        return (number instanceof Double || number instanceof Float) && Double.isNaN(number.doubleValue());
    }

    private static boolean isInfinite(Number number) {
        return (number instanceof Double || number instanceof Float) && Double.isInfinite(number.doubleValue());
    }

    private static double infinityOrZero(Number number) {
        return isInfinite(number) ? number.doubleValue() : 0;
    }

    /// The number as it is written: a double is taken as its shortest decimal, so that 0.1 is 0.1 in every class.
    private static BigDecimal decimal(Number number) {
        return switch (number) {
            case BigDecimal decimal -> decimal;
            case BigInteger integer -> new BigDecimal(integer);
            default -> isLong(number) ? BigDecimal.valueOf(number.longValue()) : new BigDecimal(number.toString());
        };
    }
}
