package io.turbulence.core.internal.engine;

import java.time.Instant;
import java.util.List;

/// Steps that are timed as one.
public final class GroupStep extends ContainerStep {

    private final List<Step> steps;

    public GroupStep(Common common, List<Step> steps) {
        super(common);
        this.steps = List.copyOf(steps);
    }

    @Override
    void execute(Execution execution, String path) {
        Instant startedAt = execution.clock();
        long start = System.nanoTime();
        Stop inner = execution.stop().inner();
        Execution body = execution.inside(path, inner, deadline(execution));
        runAll(steps, body);
        settle(execution, path, body, startedAt, start);
    }
}
