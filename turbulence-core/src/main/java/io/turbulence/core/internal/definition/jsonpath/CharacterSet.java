package io.turbulence.core.internal.definition.jsonpath;

import java.util.Arrays;

/// A set of code points: ranges and Unicode categories, perhaps negated. ASCII is answered from a bit map.
final class CharacterSet {
    /// What `.` stands for.
    static final CharacterSet ANY = new CharacterSet(new int[] {'\n', '\n', '\r', '\r'}, 0, true);

    private final int[] ranges;
    private final int categories;
    private final boolean negated;
    private final long low;
    private final long high;

    /// @param ranges first and last code point of each range
    /// @param categories a bit for each value of [Character#getType(int)]
    CharacterSet(int[] ranges, int categories, boolean negated) {
        this.ranges = Arrays.copyOf(ranges, ranges.length);
        this.categories = categories;
        this.negated = negated;
        this.low = bits(0);
        this.high = bits(64);
    }

    static CharacterSet of(int character) {
        return new CharacterSet(new int[] {character, character}, 0, false);
    }

    boolean contains(int character) {
        if (character < 64) {
            return ((low >>> character) & 1) != 0;
        }
        if (character < 128) {
            return ((high >>> (character - 64)) & 1) != 0;
        }
        return find(character);
    }

    private boolean find(int character) {
        if (categories != 0 && ((categories >>> Character.getType(character)) & 1) != 0) {
            return !negated;
        }
        for (int i = 0; i < ranges.length; i += 2) {
            if (ranges[i] <= character && character <= ranges[i + 1]) {
                return !negated;
            }
        }
        return negated;
    }

    private long bits(int first) {
        long bits = 0;
        for (int i = 0; i < 64; i++) {
            if (find(first + i)) {
                bits |= 1L << i;
            }
        }
        return bits;
    }
}
