package io.turbulence.core.internal.engine;

import io.turbulence.api.Deadline;
import io.turbulence.api.Outcome;
import io.turbulence.core.internal.check.Expectation;
import io.turbulence.core.internal.check.Verdict;
import io.turbulence.core.internal.engine.workload.Durations;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.ObservationView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Polls an action until its expectations hold. Failures on the way are ignored until the time is up.
public final class WaitStep extends Step {

    private final ActionCall<?, ?> poll;
    private final Duration interval;
    private final List<Expectation> until;
    private final Duration pollTimeout;

    public WaitStep(
            Common common, ActionCall<?, ?> poll, Duration interval, Duration pollTimeout, List<Expectation> until) {
        super(common);
        this.pollTimeout = pollTimeout;
        this.poll = poll;
        this.interval = interval;
        this.until = List.copyOf(until);
    }

    @Override
    void execute(Execution execution, String path) throws InterruptedException {
        Instant startedAt = execution.clock();
        long start = System.nanoTime();
        Deadline deadline = deadline(execution);
        Polling polling = new Polling(poll, interval, pollTimeout);
        boolean held = polling.run(execution, this, path, deadline, observation -> contentWith(execution, observation));
        Exchange newest = polling.newest().exchange();
        Exchange whole = Attempts.whole(newest, newest.outcome(), System.nanoTime() - start, polling.attempts());
        ObservationView observation = new ObservationView(whole, held, List.of());
        execution.variables().last(observation);
        Map<String, @Nullable Object> extracted = Judge.extractions(this);
        List<String> errors = new ArrayList<>(0);
        List<Verdict> verdicts = newest.outcome() instanceof Outcome.Failed
                ? List.of()
                : Judge.check(this, until, execution, path, polling.newest());
        if (held) {
            Judge.extract(common().extract(), execution, observation, extracted, errors);
        } else {
            errors.add(ranOut(deadline, polling, why(observation, verdicts)));
        }
        observation.settle(errors.isEmpty(), errors);
        if (common().keep()) {
            execution.variables().keep(info().name(), observation);
        }
        record(execution, path, startedAt, extracted, whole, FailureKind.ACTION, errors);
    }

    private boolean contentWith(Execution execution, ObservationView observation) {
        return switch (observation.exchange().outcome()) {
            case Outcome.Failed failed -> false;
            case Outcome.Completed completed ->
                (completed.success() || Judge.judgesStatus(until)) && Judge.holds(until, execution, observation);
        };
    }

    private String ranOut(Deadline deadline, Polling polling, String why) {
        return "'%s' did not hold within %s, after %d polls; at last: %s%s"
                .formatted(
                        info().name(),
                        limit(deadline),
                        polling.polls(),
                        why,
                        Answers.hint(polling.newest().exchange().metadata()));
    }

    private String limit(Deadline deadline) {
        Duration timeout = common().timeout();
        return timeout != null && deadline.limit().contains("'" + info().name() + "'")
                ? Durations.text(timeout)
                : "the " + deadline.limit();
    }

    /// What the newest answer said when it was none of success: without it, what was not met has no reason.
    private static String why(ObservationView observation, List<Verdict> verdicts) {
        Exchange newest = observation.exchange();
        String missed = verdicts.stream()
                .filter(verdict -> !verdict.ok())
                .map(Verdict::located)
                .findFirst()
                .orElse("");
        return switch (newest.outcome()) {
            case Outcome.Failed failed -> failed.message();
            case Outcome.Completed completed -> {
                boolean told = !missed.isEmpty() && (completed.success() || missed.contains(completed.status()));
                String answer = told ? "" : Answers.text(completed, newest.metadata());
                yield answer + (missed.isEmpty() || told ? "" : "; ") + missed;
            }
        };
    }
}
