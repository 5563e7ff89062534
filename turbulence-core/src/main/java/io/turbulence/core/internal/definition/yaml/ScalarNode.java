package io.turbulence.core.internal.definition.yaml;

import io.turbulence.core.internal.definition.problem.Location;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A single value.
///
/// @param text   as it stands in the file, quotes and escapes taken away
/// @param value  what YAML 1.2 (core schema) makes of it: text, Integer, Long, BigInteger, Double, BigDecimal, Boolean
///               or null
/// @param quoted whether it stands in quotes or is a block (`|`, `>`): then its value is its text
/// @param origin its characters in the file, to find the place of a part of the text; null where it was not in a file
public record ScalarNode(
        Location location,
        String text,
        @Nullable Object value,
        boolean quoted,
        @Nullable ScalarSource origin) implements YamlNode {

    private static final int SHOWN = 60;

    /// A value that no file holds, such as one that a builder gives.
    public static ScalarNode of(Location location, @Nullable Object value) {
        return new ScalarNode(location, String.valueOf(value), value, value instanceof String, null);
    }

    public boolean isNull() {
        return value == null;
    }

    /// Whether its value is a text, in quotes or not.
    public boolean isText() {
        return value instanceof String;
    }

    /// The place of one character of [#text].
    public Location locationOf(int offset) {
        return origin == null ? location : origin.locate(location, text, offset);
    }

    @Override
    public @Nullable Object toTree() {
        return value;
    }

    @Override
    public String description() {
        return describe(value, text);
    }

    /// As [#description], of a value that need not stand in a file.
    public static String describe(@Nullable Object value, String text) {
        return switch (value) {
            case null -> "nothing";
            case String string -> string.isEmpty() ? "an empty text" : "text '" + shortened(string) + "'";
            case Boolean ignored -> "'" + text + "'";
            case Number ignored -> "the number " + shortened(text);
            case Map<?, ?> ignored -> "a mapping";
            case List<?> ignored -> "a list";
            default -> "'" + shortened(text) + "'";
        };
    }

    private static String shortened(String text) {
        String line = text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
        if (line.codePointCount(0, line.length()) <= SHOWN) {
            return line;
        }
        return line.substring(0, line.offsetByCodePoints(0, SHOWN)) + "…";
    }

    @Override
    public String toString() {
        return location + " " + text;
    }
}
