package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.Expression;
import java.time.Instant;
import java.util.List;

/// One of two lists of steps, chosen by a condition.
public final class BranchStep extends ContainerStep {

    private final Expression choice;
    private final List<Step> ifTrue;
    private final List<Step> ifFalse;

    public BranchStep(Common common, Expression choice, List<Step> ifTrue, List<Step> ifFalse) {
        super(common);
        this.choice = choice;
        this.ifTrue = List.copyOf(ifTrue);
        this.ifFalse = List.copyOf(ifFalse);
    }

    @Override
    void execute(Execution execution, String path) {
        Instant startedAt = execution.clock();
        long start = System.nanoTime();
        boolean chosen;
        try {
            chosen = choice.test(execution);
        } catch (EvaluationException e) {
            fail(execution, path, FailureKind.ACTION, "condition: " + e.getMessage());
            return;
        }
        Stop inner = execution.stop().inner();
        Execution body = execution.inside(path, inner, deadline(execution));
        runAll(chosen ? ifTrue : ifFalse, body);
        settle(execution, path, body, startedAt, start);
    }
}
