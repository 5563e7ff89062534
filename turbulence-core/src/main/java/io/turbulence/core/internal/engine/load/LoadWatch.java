package io.turbulence.core.internal.engine.load;

import io.turbulence.core.internal.engine.workload.Durations;
import io.turbulence.core.internal.plugin.PatientCall;
import io.turbulence.core.internal.plugin.PluginException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sees that definitions are not loaded for ever where a plugin's part in that does not end. Loading has no limit as a
/// whole, each plugin's part has. For one load.
final class LoadWatch {

    private static final Duration LOOK = Duration.ofMillis(100);

    /// @param who   names the plugin's part, and of what it is
    /// @param since on the clock of [System#nanoTime]
    private record Asked(Supplier<String> who, long since) {}

    private final Duration patience;
    private volatile @Nullable Asked asked;

    /// @param patience for each part of a plugin
    LoadWatch(Duration patience) {
        this.patience = patience;
    }

    /// A plugin is asked from now on.
    void asks(Supplier<String> who) {
        asked = new Asked(who, System.nanoTime());
    }

    void isAnswered() {
        asked = null;
    }

    /// @throws PluginException when a plugin did not come back; the thread is interrupted and left behind
    <T> T over(Callable<T> loading) {
        FutureTask<T> task = new FutureTask<>(loading);
        Thread thread = Thread.ofPlatform().daemon().name("turbulence-loading").start(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get(LOOK.toNanos(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (TimeoutException e) {
                    look(thread);
                } catch (ExecutionException e) {
                    throw PatientCall.unchecked(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void look(Thread thread) {
        Asked now = asked;
        if (now == null || System.nanoTime() - now.since() < patience.toNanos()) {
            return;
        }
        TimeoutException late = new TimeoutException();
        late.setStackTrace(thread.getStackTrace());
        Asked still = asked;
        if (still != null && still.since() == now.since()) {
            thread.interrupt();
            throw PluginException.failed(
                    now.who().get() + " had not come back after " + Durations.text(patience) + ": "
                            + PatientCall.place(late),
                    late);
        }
    }
}
