package io.turbulence.grpc;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds the name that was likely meant.
final class Nearest {

    private Nearest() {}

    static Optional<String> of(String name, Collection<String> known) {
        String nearest = null;
        int least = Math.max(2, name.length() / 3) + 1;
        for (String candidate : known) {
            int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT), least);
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /// A hint for a message; empty when nothing is near.
    static String hint(String name, Collection<String> known) {
        return of(name, known).map(near -> "Did you mean '" + near + "'?").orElse("");
    }

    private static int distance(String from, String to, int most) {
        if (Math.abs(from.length() - to.length()) >= most) {
            return most;
        }
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int change = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
