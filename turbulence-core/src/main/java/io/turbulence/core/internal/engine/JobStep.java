package io.turbulence.core.internal.engine;

import io.turbulence.api.Deadline;
import io.turbulence.api.Outcome;
import io.turbulence.core.internal.check.Expectation;
import io.turbulence.core.internal.check.Extraction;
import io.turbulence.core.internal.check.Verdict;
import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.jsonpath.JsonPath;
import io.turbulence.core.internal.engine.workload.Durations;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.ObservationView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Submits a job, polls its state until it is one of success or failure, and extracts from the last
/// poll.
public final class JobStep extends Step {

    /// The submission: its action and what it is judged by.
    public record Submit(ActionCall<?, ?> call, List<Extraction> extract, List<Expectation> expect) {}

    private final Submit submit;
    private final ActionCall<?, ?> poll;
    private final Duration interval;
    private final Duration callTimeout;
    private final JsonPath state;
    private final Set<String> successStates;
    private final Set<String> failureStates;

    public JobStep(
            Common common,
            Submit submit,
            ActionCall<?, ?> poll,
            Duration interval,
            Duration callTimeout,
            JsonPath state,
            Set<String> successStates,
            Set<String> failureStates) {
        super(common);
        this.submit = submit;
        this.poll = poll;
        this.interval = interval;
        this.callTimeout = callTimeout;
        this.state = state;
        this.successStates = Set.copyOf(successStates);
        this.failureStates = Set.copyOf(failureStates);
    }

    @Override
    void execute(Execution execution, String path) throws InterruptedException {
        Instant startedAt = execution.clock();
        long start = System.nanoTime();
        Deadline deadline = deadline(execution);
        Map<String, @Nullable Object> extracted = new LinkedHashMap<>();
        List<String> errors = new ArrayList<>(0);
        Deadline forSubmit = deadline.within(
                callTimeout,
                "timeout of %s of the submission of '%s'".formatted(Durations.text(callTimeout), info().name()));
        ObservationView submitted =
                new ObservationView(submit.call().perform(execution, forSubmit, start), true, errors);
        execution.variables().last(submitted);
        if (!isRecorded(execution, path, extracted)) {
            judgeSubmission(execution, path, submitted, extracted, errors);
        }
        Exchange whole = submitted.exchange();
        if (errors.isEmpty()) {
            Polling polling = new Polling(poll, interval, callTimeout);
            AtomicReference<@Nullable String> reached = new AtomicReference<>();
            boolean over = polling.run(execution, this, path, deadline, observation -> {
                String now = state(observation);
                reached.set(now);
                return now != null && (successStates.contains(now) || failureStates.contains(now));
            });
            Exchange newest = polling.newest().exchange();
            whole = Attempts.whole(newest, newest.outcome(), System.nanoTime() - start, polling.attempts());
            if (!over) {
                errors.add(ranOut(deadline, polling, reached.get()));
            } else if (isFailure(reached.get())) {
                errors.add("'%s' ended in state '%s', one of its failure_states%s"
                        .formatted(info().name(), reached.get(), Answers.message(newest.metadata())));
            }
        }
        ObservationView observation = new ObservationView(whole, errors.isEmpty(), errors);
        execution.variables().last(observation);
        if (errors.isEmpty()) {
            errors.addAll(Judge.judge(this, execution, path, observation, extracted));
        }
        observation.settle(errors.isEmpty(), errors);
        if (common().keep()) {
            execution.variables().keep(info().name(), observation);
        }
        record(execution, path, startedAt, extracted, whole, FailureKind.ACTION, errors);
    }

    /// Whether the submission went well in the run whose answers are given again: then the last poll's answer is
    /// recorded, and what was found in the submission's.
    private boolean isRecorded(Execution execution, String path, Map<String, @Nullable Object> extracted) {
        RecordedAnswers answers = execution.answers();
        RecordedAnswers.Answer answer = answers == null
                ? null
                : answers.answer(execution.instance().info().phase(), info().name(), path);
        if (answer == null || !answer.submitted()) {
            return false;
        }
        for (Extraction extraction : submit.extract()) {
            Object value = answer.extracted().get(extraction.name());
            execution.variables().set(extraction.name(), value);
            extracted.put(extraction.name(), value);
        }
        return true;
    }

    private boolean isFailure(@Nullable String reached) {
        return reached != null && failureStates.contains(reached);
    }

    private void judgeSubmission(
            Execution execution,
            String path,
            ObservationView submitted,
            Map<String, @Nullable Object> extracted,
            List<String> errors) {
        switch (submitted.exchange().outcome()) {
            case Outcome.Failed failed -> errors.add("submit: " + failed.message());
            case Outcome.Completed completed -> {
                if (!completed.success() && !Judge.judgesStatus(submit.expect())) {
                    errors.add("submit: "
                            + Answers.text(completed, submitted.exchange().metadata()));
                    return;
                }
                for (Verdict verdict : Judge.check(this, submit.expect(), execution, path, submitted)) {
                    if (!verdict.ok()) {
                        errors.add("submit: " + verdict.located());
                    }
                }
                if (errors.isEmpty()) {
                    Judge.extract(submit.extract(), execution, submitted, extracted, errors);
                }
            }
        }
    }

    private @Nullable String state(ObservationView observation) {
        if (!observation.exchange().outcome().success()) {
            return null;
        }
        try {
            List<@Nullable Object> found =
                    state.select(observation.exchange().content().tree());
            return found.isEmpty() || found.getFirst() == null ? null : String.valueOf(found.getFirst());
        } catch (EvaluationException e) {
            return null;
        }
    }

    private String ranOut(Deadline deadline, Polling polling, @Nullable String reached) {
        String last = reached == null ? withoutState(polling.newest().exchange()) : "state '%s'".formatted(reached);
        return "'%s' was not done when the %s passed, after %d polls; at last: %s"
                .formatted(info().name(), deadline.limit(), polling.polls(), last);
    }

    private String withoutState(Exchange newest) {
        return switch (newest.outcome()) {
            case Outcome.Failed failed -> failed.message();
            case Outcome.Completed completed ->
                completed.success() ? "no state found at " + state.text() : Answers.text(completed, newest.metadata());
        };
    }
}
