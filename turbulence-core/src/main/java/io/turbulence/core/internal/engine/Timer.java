package io.turbulence.core.internal.engine;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// What the engine does later, on one platform thread of the run.
final class Timer implements AutoCloseable {

    /// How long cancel hooks have before the thread is interrupted.
    static final Duration HOOKS_HELP_WITHIN = Duration.ofMillis(500);

    private final ScheduledExecutorService executor;

    Timer(String runId) {
        executor = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("turbulence-timer-" + runId).factory());
    }

    void after(Duration delay, Runnable task) {
        var unused = executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// With so much time between: what was missed while the process was held up is not made up for.
    void every(Duration interval, Runnable task) {
        var unused = executor.scheduleWithFixedDelay(
                guarded(task), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// A task that throws must not end those that come after it.
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException e) {
                System.getLogger(Timer.class.getName())
                        .log(System.Logger.Level.WARNING, "a task of the engine's timer failed", e);
            }
        };
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
