package io.turbulence.core.internal.engine.workload;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A part of a run: of each `count` instances that follow one another it runs one. All parts together run those that
/// the whole would, each with the same number and so with the same inputs.
///
/// @param index which part, from 1
/// @param count how many parts there are
public record Shard(int index, int count) {

    private static final Pattern TEXT = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

    public Shard {
        if (count < 1 || index < 1 || index > count) {
            throw new IllegalArgumentException(
                    "shard was '%d/%d' but it must be one of 1/%d to %d/%d; shards are counted from 1"
                            .formatted(index, count, Math.max(1, count), Math.max(1, count), Math.max(1, count)));
        }
    }

    /// Reads `2/5`.
    ///
    /// @throws IllegalArgumentException when the text is none
    public static Shard parse(String text) {
        Matcher matcher = TEXT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "shard was '" + text + "' but it must be one such as 2/5, the second of five");
        }
        return new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /// The number in the whole run of an instance that is the n-th here, from 0.
    public long number(long here) {
        return here * count + index - 1;
    }

    /// How many of so many fall to this part.
    long share(long whole) {
        return whole / count + (index <= whole % count ? 1 : 0);
    }

    /// `2/5`.
    @Override
    public String toString() {
        return index + "/" + count;
    }
}
