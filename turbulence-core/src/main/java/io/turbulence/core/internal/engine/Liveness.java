package io.turbulence.core.internal.engine;

import java.time.Duration;

/// Finds out whether virtual threads still get to run, by starting one and looking whether it did. For one thread.
final class Liveness {

    private volatile boolean ran = true;
    private long startedAt;
    private int looks;

    /// Whether a virtual thread that was started that long ago has not run yet. To be asked again and again: one look
    /// proves nothing, as the whole process may have been held up before it.
    boolean isLost(Duration patience) {
        if (!ran) {
            looks++;
            return looks > 1 && System.nanoTime() - startedAt >= patience.toNanos();
        }
        looks = 0;
        ran = false;
        startedAt = System.nanoTime();
        Thread.ofVirtual().name("liveness").start(() -> ran = true);
        return false;
    }
}
