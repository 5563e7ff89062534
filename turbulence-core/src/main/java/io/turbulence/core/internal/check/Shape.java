package io.turbulence.core.internal.check;

import io.turbulence.core.internal.definition.secret.SecretNames;
import io.turbulence.core.internal.definition.secret.SecretValues;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// An expectation written in the shape of the payload: keys that are named must match, others are
/// ignored; `<any> <uuid> <number> <text> <boolean> <re:…>` stand for kinds of values.
final class Shape {

    /// Those that stand for a kind of value by themselves.
    static final List<String> MARKERS = List.of("<any>", "<uuid>", "<number>", "<text>", "<boolean>");

    private static final Pattern LIKE_MARKER = Pattern.compile("<[a-z_]+>");
    private static final String REGEX = "<re:";

    private Shape() {}

    /// The regular expression that stands for texts; null when the text is none.
    static @Nullable String regex(String text) {
        return isMarker(text) && text.startsWith(REGEX) ? text.substring(REGEX.length(), text.length() - 1) : null;
    }

    /// Whether a text is written like a kind of value, but is none.
    static boolean isUnknownMarker(String text) {
        return LIKE_MARKER.matcher(text).matches() && !MARKERS.contains(text);
    }

    /// @return where and how the value departs from the shape; null when it fits
    static @Nullable String mismatch(@Nullable Object shape, @Nullable Object value, String path) {
        if (shape instanceof Map<?, ?> map) {
            return mapMismatch(map, value, path);
        }
        if (shape instanceof List<?> list) {
            return listMismatch(list, value, path);
        }
        if (shape instanceof String text && isMarker(text)) {
            return markerMismatch(text, value, path);
        }
        return Values.equal(shape, value)
                ? null
                : "%s was %s but %s was expected".formatted(path, shown(path, value), shown(path, shape));
    }

    private static @Nullable String mapMismatch(Map<?, ?> shape, @Nullable Object value, String path) {
        if (!(value instanceof Map<?, ?> map)) {
            return "%s was %s but a map was expected".formatted(path, shown(path, value));
        }
        for (Map.Entry<?, ?> entry : shape.entrySet()) {
            String inner = path + "." + entry.getKey();
            if (!map.containsKey(entry.getKey())) {
                return "%s is missing".formatted(inner);
            }
            String mismatch = mismatch(entry.getValue(), map.get(entry.getKey()), inner);
            if (mismatch != null) {
                return mismatch;
            }
        }
        return null;
    }

    private static @Nullable String listMismatch(List<?> shape, @Nullable Object value, String path) {
        if (!(value instanceof List<?> list)) {
            return "%s was %s but a list was expected".formatted(path, shown(path, value));
        }
        if (list.size() != shape.size()) {
            return "%s had %d items but %d were expected".formatted(path, list.size(), shape.size());
        }
        for (int i = 0; i < shape.size(); i++) {
            String mismatch = mismatch(shape.get(i), list.get(i), path + "[" + i + "]");
            if (mismatch != null) {
                return mismatch;
            }
        }
        return null;
    }

    private static boolean isMarker(String text) {
        return text.length() > 2 && text.startsWith("<") && text.endsWith(">");
    }

    private static @Nullable String markerMismatch(String marker, @Nullable Object value, String path) {
        boolean fits = switch (marker) {
            case "<any>" -> true;
            case "<uuid>" -> value instanceof String text && isUuid(text);
            case "<number>" -> value instanceof Number;
            case "<text>" -> value instanceof String;
            case "<boolean>" -> value instanceof Boolean;
            default ->
                marker.startsWith("<re:")
                        ? value instanceof String text
                                && GuardedRegex.find(
                                        GuardedRegex.compile(marker.substring(4, marker.length() - 1)), text)
                        : Values.equal(marker, value);
        };
        return fits ? null : "%s was %s but %s was expected".formatted(path, shown(path, value), marker);
    }

    private static boolean isUuid(String text) {
        if (text.length() != 36) {
            return false;
        }
        try {
            return UUID.fromString(text).toString().equalsIgnoreCase(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String shown(String path, @Nullable Object value) {
        if (SecretNames.isSecretPath(path)) {
            return SecretValues.MASK;
        }
        return Values.show(value) + (value == null ? "" : " (" + Values.type(value) + ")");
    }
}
