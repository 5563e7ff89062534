package io.turbulence.core.internal.connection;

import static org.assertj.core.api.Assertions.fail;

import io.turbulence.api.Deadline;
import java.util.function.BooleanSupplier;

/// Waits for what happens on another thread.
final class Eventually {

    private Eventually() {}

    static void eventually(String what, BooleanSupplier holds) throws InterruptedException {
        Deadline deadline = Registries.soon();
        while (!holds.getAsBoolean()) {
            if (deadline.expired()) {
                fail("not within 20 s: " + what);
            }
            Thread.sleep(1);
        }
    }
}
