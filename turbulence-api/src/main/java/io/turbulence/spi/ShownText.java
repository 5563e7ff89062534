package io.turbulence.spi;

/// Text as messages and accounts show it: shortened, whole characters only. Stateless.
public final class ShownText {

    private ShownText() {}

    /// The text, or its beginning and `…` when it is longer.
    ///
    /// @param most `char`s to keep; one fewer where the cut would fall inside a surrogate pair
    public static String shortened(String text, int most) {
        return text.length() <= most ? text : beginning(text, most) + "…";
    }

    /// The beginning of a text without a mark that something is missing; the text itself when it is no longer.
    ///
    /// @param most `char`s to keep; one fewer where the cut would fall inside a surrogate pair
    public static String beginning(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        boolean inPair = most > 0
                && Character.isHighSurrogate(text.charAt(most - 1))
                && Character.isLowSurrogate(text.charAt(most));
        return text.substring(0, inPair ? most - 1 : most);
    }
}
