package io.turbulence.core.internal.result.benchmark;

import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.soundness.GeneratorWatch;
import io.turbulence.core.internal.result.soundness.Soundness;
import io.turbulence.core.internal.result.soundness.SoundnessCheck;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Looks after the process while it measures: whether it had its processors, and what held it up. The signs and limits
/// are those of a run (RFC-009) that have to do with the generator. From its making to [#close].
public final class BenchmarkWatch implements AutoCloseable {

    private static final long TICK_MILLIS = 1_000;

    private final GeneratorWatch generator;
    private final Thread thread;
    private volatile boolean measuring;
    private volatile boolean closing;
    private @Nullable Soundness verdict;

    public BenchmarkWatch(String runId) {
        generator = GeneratorWatch.start(runId, true);
        thread = Thread.ofPlatform()
                .name("turbulence-" + runId + "-watch")
                .daemon()
                .start(this::watch);
    }

    /// Whether what runs now counts.
    public void measuring(boolean counts) {
        measuring = counts;
    }

    /// What the signs come to, the watch being over.
    Soundness verdict() {
        if (verdict == null) {
            throw new IllegalStateException("it still watches");
        }
        return verdict;
    }

    /// Idempotent.
    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        thread.interrupt();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        generator.sample(false);
        verdict = SoundnessCheck.judge(new SoundnessCheck.Facts(
                RunSummary.Lag.NONE, Map.of(), List.of(), List.of(), figure -> 0, service -> 0, generator.figures()));
        generator.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        while (!closing) {
            try {
                Thread.sleep(TICK_MILLIS);
                generator.sample(measuring);
            } catch (InterruptedException e) {
                // It is over, or is looked at again
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
