package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Think time.
public final class SleepStep extends Step {

    /// How long, for each execution.
    public interface Length {
        Duration render(Scope scope);
    }

    private final Length length;

    public SleepStep(Common common, Length length) {
        super(common);
        this.length = length;
    }

    @Override
    void execute(Execution execution, String path) throws InterruptedException {
        Instant startedAt = execution.clock();
        long start = System.nanoTime();
        Duration duration;
        try {
            duration = length.render(execution);
        } catch (EvaluationException e) {
            fail(execution, path, FailureKind.ACTION, String.valueOf(e.getMessage()));
            return;
        }
        Duration left = execution.limit().remaining();
        boolean cut = left.compareTo(duration) < 0;
        if (execution.answers() == null) {
            execution.lane().pause(cut ? left : duration);
        }
        List<String> errors = cut
                ? List.of("the %s passed while sleeping"
                        .formatted(execution.limit().limit()))
                : List.of();
        record(execution, path, startedAt, Map.of(), local(System.nanoTime() - start), FailureKind.ACTION, errors);
    }
}
