package io.turbulence.api;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A number of bytes, written `64 MiB`, `1.5 GB` or `1024`.
public record DataSize(long bytes) implements Comparable<DataSize> {

    private static final Pattern FORM =
            Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kmgt]?)(i?)(b?)", Pattern.CASE_INSENSITIVE);

    public DataSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("size was " + bytes + " bytes but it must not be negative");
        }
    }

    public static DataSize ofBytes(long bytes) {
        return new DataSize(bytes);
    }

    /// Reads `KB` as 1000 and `KiB` as 1024 bytes; a number alone is bytes.
    ///
    /// @throws IllegalArgumentException when the text is no size
    public static DataSize parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a size such as '64 MiB' or '1024'");
        }
        long unit = matcher.group(3).isEmpty() ? 1000 : 1024;
        int power = " kmgt"
                .indexOf(matcher.group(2).isEmpty() ? " " : matcher.group(2).toLowerCase(Locale.ROOT));
        double bytes = Double.parseDouble(matcher.group(1)) * Math.pow((double) unit, power);
        return new DataSize(Math.round(bytes));
    }

    @Override
    public int compareTo(DataSize other) {
        return Long.compare(bytes, other.bytes);
    }

    @Override
    public String toString() {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        long value = bytes;
        while (value >= 1024 && value % 1024 == 0 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return value + " " + units[unit];
    }
}
