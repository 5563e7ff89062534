package io.turbulence.http;

import java.nio.charset.StandardCharsets;

/// Percent-encoding of what people write into URLs (RFC 3986 §2).
final class Percent {

    private static final String HEX = "0123456789ABCDEF";
    private static final boolean[] TARGET = table("!$&'()*+,;=:@/?");
    private static final boolean[] REFERENCE = table("!$&'()*+,;=:@/?[]#");
    private static final boolean[] UNRESERVED = table("");

    private Percent() {}

    /// A path with its query as it is sent. What may not stand there is encoded, an escape stays as it
    /// is, and a fragment is cut off.
    static String encodeTarget(String text) {
        int end = text.indexOf('#');
        String kept = end < 0 ? text : text.substring(0, end);
        return isClean(kept, TARGET) ? kept : encode(kept, TARGET, true);
    }

    /// A whole reference; what may not stand anywhere in one is encoded.
    static String encodeReference(String text) {
        return isClean(text, REFERENCE) ? text : encode(text, REFERENCE, true);
    }

    /// One name or value of a query: everything that could mean something there is encoded.
    static String encodeComponent(String text) {
        return isClean(text, UNRESERVED) ? text : encode(text, UNRESERVED, false);
    }

    /// One name or value of a form: as [#encodeComponent], with `+` for a space.
    static String encodeFormField(String text) {
        return encodeComponent(text).replace("%20", "+");
    }

    private static boolean isClean(String text, boolean[] allowed) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 128 || !allowed[c]) {
                return false;
            }
        }
        return true;
    }

    private static String encode(String text, boolean[] allowed, boolean keepEscapes) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder(bytes.length + 16);
        for (int i = 0; i < bytes.length; i++) {
            int b = bytes[i] & 0xff;
            if ((b < 128 && allowed[b]) || (keepEscapes && isEscape(bytes, i))) {
                out.append((char) b);
            } else {
                out.append('%').append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 15));
            }
        }
        return out.toString();
    }

    private static boolean isEscape(byte[] bytes, int at) {
        return bytes[at] == '%'
                && at + 2 < bytes.length
                && Character.digit(bytes[at + 1], 16) >= 0
                && Character.digit(bytes[at + 2], 16) >= 0;
    }

    private static boolean[] table(String more) {
        boolean[] allowed = new boolean[128];
        String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
        (letters + more).chars().forEach(c -> allowed[c] = true);
        return allowed;
    }
}
