package io.turbulence.core.internal.result.text;

import java.nio.charset.StandardCharsets;

/* A text from outside may hold half of a surrogate pair, as legal JSON can; what writes files refuses to encode it,
 * and one answer of many would cost the results of the whole run. */

/// Text that can be written in UTF-8 whatever came from outside. Stateless.
public final class WellFormed {

    private static final char REPLACEMENT = '\uFFFD';

    private WellFormed() {}

    /// The text with U+FFFD for each surrogate that has no partner; the text itself when there is none.
    public static String of(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (isLone(text, i)) {
                return replaced(text, i);
            }
        }
        return text;
    }

    /// The text as a file holds it.
    public static byte[] utf8(String text) {
        return of(text).getBytes(StandardCharsets.UTF_8);
    }

    private static String replaced(String text, int first) {
        StringBuilder clean = new StringBuilder(text);
        for (int i = first; i < text.length(); i++) {
            if (isLone(text, i)) {
                clean.setCharAt(i, REPLACEMENT);
            }
        }
        return clean.toString();
    }

    private static boolean isLone(String text, int at) {
        char c = text.charAt(at);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        return Character.isHighSurrogate(c)
                ? at + 1 == text.length() || !Character.isLowSurrogate(text.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(text.charAt(at - 1));
    }
}
