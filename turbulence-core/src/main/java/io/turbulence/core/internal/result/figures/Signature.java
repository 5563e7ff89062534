package io.turbulence.core.internal.result.figures;

import java.util.regex.Pattern;

/// A message without what differs from one occurrence to the next.
final class Signature {

    private static final int LONGEST = 300;
    private static final Pattern TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:");
    private static final int LONGEST_QUOTED = 40;

    private Signature() {}

    /// Numbers become `#`, identifiers `<id>`, long quoted texts `…`. What is likely a status, a place in
    /// a file or a version of a protocol stays: it tells kinds apart.
    static String of(String message) {
        return normalise(message, false);
    }

    /// All digits and all quoted texts go: for when there would be too many kinds.
    static String coarse(String message) {
        return normalise(message, true);
    }

    private static String normalise(String message, boolean coarse) {
        StringBuilder signature = new StringBuilder(Math.min(message.length(), LONGEST));
        int i = 0;
        while (i < message.length() && signature.length() < LONGEST) {
            char c = message.charAt(i);
            if (c == '"' || c == '\'') {
                int end = closing(message, i);
                if (end > 0 && (coarse || end - i - 1 > LONGEST_QUOTED)) {
                    signature.append(c).append('…').append(c);
                    i = end + 1;
                    continue;
                }
            }
            if (!Character.isLetterOrDigit(c)) {
                signature.append(Character.isWhitespace(c) ? ' ' : c);
                i++;
                continue;
            }
            int end = wordEnd(message, i);
            signature.append(word(message, i, end, coarse));
            i = end;
        }
        return i < message.length() ? whole(signature, message.charAt(i)) + "…" : signature.toString();
    }

    /// Without the half of a pair whose other half comes next.
    private static String whole(StringBuilder signature, char next) {
        int last = signature.length() - 1;
        boolean inPair = Character.isLowSurrogate(next) && Character.isHighSurrogate(signature.charAt(last));
        return signature.substring(0, inPair ? last : last + 1);
    }

    /// The matching quote; not an apostrophe inside a word.
    private static int closing(String message, int opening) {
        char quote = message.charAt(opening);
        if (quote == '\'' && opening > 0 && Character.isLetterOrDigit(message.charAt(opening - 1))) {
            return -1;
        }
        return message.indexOf(quote, opening + 1);
    }

    private static int wordEnd(String message, int start) {
        int end = start;
        boolean digits = false;
        while (end < message.length()) {
            char c = message.charAt(end);
            boolean inside = c == '-' || c == '_';
            boolean point = (c == '.' || c == ',' || c == ':') && digits;
            boolean goesOn = end + 1 < message.length() && Character.isLetterOrDigit(message.charAt(end + 1));
            if (point && goesOn && !Character.isDigit(message.charAt(end + 1))) {
                break;
            }
            if (!Character.isLetterOrDigit(c) && !((inside || point) && goesOn && end > start)) {
                break;
            }
            digits = Character.isDigit(c) || (digits && !Character.isLetter(c));
            end++;
        }
        return end;
    }

    private static String word(String message, int start, int end, boolean coarse) {
        int digits = 0;
        int letters = 0;
        int hex = 0;
        for (int i = start; i < end; i++) {
            char c = message.charAt(i);
            digits += Character.isDigit(c) ? 1 : 0;
            letters += Character.isLetter(c) ? 1 : 0;
            hex += Character.digit(c, 16) >= 0 ? 1 : 0;
        }
        String word = message.substring(start, end);
        if (hasIdentifier(word)) {
            return prefix(word);
        }
        if (digits == 0) {
            return hex >= 16 && hex == letters ? "<id>" : word;
        }
        if (!coarse && (isPlace(message, start) || isStatus(message, start, end))) {
            return word;
        }
        if (letters == 0) {
            return "#";
        }
        if (TIME.matcher(word).lookingAt()) {
            return "<time>";
        }
        if (end - start >= 8 && (digits >= 4 || hex == digits + letters)) {
            return prefix(word);
        }
        return coarse || digits >= 3 ? word.replaceAll("[0-9]+(?:[.,:][0-9]+)*", "#") : numbers(word);
    }

    /// Whether hexadecimal digits stand behind a word and `_` or `-`: eight that may all be letters, or six that are
    /// not.
    private static boolean hasIdentifier(String word) {
        int cut = Math.max(word.lastIndexOf('_'), word.lastIndexOf('-'));
        int length = word.length() - cut - 1;
        if (cut < 1 || length < 6 || !word.substring(0, cut).chars().allMatch(Character::isLetter)) {
            return false;
        }
        boolean digit = false;
        for (int i = cut + 1; i < word.length(); i++) {
            if (Character.digit(word.charAt(i), 16) < 0) {
                return false;
            }
            digit |= Character.isDigit(word.charAt(i));
        }
        return digit || length >= 8;
    }

    /// `cust_8fe10a` becomes `cust_<id>`.
    private static String prefix(String word) {
        int cut = Math.max(word.indexOf('_'), word.indexOf('-'));
        if (cut > 1 && word.substring(0, cut).chars().allMatch(Character::isLetter)) {
            return word.substring(0, cut + 1) + "<id>";
        }
        return "<id>";
    }

    /// `12ms` becomes `#ms`, `item-12` `item-#`; `p95`, `HTTP1` stay.
    private static String numbers(String word) {
        if (Character.isDigit(word.charAt(0)) || word.indexOf('_') > 0 || word.indexOf('-') > 0) {
            return word.replaceAll("[0-9]+(?:[.,:][0-9]+)*", "#");
        }
        return word;
    }

    /// A line after a file's name: `checkout.yaml:12`.
    private static boolean isPlace(String message, int start) {
        return message.startsWith(".yaml:", start - 6) || message.startsWith(".yml:", start - 5);
    }

    /// Three digits that begin with 1 to 5 and count nothing.
    private static boolean isStatus(String message, int start, int end) {
        if (end - start != 3 || message.charAt(start) < '1' || message.charAt(start) > '5') {
            return false;
        }
        for (int i = start; i < end; i++) {
            if (!Character.isDigit(message.charAt(i))) {
                return false;
            }
        }
        boolean unit = message.startsWith(" ms", end)
                || message.startsWith(" s", end)
                || message.startsWith(" bytes", end)
                || message.startsWith(" KiB", end)
                || message.startsWith("%", end);
        return !unit;
    }
}
