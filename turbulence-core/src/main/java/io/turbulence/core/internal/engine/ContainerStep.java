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

    static void runAll(List<Step> steps, Execution execution) {
        for (Step step : steps) {
            step.run(execution);
        }
    }

    /// Runs steps of `finally`, each whatever became of the one before it.
    static void runEach(List<Step> steps, Execution execution) {
        for (Step step : steps) {
            step.run(execution.apart());
        }
    }

    /// Records the container once all inside has ended. A failure in it has been recorded by the step that
    /// failed: the container is marked as failed too, and stops what comes after it unless it says
    /// `on_failure: continue`.
    ///
    /// @param body the execution of what is inside
    final void settle(Execution execution, String path, Execution body, Instant startedAt, long startNanos) {
        settle(execution, path, body, startedAt, startNanos, Map.of());
    }

    final void settle(
            Execution execution,
            String path,
            Execution body,
            Instant startedAt,
            long startNanos,
            Map<String, @Nullable Object> extracted) {
        long nanos = System.nanoTime() - startNanos;
        String failure = failure(execution, body);
        if (failure == null) {
            record(execution, path, startedAt, extracted, local(nanos), FailureKind.ACTION, List.of());
            return;
        }
        record(execution, path, startedAt, Map.of(), local(nanos), FailureKind.ACTION, List.of(failure));
        if (body.stop().isSet() && common().onFailure() != OnFailure.CONTINUE) {
            execution.stop().set();
        }
    }

    private @Nullable String failure(Execution execution, Execution body) {
        if (execution.lane().cancelled()) {
            return "'%s' was cancelled%s"
                    .formatted(info().name(), execution.instance().run().whyCancelled());
        }
        if (body.limit().expired()) {
            return "the %s passed".formatted(body.limit().limit());
        }
        return body.stop().isSet() ? "a step inside '%s' failed".formatted(info().name()) : null;
    }
}
