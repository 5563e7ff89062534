package io.turbulence.core.internal.engine;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.core.internal.check.Expectation;
import io.turbulence.core.internal.check.Extraction;
import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.definition.expression.Expression;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.engine.workload.Durations;
import io.turbulence.core.internal.engine.workload.Randomness;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.ObservationView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A compiled step: one for the run, executed by all instances at once, so without state of its own.
public abstract sealed class Step
        permits ActionStep, WaitStep, JobStep, AssertStep, SleepStep, DecideStep, ContainerStep {

    /// What every step may have.
    ///
    /// @param segment   its place in its list: `flow[2]`, `if_true[0]`
    /// @param timeout   null for a step that has none of its own
    /// @param onFailure null where the scenario decides
    /// @param keep      whether later expressions read `steps.<name>`
    public record Common(
            StepInfo info,
            String segment,
            @Nullable Expression condition,
            @Nullable Duration timeout,
            @Nullable OnFailure onFailure,
            List<Extraction> extract,
            List<Expectation> expect,
            boolean keep) {}

    /// What a failure does to the steps after it.
    public enum OnFailure {
        STOP,
        CONTINUE
    }

    /// Which of the scenario's two rules a failure falls under.
    enum FailureKind {
        ACTION,
        ASSERTION
    }

    private final Common common;
    private final long pathKey;
    /// Names the step's own timeout.
    private final String limit;

    Step(Common common) {
        this.common = common;
        this.pathKey = Randomness.key(0, common.info().place());
        this.limit = common.timeout() == null
                ? ""
                : "timeout of %s of '%s'"
                        .formatted(
                                Durations.text(common.timeout()), common.info().name());
    }

    final Common common() {
        return common;
    }

    final StepInfo info() {
        return common.info();
    }

    final String segment() {
        return common.segment();
    }

    final long pathKey() {
        return pathKey;
    }

    /// Runs the step: skips it, or executes and records it.
    ///
    /// One that is cancelled is recorded as such, and those after it as skipped.
    final void run(Execution execution) {
        String path = execution.path(this);
        long key = execution.pathKey(this, path);
        execution.enter(path, key);
        if (execution.stop().stopped() || execution.lane().cancelled()) {
            skip(execution, path);
            return;
        }
        execution.begin(info().name(), key, 1);
        if (common.condition() != null && !holds(common.condition(), execution, path)) {
            return;
        }
        if (!execution.instance().countStep(execution.lane())) {
            fail(execution, path, FailureKind.ACTION, execution.instance().tooManySteps());
            execution.stop().set();
            return;
        }
        if (execution.limit().expired()) {
            String message = "'%s' was not started: the %s had passed"
                    .formatted(info().name(), execution.limit().limit());
            fail(execution, path, FailureKind.ACTION, message);
            return;
        }
        Instant startedAt = execution.clock();
        long start = System.nanoTime();
        execution.running(new Execution.Running(this, path, startedAt, start));
        try {
            execute(execution, path);
        } catch (InterruptedException e) {
            cancelled(execution, path, startedAt, System.nanoTime() - start);
        } catch (OutOfMemoryError e) {
            outOfMemory(execution, path, startedAt, System.nanoTime() - start, e);
        }
    }

    /// Its answer was too much to look at, or to write down.
    private void outOfMemory(Execution execution, String path, Instant startedAt, long nanos, OutOfMemoryError thrown) {
        Outcome.Failed outcome = OutOfMemory.outcome(info().name(), thrown);
        Exchange exchange = local(outcome, nanos);
        execution.variables().last(new ObservationView(exchange, false, List.of(outcome.message())));
        if (execution.isRecorded()) {
            execution.instance().failed(info().name(), outcome.message());
            execution.stop().set();
        } else {
            record(execution, path, startedAt, Map.of(), exchange, FailureKind.ACTION, List.of(outcome.message()));
        }
    }

    private void cancelled(Execution execution, String path, Instant startedAt, long nanos) {
        String message = "'%s' was cancelled%s"
                .formatted(info().name(), execution.instance().run().whyCancelled());
        Exchange exchange = local(new Outcome.Failed(Failure.CANCELLED, message, null), nanos);
        record(execution, path, startedAt, Map.of(), exchange, FailureKind.ACTION, List.of(message));
        execution.stop().set();
    }

    /// Records a step that never ended, on another thread than its own.
    static void recordGivenUp(CallContext call, String message) {
        Execution execution = call.execution();
        Execution.Running running = execution.running();
        if (running == null) {
            return;
        }
        Instance instance = execution.instance();
        Outcome outcome = new Outcome.Failed(Failure.TIMEOUT, message, null);
        instance.run()
                .listener()
                .stepFinished(new StepResult(
                        instance.info(),
                        running.step().info(),
                        running.path(),
                        running.startedAt(),
                        false,
                        false,
                        Map.of(),
                        local(outcome, System.nanoTime() - running.start()),
                        List.of(message),
                        instance.secrets(),
                        List.of(),
                        execution.span(),
                        execution.containerSpan(),
                        execution.accounts()));
        instance.failed(running.step().info().name(), message);
    }

    /// @throws InterruptedException when it is cancelled before it could record itself
    abstract void execute(Execution execution, String path) throws InterruptedException;

    private boolean holds(Expression condition, Execution execution, String path) {
        try {
            if (condition.test(execution)) {
                return true;
            }
            skip(execution, path);
        } catch (EvaluationException e) {
            fail(execution, path, FailureKind.ACTION, "condition: " + e.getMessage());
        }
        return false;
    }

    final void skip(Execution execution, String path) {
        execution
                .instance()
                .listener()
                .stepFinished(new StepResult(
                        execution.instance().info(),
                        info(),
                        path,
                        execution.clock(),
                        true,
                        true,
                        Map.of(),
                        null,
                        List.of(),
                        execution.instance().secrets(),
                        execution.told(),
                        execution.span(),
                        execution.containerSpan(),
                        execution.accounts()));
    }

    /// Records a step that failed before it did anything.
    final void fail(Execution execution, String path, FailureKind kind, String message) {
        record(execution, path, execution.clock(), Map.of(), local(0), kind, List.of(message));
    }

    /// Tells the listeners what the step came to, and stops the steps after it where it failed.
    final void record(
            Execution execution,
            String path,
            Instant startedAt,
            Map<String, @Nullable Object> extracted,
            Exchange exchange,
            FailureKind kind,
            List<String> errors) {
        Instance instance = execution.instance();
        execution.recorded();
        instance.listener()
                .stepFinished(new StepResult(
                        instance.info(),
                        info(),
                        path,
                        startedAt,
                        false,
                        errors.isEmpty(),
                        extracted,
                        exchange,
                        errors,
                        instance.secrets(),
                        execution.told(),
                        execution.span(),
                        execution.containerSpan(),
                        execution.accounts()));
        if (!errors.isEmpty()) {
            instance.failed(info().name(), errors.getFirst());
            if (stopsOn(kind, execution)) {
                execution.stop().set();
            }
        }
    }

    final boolean stopsOn(FailureKind kind, Execution execution) {
        return switch (common.onFailure()) {
            case STOP -> true;
            case CONTINUE -> false;
            case null -> execution.scenario().stopsOn(kind);
        };
    }

    /// By when the step must be done: its own timeout, cut to what its container has left.
    final Deadline deadline(Execution execution) {
        Duration timeout = common.timeout();
        return timeout == null ? execution.limit() : execution.limit().within(timeout, limit);
    }

    /// The exchange of a step that speaks to nobody.
    static Exchange local(long nanos) {
        return local(new Outcome.Completed(true, ""), nanos);
    }

    private static Exchange local(Outcome outcome, long nanos) {
        return new Exchange(null, outcome, nanos, nanos, -1, -1, -1, Metadata.empty(), Content.EMPTY, null, List.of());
    }
}
