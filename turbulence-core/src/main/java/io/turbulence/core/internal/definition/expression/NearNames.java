package io.turbulence.core.internal.definition.expression;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds the known name that an unknown one was probably meant to be.
final class NearNames {

    private static final int MOST_COMPARED = 200;
    private static final int LONGEST = 60;

    private NearNames() {}

    /// The nearest name, or null if none is near.
    static @Nullable String nearest(String wanted, Collection<String> names) {
        String best = null;
        int least = Math.max(1, wanted.length() / 3) + 1;
        int compared = 0;
        for (String name : names) {
            if (++compared > MOST_COMPARED || wanted.length() > LONGEST) {
                break;
            }
            int distance = name.length() > LONGEST ? least : distance(bare(wanted), bare(name));
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return best;
    }

    private static String bare(String name) {
        return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    private static int distance(String a, String b) {
        int[] above = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
            }
            int[] swap = above;
            above = row;
            row = swap;
        }
        return above[b.length()];
    }
}
