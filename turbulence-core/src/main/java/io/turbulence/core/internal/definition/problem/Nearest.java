package io.turbulence.core.internal.definition.problem;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds the known name that was likely meant by an unknown one.
public final class Nearest {

    private Nearest() {}

    /// The candidate with the fewest slips (a letter too many, too few, wrong, or two swapped) from the name: at most
    /// one in short names, two in others. Case, `-` and `_` do not count. Of equally near ones the first.
    public static Optional<String> of(String name, Collection<String> candidates) {
        String wanted = plain(name);
        int best = Math.min(2, (wanted.length() + 1) / 3) + 1;
        String nearest = null;
        for (String candidate : candidates) {
            int slips = slips(wanted, plain(candidate), best);
            if (slips < best) {
                best = slips;
                nearest = candidate;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /// `Did you mean 'path'?`; empty when nothing is near.
    public static Optional<String> hint(String name, Collection<String> candidates) {
        return of(name, candidates).map(nearest -> "Did you mean '" + nearest + "'?");
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
    }

    /// Optimal string alignment distance, or `limit` when it is not below it.
    private static int slips(String a, String b, int limit) {
        if (Math.abs(a.length() - b.length()) >= limit) {
            return limit;
        }
        int[] before = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(changed, Math.min(previous[j], current[j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    current[j] = Math.min(current[j], before[j - 2] + 1);
                }
            }
            int[] spare = before;
            before = previous;
            previous = current;
            current = spare;
        }
        return previous[b.length()];
    }
}
