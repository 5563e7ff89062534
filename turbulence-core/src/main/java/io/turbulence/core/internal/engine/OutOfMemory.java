package io.turbulence.core.internal.engine;

import io.turbulence.api.Failure;
import io.turbulence.api.Outcome;

/// What it means to a step that the memory ran out: it fails, and what it held is let go. The run goes on.
final class OutOfMemory {

    private OutOfMemory() {}

    static Outcome.Failed outcome(String step, OutOfMemoryError thrown) {
        return new Outcome.Failed(Failure.TOO_LARGE, message(step, thrown), thrown);
    }

    static String message(String step, OutOfMemoryError thrown) {
        return "the memory ran out in step '%s' (%s; all of it is %,d MiB). Give the run more with -Xmx, or let it take less: with a lower max_body or pool.max, or 'body: discard' where a body is not looked at."
                .formatted(step, thrown.getMessage(), Runtime.getRuntime().maxMemory() >> 20);
    }
}
