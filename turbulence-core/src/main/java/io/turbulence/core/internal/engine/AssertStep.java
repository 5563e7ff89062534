package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.check.Verdict;
import io.turbulence.core.internal.observation.ObservationView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Expectations on the newest observation.
public final class AssertStep extends Step {

    public AssertStep(Common common) {
        super(common);
    }

    @Override
    void execute(Execution execution, String path) {
        Instant startedAt = execution.clock();
        long start = System.nanoTime();
        ObservationView last = execution.variables().last();
        List<String> errors = new ArrayList<>();
        for (Verdict verdict : Judge.check(this, execution, path, last)) {
            if (!verdict.ok()) {
                errors.add("'%s': %s".formatted(info().name(), verdict.located()));
            }
        }
        record(execution, path, startedAt, Map.of(), local(System.nanoTime() - start), FailureKind.ASSERTION, errors);
    }
}
