package io.turbulence.core.internal.engine.workload;

/// Random bits that depend on what they are for and on nothing else: the same seed, instance, step,
/// attempt, place and draw give the same bits in any order, at any concurrency, on any machine.
///
/// Each key is folded in with the finaliser of SplitMix64, whose outputs pass as independent.
public final class Randomness {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;

    private Randomness() {}

    public static long key(long seed, long next) {
        return mix(seed + GOLDEN * (next + 1));
    }

    public static long key(long seed, String text) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001B3L;
        }
        return key(seed, hash);
    }

    /// A number from 0 (inclusive) to 1 (exclusive).
    public static double fraction(long bits) {
        return (bits >>> 11) * 0x1.0p-53;
    }

    /// A number from 0 (inclusive) to the bound (exclusive).
    public static long below(long bits, long bound) {
        return Math.unsignedMultiplyHigh(bits, bound);
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }
}
