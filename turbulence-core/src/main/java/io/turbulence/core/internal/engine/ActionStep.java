package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.ObservationView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A step of a plugin's action, attempted once or as often as its `retry` says.
public final class ActionStep extends Step {

    private final ActionCall<?, ?> call;
    private final @Nullable Retry retry;

    public ActionStep(Common common, ActionCall<?, ?> call, @Nullable Retry retry) {
        super(common);
        this.call = call;
        this.retry = retry;
    }

    @Override
    void execute(Execution execution, String path) throws InterruptedException {
        Instant startedAt = execution.clock();
        Exchange exchange = call.perform(
                execution, deadline(execution), execution.instance().due());
        ObservationView observation = new ObservationView(exchange, true, List.of());
        execution.variables().last(observation);
        if (retry != null && execution.answers() == null) {
            observation = retried(execution, path, observation);
        }
        Map<String, @Nullable Object> extracted = Judge.extractions(this);
        List<String> errors = Judge.judge(this, execution, path, observation, extracted);
        observation.settle(errors.isEmpty(), errors);
        if (common().keep()) {
            execution.variables().keep(info().name(), observation);
        }
        record(execution, path, startedAt, extracted, observation.exchange(), FailureKind.ACTION, errors);
    }

    private ObservationView retried(Execution execution, String path, ObservationView first)
            throws InterruptedException {
        Retry policy = java.util.Objects.requireNonNull(retry);
        ObservationView observation = first;
        List<Exchange.Attempt> attempts = new ArrayList<>();
        for (int attempt = 1; ; attempt++) {
            attempts.add(Attempts.of(attempt, observation.exchange(), execution.clock()));
            boolean again;
            try {
                again = policy.again(execution, observation.exchange(), attempt);
            } catch (EvaluationException e) {
                again = false;
            }
            if (!again || execution.stop().stopped() || execution.limit().expired()) {
                break;
            }
            Duration pause = policy.pause(execution, attempt);
            if (execution.limit().remaining().compareTo(pause) <= 0) {
                break;
            }
            execution.lane().pause(pause);
            execution.begin(info().name(), execution.pathKey(this, path), attempt + 1);
            observation = new ObservationView(
                    call.perform(execution, deadline(execution), System.nanoTime()), true, List.of());
            execution.variables().last(observation);
        }
        if (attempts.size() == 1) {
            return observation;
        }
        ObservationView all = new ObservationView(Attempts.with(observation.exchange(), attempts), true, List.of());
        execution.variables().last(all);
        return all;
    }
}
