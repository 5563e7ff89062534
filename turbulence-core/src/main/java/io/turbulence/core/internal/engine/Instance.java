package io.turbulence.core.internal.engine;

import static java.util.Objects.requireNonNull;

import io.turbulence.api.Deadline;
import io.turbulence.core.internal.connection.InstanceConnections;
import io.turbulence.core.internal.definition.expression.EvaluationException;
import io.turbulence.core.internal.engine.event.Cause;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.RunListener;
import io.turbulence.core.internal.engine.event.Trace;
import io.turbulence.core.internal.engine.workload.Randomness;
import io.turbulence.core.internal.plugin.PluginException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One instance of a scenario from start to end. [#execute] runs on the instance's own thread; the
/// rest may be called from any.
final class Instance {

    /// How long `finally` has after the instance was cancelled.
    static final Duration CLEANUP_AFTER_CANCEL = Duration.ofSeconds(10);

    /// An instance may take a new token every minute for days.
    private static final int MOST_SECRETS = 200;

    private static final Duration FOR_EVER = Duration.ofDays(3650);

    private final Run run;
    private final ScenarioPlan scenario;
    private final InstanceInfo info;
    private final long randomKey;
    private final InstanceConnections connections;
    private final long scheduled;
    private final AtomicInteger steps = new AtomicInteger();
    private final AtomicBoolean exchanged = new AtomicBoolean();
    private final Object lock = new Object();
    private final CopyOnWriteArrayList<String> secrets;
    private final List<Lane> lanes = new CopyOnWriteArrayList<>();
    private @Nullable States states;
    private @Nullable Variables variables;
    private @Nullable String failedStep;
    private @Nullable String error;
    private volatile List<Instant> told = List.of();
    private volatile boolean cancelled;
    private volatile @Nullable Cause newestCause;
    private volatile String currentStep = "";
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile boolean givenUp;
    private final Consumer<InstanceResult> onGivenUp;
    private volatile @Nullable Instant startedAt;
    private final long startNanos = System.nanoTime();

    /// @param onGivenUp told once, when nobody waits any more for the instance's thread to end
    Instance(Run run, ScenarioPlan scenario, InstanceInfo info, long scheduled, Consumer<InstanceResult> onGivenUp) {
        this.onGivenUp = onGivenUp;
        this.scheduled = scheduled;
        this.run = run;
        this.secrets = new CopyOnWriteArrayList<>(run.secrets());
        this.scenario = scenario;
        this.info = info;
        this.randomKey = Randomness.key(Randomness.key(run.info().seed(), scenario.id()), info.number());
        this.connections = run.connections(info, () -> currentStep);
    }

    /// The exchange that most likely caused what a step on this lane waits for.
    @Nullable
    Cause cause(Lane lane) {
        Cause own = lane.cause();
        return own == null ? newestCause : own;
    }

    void caused(Lane lane, @Nullable Cause cause) {
        lane.cause(cause);
        newestCause = cause;
    }

    /// Runs the flow, the assertions and, whatever happened, `finally`.
    InstanceResult execute() {
        Instant started = run.now();
        startedAt = started;
        long start = System.nanoTime();
        run.listener().instanceStarted(info);
        Lane lane = new Lane(Thread.currentThread());
        add(lane);
        boolean aborted = false;
        try {
            Variables made = variables(lane);
            if (made != null) {
                variables = made;
                aborted = runAll(lane, made);
            }
        } finally {
            remove(lane);
            close();
        }
        InstanceResult result = result(started, System.nanoTime() - start, aborted);
        if (ended.compareAndSet(false, true)) {
            run.listener().instanceFinished(result);
        }
        return result;
    }

    /// Goes on without it when a call of a plugin in it was cut off that long ago and has not ended: the step and the
    /// instance have failed. What the call still does is in no result.
    ///
    /// @return whether it was given up
    boolean giveUp(CallContext call, Duration patience) {
        Lane lane = call.execution().lane();
        if (!call.expired() || !lane.giveUp(call, patience) || !ended.compareAndSet(false, true)) {
            return false;
        }
        givenUp = true;
        tellGivenUp(lane, call, patience);
        return true;
    }

    private void tellGivenUp(Lane lane, CallContext call, Duration patience) {
        String why = call.whyGivenUp(patience);
        run.warnOfDeafCall(
                call, "instance " + info.instanceId() + ", step '" + call.step() + "': " + why, lane.stack());
        Step.recordGivenUp(call, why);
        cancel();
        InstanceResult result =
                result(requireNonNull(startedAt, "it has a call"), System.nanoTime() - startNanos, false);
        run.listener().instanceFinished(result);
        onGivenUp.accept(result);
    }

    /// Hears what happens in the instance. Nobody does once it was given up.
    RunListener listener() {
        return ended.get() ? RunListener.DEAF : run.listener();
    }

    /// Whether its result was told while its thread went on.
    boolean givenUp() {
        return givenUp;
    }

    /// Goes on without it: it was cancelled and did not end. What it still does is in no result.
    void abandon() {
        Instant started = startedAt;
        if (started == null || !ended.compareAndSet(false, true)) {
            return;
        }
        String step = currentStep;
        failed(
                step,
                "step '%s' was cancelled and did not end: its plugin hears of no deadline, no hook and no interrupt. The run ended without it."
                        .formatted(step));
        Throwable where = new Throwable("it stands here");
        lanes.stream().findFirst().ifPresent(lane -> where.setStackTrace(lane.stack()));
        System.getLogger(Instance.class.getName())
                .log(
                        System.Logger.Level.WARNING,
                        "instance " + info.instanceId() + ": step '" + step
                                + "' was cancelled and did not end; the run ended without it",
                        where);
        run.listener().instanceFinished(result(started, System.nanoTime() - startNanos, true));
    }

    /// @return whether it was cancelled
    private boolean runAll(Lane lane, Variables variables) {
        Execution execution = Execution.root(this, lane, variables, Deadline.after(FOR_EVER, "run"));
        guarded(() -> {
            ContainerStep.runAll(scenario.flow(), execution);
            ContainerStep.runAll(scenario.assertions(), execution);
        });
        boolean aborted = cancelled;
        guarded(() -> cleaning(execution, cleaner -> {
            Execution cleanup = Execution.root(this, cleaner.lane(), variables, cleaner.limit());
            ContainerStep.runEach(scenario.cleanup(), cleanup);
        }));
        return aborted;
    }

    /// A fault of ours or of a plugin ends this instance, and the others go on.
    private void guarded(Runnable steps) {
        try {
            steps.run();
        } catch (RuntimeException | Error e) {
            if (ended.get()) {
                return;
            }
            if (e instanceof OutOfMemoryError memory) {
                failed(currentStep, OutOfMemory.message(currentStep, memory));
                return;
            }
            failed(currentStep, e instanceof PluginException ? String.valueOf(e.getMessage()) : "internal error: " + e);
            run.broken(this, e);
        }
    }

    /// Runs steps of `finally`: also after a failure, when the steps are used up and, for a while, when the
    /// instance has been cancelled.
    void cleaning(Execution after, Consumer<Execution> steps) {
        if (run.isHalted()) {
            return;
        }
        Lane lane = after.lane().forCleaning();
        Duration limit = after.lane().cancelled() ? CLEANUP_AFTER_CANCEL : FOR_EVER;
        add(lane);
        Thread.interrupted();
        try {
            steps.accept(after.on(lane, Deadline.after(limit, "time for clean-up")));
        } finally {
            remove(lane);
            Thread.interrupted();
        }
    }

    private @Nullable Variables variables(Lane lane) {
        try {
            Object row = scenario.data() == null
                    ? null
                    : scenario.data().row(run.info().seed(), info.number());
            Execution early = Execution.root(this, lane, Variables.root(null, row), Deadline.after(FOR_EVER, "run"));
            early.enter(Replay.ENTRY, Trace.ROOT);
            early.begin("entry", Randomness.key(0, "entry"), 1);
            Variables made = Variables.root(scenario.entry().render(early), row);
            told = early.told();
            return made;
        } catch (EvaluationException e) {
            failed("entry", String.valueOf(e.getMessage()));
            return null;
        }
    }

    private InstanceResult result(Instant startedAt, long nanos, boolean aborted) {
        synchronized (lock) {
            InstanceResult.Status status = aborted
                    ? InstanceResult.Status.ABORTED
                    : failedStep == null ? InstanceResult.Status.PASSED : InstanceResult.Status.FAILED;
            String why = aborted && error == null ? "cancelled" : error;
            return new InstanceResult(info, status, startedAt, nanos, steps.get(), failedStep, why, secrets, told);
        }
    }

    private void close() {
        States kept;
        synchronized (lock) {
            kept = states;
        }
        if (kept != null) {
            kept.close();
        }
        connections.close();
    }

    /// What it extracted, once it has ended.
    Map<String, @Nullable Object> left() {
        return variables == null ? Map.of() : variables.values();
    }

    Run run() {
        return run;
    }

    ScenarioPlan scenario() {
        return scenario;
    }

    InstanceInfo info() {
        return info;
    }

    long randomKey() {
        return randomKey;
    }

    InstanceConnections connections() {
        return connections;
    }

    /// What plugins keep for this instance.
    States states() {
        synchronized (lock) {
            if (states == null) {
                states = new States();
            }
            return states;
        }
    }

    /// Counts a step that is about to be executed.
    ///
    /// @return false when there have been too many, which does not matter to clean-up
    boolean countStep(Lane lane) {
        if (steps.incrementAndGet() <= scenario.maxSteps() || lane.isCleaning()) {
            return true;
        }
        steps.decrementAndGet();
        return false;
    }

    String tooManySteps() {
        return "the instance has executed %d steps, the most that max_steps allows".formatted(scenario.maxSteps());
    }

    /// When the next exchange should have started: the first one when the instance was due, others now.
    long due() {
        return exchanged.compareAndSet(false, true) ? scheduled : System.nanoTime();
    }

    void at(String step) {
        currentStep = step;
    }

    /// Notes a failure; the first one is the instance's.
    void failed(String step, String why) {
        synchronized (lock) {
            if (failedStep == null) {
                failedStep = step;
                error = why;
            }
        }
    }

    Collection<String> secrets() {
        return secrets;
    }

    void addSecret(String secret) {
        if (!secret.isBlank() && secrets.addIfAbsent(secret) && secrets.size() > MOST_SECRETS) {
            secrets.removeFirst();
        }
    }

    void add(Lane lane) {
        lanes.add(lane);
        if (cancelled) {
            cancel(lane);
        }
    }

    void remove(Lane lane) {
        lanes.remove(lane);
    }

    boolean cancelled() {
        return cancelled;
    }

    /// Ends the flow; `finally` still runs.
    void cancel() {
        cancelled = true;
        lanes.forEach(this::cancel);
    }

    /// Clean-up in progress may go on for a while, unless nothing may.
    private void cancel(Lane lane) {
        if (lane.isCleaning() && !run.isHalted()) {
            run.timer().after(CLEANUP_AFTER_CANCEL, () -> lane.cancel(run.timer()));
        } else {
            lane.cancel(run.timer());
        }
    }
}
