package io.turbulence.websocket;

import java.time.Duration;

/// Durations as messages tell them.
final class Durations {

    private Durations() {}

    /// `5 s` or `300 ms`.
    static String text(Duration duration) {
        long millis = duration.toMillis();
        return millis > 0 && millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
