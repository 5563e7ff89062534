package io.turbulence.core.internal.connection;

import java.math.BigDecimal;
import java.time.Duration;

/// Durations as people read them: `5 s`, `250 ms`, `1.5 s`, `30 min`.
final class Durations {

    private Durations() {}

    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis >= 600_000 && millis % 60_000 == 0) {
            return millis / 60_000 + " min";
        }
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString() + " s";
    }
}
