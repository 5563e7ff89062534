package io.turbulence.core.internal.engine;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A step made of steps.
abstract sealed class ContainerStep extends Step permits GroupStep, BranchStep, LoopStep, ParallelStep, CallStep {

    ContainerStep(Common common) {
        super(common);
    }

    static void runAll(List<Step> steps, Execution execution) throws InterruptedException {
        for (Step step : steps) {
            step.run(execution);
        }
    }

    /// An inner failure has been recorded by the step that failed: the container is marked as failed too,
    /// and stops what comes after it unless it says `on_failure: continue`.
    final void settle(Execution execution, String path, Stop inner, Instant startedAt, long startNanos) {
        settle(execution, path, inner, startedAt, startNanos, Map.of());
    }

    final void settle(
            Execution execution,
            String path,
            Stop inner,
            Instant startedAt,
            long startNanos,
            Map<String, @Nullable Object> extracted) {
        long nanos = System.nanoTime() - startNanos;
        if (!inner.isSet()) {
            record(execution, path, startedAt, extracted, local(nanos), FailureKind.ACTION, List.of());
            return;
        }
        String message = "a step inside '%s' failed".formatted(info().name());
        record(execution, path, startedAt, Map.of(), local(nanos), FailureKind.ACTION, List.of(message));
        if (common().onFailure() != OnFailure.CONTINUE) {
            execution.stop().set();
        }
    }
}
