package io.turbulence.core.internal.result.text;

import io.turbulence.spi.ShownText;
import java.util.Locale;

/// How texts and figures look on the console.
///
/// @param colour whether control codes are wanted
public record Style(boolean colour) {

    public String bold(String text) {
        return paint("1", text);
    }

    public String faint(String text) {
        return paint("2", text);
    }

    public String good(String text) {
        return paint("32", text);
    }

    public String bad(String text) {
        return paint("31", text);
    }

    public String warning(String text) {
        return paint("33", text);
    }

    private String paint(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /// Columns that a text takes; control codes take none.
    public static int width(String text) {
        int width = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\u001b') {
                int end = text.indexOf('m', i);
                i = end < 0 ? text.length() : end;
            } else if (!Character.isLowSurrogate(c)) {
                width++;
            }
        }
        return width;
    }

    /// Cut to so many columns; only for texts without control codes.
    public static String fit(String text, int columns) {
        if (text.length() <= columns) {
            return text;
        }
        return columns <= 1 ? ShownText.beginning(text, Math.max(0, columns)) : ShownText.shortened(text, columns - 1);
    }

    /// Cut to so many columns; control codes are kept.
    public static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        StringBuilder cut = new StringBuilder();
        int width = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int end = c == '\u001b' ? text.indexOf('m', i) : -1;
            if (end >= 0) {
                cut.append(text, i, end + 1);
                i = end;
            } else if (Character.isLowSurrogate(c)) {
                if (endsInHalf(cut)) {
                    cut.append(c);
                }
            } else if (width < columns) {
                cut.append(c);
                width++;
            }
        }
        return cut.toString();
    }

    private static boolean endsInHalf(StringBuilder text) {
        return !text.isEmpty() && Character.isHighSurrogate(text.charAt(text.length() - 1));
    }

    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /// Milliseconds: `0.42`, `12.4`, `1,204`.
    public static String millis(double millis) {
        if (millis < 10) {
            return String.format(Locale.ROOT, "%.2f", millis);
        }
        return String.format(Locale.ROOT, millis < 1000 ? "%.1f" : "%,.0f", millis);
    }

    public static String rate(double perSecond) {
        return String.format(Locale.ROOT, perSecond < 100 ? "%.1f" : "%,.0f", perSecond);
    }

    /// Never rounded up to 100% nor down to 0%.
    public static String percent(double share) {
        double percent = share * 100;
        if (percent > 99.9 && percent < 100) {
            return String.format(Locale.ROOT, "%.3f%%", Math.min(percent, 99.999));
        }
        if (percent == Math.rint(percent)) {
            return String.format(Locale.ROOT, "%.0f%%", percent);
        }
        return String.format(Locale.ROOT, percent < 0.1 ? "%.3f%%" : "%.1f%%", percent);
    }

    /// `4.8 s`, `2 min 05 s`, `1 h 02 min`.
    public static String time(double seconds) {
        if (seconds < 9.95) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
        }
        return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole % 3600 / 60);
    }
}
