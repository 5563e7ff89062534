package io.turbulence.core.internal.result.figures;

import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.RunListener;
import io.turbulence.core.internal.engine.event.StepResult;
import java.util.List;
import java.util.function.Supplier;

/// Counts of a run for who looks at them while it goes on. Of the steps it counts what the summary counts, so neither
/// the warm-up nor `before_run`. Memory depends on the number of steps and hosts alone. Thread-safe.
public final class LiveCounts {

    private final List<StepCounters> steps;
    private final Supplier<List<PoolFigures>> pools;

    /// @param pools figures of the services' pools at this moment; called for each look
    public LiveCounts(RunInfo run, Supplier<List<PoolFigures>> pools) {
        this.steps = run.steps().stream().map(StepCounters::new).toList();
        this.pools = pools;
    }

    public List<StepCounters> steps() {
        return steps;
    }

    public List<PoolFigures> pools() {
        return pools.get();
    }

    /// Counts what the run tells, and passes it on.
    public RunListener before(RunListener next) {
        return new PassedOn(next) {

            @Override
            public void stepFinished(StepResult result) {
                if (result.instance().isMeasured()) {
                    steps.get(result.step().index()).record(result);
                }
                super.stepFinished(result);
            }
        };
    }
}
