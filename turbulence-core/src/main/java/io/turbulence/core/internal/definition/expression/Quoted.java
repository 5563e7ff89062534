package io.turbulence.core.internal.definition.expression;

import java.util.Arrays;

/// The text between two quotes, its escapes resolved.
/// Immutable.
final class Quoted {

    private final String value;
    /// For each character of the value, and one past them, where it stands in the compiled text.
    private final int[] origins;

    private Quoted(String value, int[] origins) {
        this.value = value;
        this.origins = origins;
    }

    static Quoted read(String text, int start, int end) {
        StringBuilder value = new StringBuilder(end - start);
        int[] origins = new int[end - start + 1];
        int at = start;
        while (at < end) {
            origins[value.length()] = at;
            char c = text.charAt(at++);
            if (c != '\\' || at == end) {
                value.append(c);
                continue;
            }
            char escaped = text.charAt(at++);
            switch (escaped) {
                case 'n' -> value.append('\n');
                case 'r' -> value.append('\r');
                case 't' -> value.append('\t');
                case 'b' -> value.append('\b');
                case 'f' -> value.append('\f');
                case '\\', '"', '\'', '/' -> value.append(escaped);
                case 'u' -> {
                    int code = unicode(text, at, end);
                    value.append(code < 0 ? "\\u" : String.valueOf((char) code));
                    at += code < 0 ? 0 : 4;
                }
                // Kept as it is: '\d' is what people write in a pattern
                default -> value.append('\\').append(escaped);
            }
            if (value.length() > 1 && origins[value.length() - 1] == 0) {
                origins[value.length() - 1] = at - 1;
            }
        }
        origins[value.length()] = end;
        return new Quoted(value.toString(), Arrays.copyOf(origins, value.length() + 1));
    }

    private static int unicode(String text, int at, int end) {
        if (at + 4 > end) {
            return -1;
        }
        int code = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Character.digit(text.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            code = code * 16 + digit;
        }
        return code;
    }

    String value() {
        return value;
    }

    int origin(int offset) {
        return origins[Math.min(offset, origins.length - 1)];
    }
}
