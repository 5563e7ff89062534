package io.turbulence.core.internal.engine.workload;

import java.time.Duration;

/// Durations as people write them.
public final class Durations {

    private Durations() {}

    /// `500 ms`, `5 s`, `1.5 s`, `2 min`.
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis % 1000 != 0) {
            return millis / 1000.0 + " s";
        }
        long seconds = millis / 1000;
        return seconds >= 120 && seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }
}
