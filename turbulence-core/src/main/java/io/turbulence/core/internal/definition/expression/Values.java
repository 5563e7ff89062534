package io.turbulence.core.internal.definition.expression;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What holds for values wherever they are compared or shown: types are never converted to make things equal.
public final class Values {

    private static final int SHOWN = 120;

    private Values() {}

    /// The kind of a value as messages name it: `a text`, `a list`.
    public static String typeName(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case CharSequence ignored -> "a text";
            case Number ignored -> "a number";
            case Boolean ignored -> "a boolean";
            case Map<?, ?> ignored -> "a map";
            case Collection<?> ignored -> "a list";
            case byte[] ignored -> "bytes";
            default -> "a " + value.getClass().getSimpleName();
        };
    }

    /// Whether two values are equal as JSON: 1 equals 1.0, '1' does not equal 1, maps and lists by their members.
    public static boolean same(@Nullable Object left, @Nullable Object right) {
        return switch (left) {
            case null -> right == null;
            case Number number -> right instanceof Number other && Numbers.same(number, other);
            case CharSequence text -> right instanceof CharSequence other && CharSequence.compare(text, other) == 0;
            case Map<?, ?> map -> right instanceof Map<?, ?> other && sameMap(map, other);
            case Collection<?> list -> right instanceof Collection<?> other && sameList(list, other);
            case byte[] bytes -> right instanceof byte[] other && Arrays.equals(bytes, other);
            default -> left.equals(right);
        };
    }

    private static boolean sameMap(Map<?, ?> left, Map<?, ?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : left.entrySet()) {
            Object other = right.get(entry.getKey());
            if ((other == null && !right.containsKey(entry.getKey())) || !same(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameList(Collection<?> left, Collection<?> right) {
        if (left.size() != right.size()) {
            return false;
        }
        Iterator<?> others = right.iterator();
        for (Object member : left) {
            if (!others.hasNext() || !same(member, others.next())) {
                return false;
            }
        }
        return true;
    }

    /// The value as part of a text: numbers in plain digits, maps and lists as JSON, bytes as UTF-8. Null is `null`; a
    /// template refuses it before.
    public static String text(@Nullable Object value) {
        return text(value, Limits.DEFAULT.textLength());
    }

    static String text(@Nullable Object value, int mostCharacters) {
        return switch (value) {
            case null -> "null";
            case String text -> text;
            case CharSequence text -> text.toString();
            case Number number -> Numbers.text(number);
            case Map<?, ?> map -> Json.text(map, mostCharacters);
            case Collection<?> list -> Json.text(list, mostCharacters);
            case byte[] bytes -> decode(bytes);
            default -> value.toString();
        };
    }

    private static String decode(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new EvaluationException(
                    "%d bytes are no text in UTF-8. Use base64(…) to make a text of them.".formatted(bytes.length));
        }
    }

    /// The value as a message shows it: JSON, shortened.
    public static String shown(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return bytes.length + " bytes";
        }
        return Json.shortened(value, SHOWN);
    }

    /// Whether a list holds a value, or a map a key, or a text a part.
    ///
    /// @return null if `container` is nothing that can hold something
    static @Nullable Boolean holds(@Nullable Object container, @Nullable Object member) {
        return switch (container) {
            case Range range -> member instanceof Number number && range.holds(number);
            case Collection<?> list -> position(list, member) >= 0;
            case Map<?, ?> map -> map.containsKey(key(member));
            case CharSequence text ->
                member instanceof CharSequence part ? text.toString().contains(part) : null;
            case null -> null;
            default -> null;
        };
    }

    static int position(Collection<?> list, @Nullable Object member) {
        int position = 0;
        for (Object candidate : list) {
            if (same(candidate, member)) {
                return position;
            }
            position++;
        }
        return -1;
    }

    /// The key of a map that a value stands for; maps have text keys.
    static @Nullable Object key(@Nullable Object value) {
        return value instanceof Number || value instanceof Boolean ? text(value) : value;
    }

    /// The member at an index, counted from the end if negative.
    ///
    /// @return the position, or -1 if there is none
    static int index(List<?> list, Number index) {
        if (!Numbers.isLong(index)) {
            return -1;
        }
        long position = index.longValue() < 0 ? list.size() + index.longValue() : index.longValue();
        return position >= 0 && position < list.size() ? (int) position : -1;
    }
}
