package io.turbulence.core.internal.engine;

import io.turbulence.api.Deadline;
import io.turbulence.core.internal.connection.Holder;
import io.turbulence.core.internal.connection.InstanceConnections;
import io.turbulence.core.internal.connection.Registry;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.RunListener;
import io.turbulence.core.internal.engine.event.Trace;
import io.turbulence.core.internal.engine.workload.Durations;
import io.turbulence.core.internal.engine.workload.Randomness;
import io.turbulence.core.internal.engine.workload.Shard;
import io.turbulence.core.internal.engine.workload.Workload;
import io.turbulence.core.internal.plugin.PluginException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One run of a plan: starts instances as the workload says and ends them. [#execute] blocks until all
/// have ended; [#stop] and [#halt] may be called from any thread.
public final class Run {

    private static final Duration LOOK_FOR_OVERDUE_CALLS = Duration.ofMillis(250);
    private static final Duration AFTER_RUN_AFTER_STOP = Duration.ofSeconds(30);
    private static final Duration LOOK_FOR_ENDED = Duration.ofMillis(100);
    private static final String BEFORE_RUN = "before_run";
    private static final String AFTER_RUN = "after_run";

    /// What a run needs.
    ///
    /// @param grace how long running instances have to end after a stop
    /// @param verbose whether plugins are to tell of their exchanges
    /// @param eachOnce whether instances take the scenarios in turn, rather than by weight
    /// @param replay the instance of an earlier run that is run again, as the only one; null to run as the workload
    /// says
    /// @param patience how long to wait for what does not end
    public record Setup(
            RunInfo info,
            Registry registry,
            RunListener listener,
            Workload workload,
            Duration grace,
            InstantSource clock,
            boolean verbose,
            boolean eachOnce,
            @Nullable Replay replay,
            Patience patience) {}

    /// How a run ended.
    ///
    /// @param beforeRunFailed why `before_run` failed, so that nothing was run; null when it did not
    /// @param broken          the first fault of our own or a plugin's; null for none
    public record Ending(
            boolean interrupted,
            @Nullable InstanceResult beforeRunFailed,
            @Nullable Throwable broken) {}

    private final Setup setup;
    private final Plan plan;
    private final Timer timer;
    private final States states = new States();
    private final Set<Instance> running = ConcurrentHashMap.newKeySet();

    /// Apart from the instances: most of a large load may be in a pause, and need not be looked at.
    private final Set<CallContext> calls = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    private final Set<String> warned = ConcurrentHashMap.newKeySet();
    private final long unique;
    private volatile Map<String, @Nullable Object> variables = Map.of();
    private volatile List<String> secrets = List.of();
    private volatile boolean stopping;
    private volatile boolean interrupted;
    private volatile boolean cancelling;
    private volatile boolean halted;
    private volatile boolean graceOver;

    /// Names the newest call that was given up; null while there was none.
    private volatile @Nullable String deafCall;

    // Of the timer's thread
    private final Liveness liveness = new Liveness();
    private boolean starved;

    /// Until when cancelled instances are waited for; null while none is cancelled.
    private volatile @Nullable Deadline abandoning;

    public Run(Setup setup, Plan plan) {
        this.setup = setup;
        this.plan = plan;
        this.timer = new Timer(setup.info().runId());
        this.unique = new SecureRandom().nextLong();
    }

    /// Runs everything: `before_run`, the instances, `after_run`.
    public Ending execute() {
        timer.every(LOOK_FOR_OVERDUE_CALLS, this::endOverdueCalls);
        try {
            listener().waitingFor("running 'before_run'");
            InstanceResult before = runPart(plan.beforeRun(), InstanceInfo.Phase.BEFORE_RUN, BEFORE_RUN);
            listener().waitingFor(null);
            boolean good = before == null || before.ok();
            if (good && !stopping) {
                new Starter(this, setup.workload()).startAll();
            }
            abandon();
            if (!halted) {
                runPart(plan.afterRun(), InstanceInfo.Phase.AFTER_RUN, AFTER_RUN);
            }
            abandon();
            return new Ending(interrupted, good ? null : before, broken.get());
        } finally {
            states.close();
            timer.close();
        }
    }

    private void endOverdueCalls() {
        calls.forEach(this::endOverdue);
        String deaf = deafCall;
        if (deaf != null && !starved && liveness.isLost(setup.patience().call())) {
            starve(deaf);
        }
    }

    /// Calls that are busy for ever can take every thread that virtual threads run on: then nothing in this process
    /// goes on, neither instances nor what would end them.
    private void starve(String deaf) {
        starved = true;
        broken.compareAndSet(
                null,
                PluginException.failed(deaf
                        + " keeps every processor busy in calls that hear of no deadline, no hook and no"
                        + " interrupt, so that nothing else can go on; the run was ended"));
        stopping = true;
        halted = true;
        cancelling = true;
        abandoning = Deadline.after(Duration.ZERO, "time to halt");
    }

    /// A call that is over its deadline is cut off; one that does not hear of that is given up some time later.
    private void endOverdue(CallContext call) {
        Instance instance = call.execution().instance();
        call.execution().lane().expire(call, timer);
        if (instance.giveUp(call, setup.patience().call())) {
            callEnds(call);
            running.remove(instance);
        }
    }

    void callBegins(CallContext call) {
        calls.add(call);
    }

    void callEnds(CallContext call) {
        calls.remove(call);
    }

    /// Warns of each step once: under load there may be thousands of instances in it.
    void warnOfDeafCall(CallContext call, String message, StackTraceElement[] stack) {
        deafCall = call.action();
        warnOnce("call of " + call.execution().scenario().id() + "/" + call.step(), message, stack);
    }

    /// @param about told once in the run
    void warnOnce(String about, String message, StackTraceElement[] stack) {
        if (warned.add(about)) {
            Throwable where = new Throwable("it stands here");
            where.setStackTrace(stack);
            System.getLogger(Run.class.getName()).log(System.Logger.Level.WARNING, message, where);
        }
    }

    /// Starts no more instances and gives running ones the grace to end; what still runs then is cancelled.
    public void stop() {
        if (interrupted) {
            return;
        }
        interrupted = true;
        stopping = true;
        timer.after(setup.grace(), this::cancelInstances);
    }

    /// Cancels everything at once, `finally` included.
    public void halt() {
        interrupted = true;
        stopping = true;
        halted = true;
        cancelling = true;
        abandoning = Deadline.after(setup.patience().halt(), "time to halt");
        running.forEach(Instance::cancel);
    }

    /// Why instances are cancelled, to follow on that they are; empty when somebody wants it so.
    String whyCancelled() {
        return graceOver && !halted ? ": the grace of " + Durations.text(setup.grace()) + " had passed" : "";
    }

    private void cancelInstances() {
        graceOver = true;
        cancelling = true;
        if (abandoning == null) {
            abandoning = Deadline.after(
                    Instance.CLEANUP_AFTER_CANCEL.plus(setup.patience().halt()), "time to cancel");
        }
        for (Instance instance : running) {
            if (instance.info().phase() != InstanceInfo.Phase.AFTER_RUN) {
                instance.cancel();
            }
        }
    }

    /// One that begins while all are being cancelled is cancelled too.
    private void enter(Instance instance) {
        running.add(instance);
        if (instance.info().phase() == InstanceInfo.Phase.AFTER_RUN) {
            if (stopping) {
                timer.after(AFTER_RUN_AFTER_STOP, instance::cancel);
            }
        } else if (cancelling) {
            instance.cancel();
        }
    }

    private @Nullable InstanceResult runPart(ScenarioPlan part, InstanceInfo.Phase phase, String name) {
        if (part.flow().isEmpty()) {
            return null;
        }
        AtomicReference<@Nullable InstanceResult> result = new AtomicReference<>();
        CountDownLatch over = new CountDownLatch(1);
        Instance instance = new Instance(this, part, info(part, 0, false, phase), System.nanoTime(), failed -> {
            result.set(failed);
            over.countDown();
        });
        Thread.ofVirtual().name(name).start(() -> {
            enter(instance);
            try {
                result.compareAndSet(null, instance.execute());
                if (phase == InstanceInfo.Phase.BEFORE_RUN) {
                    variables = Collections.unmodifiableMap(new LinkedHashMap<>(instance.left()));
                    secrets = List.copyOf(instance.secrets());
                }
            } finally {
                running.remove(instance);
                over.countDown();
            }
        });
        await(() -> over.await(LOOK_FOR_ENDED.toMillis(), TimeUnit.MILLISECONDS));
        return result.get();
    }

    /// Something to wait for.
    private interface End {
        /// @return whether it came
        boolean await() throws InterruptedException;
    }

    /// Waits for a thread of instances to end; once they are cancelled, only as long as they may take for that. A
    /// plugin that hears of no deadline, no hook and no interrupt must not keep the whole run.
    void awaitEnd(Thread thread) {
        await(() -> thread.join(LOOK_FOR_ENDED));
    }

    private void await(End end) {
        boolean interrupted = false;
        boolean came = false;
        while (!came && !isAbandoning()) {
            try {
                came = end.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whether who has not ended by now is not waited for any more.
    boolean isAbandoning() {
        Deadline until = abandoning;
        return until != null && until.expired();
    }

    /// Goes on without those that did not end.
    private void abandon() {
        if (isAbandoning()) {
            for (Instance instance : List.copyOf(running)) {
                if (instance.info().phase() != InstanceInfo.Phase.AFTER_RUN) {
                    running.remove(instance);
                    instance.abandon();
                }
            }
        }
    }

    /// Runs one instance on the calling thread.
    ///
    /// @param place     which one here, from 0; its number too, unless this is a part of a run
    /// @param scheduled when it should have started, on the clock of [System#nanoTime]
    /// @param part      of which scenario; null where all share a workload
    /// @param onGivenUp told when the instance was given up, so that nobody waits for this thread any more
    /// @return false when it was given up
    boolean runInstance(long place, boolean warmUp, long scheduled, @Nullable RunPart part, Runnable onGivenUp) {
        long whole = number(place);
        long number = part == null ? whole : part.number(whole);
        ScenarioPlan scenario = part != null ? part.scenario() : scenario(number);
        Instance instance = new Instance(
                this,
                scenario,
                info(scenario, number, warmUp, InstanceInfo.Phase.INSTANCE),
                scheduled,
                result -> onGivenUp.run());
        enter(instance);
        try {
            instance.execute();
            return !instance.givenUp();
        } catch (RuntimeException | Error e) {
            if (instance.givenUp()) {
                return false;
            }
            broken.compareAndSet(null, e);
            throw e;
        } finally {
            running.remove(instance);
        }
    }

    /// The id of the scenario that is run at a place.
    String scenarioAt(long place, @Nullable RunPart part) {
        return part != null ? part.scenario().id() : scenario(number(place)).id();
    }

    /// The part of a scenario that has a workload of its own.
    RunPart part(int index, int count, String scenario) {
        for (ScenarioPlan known : plan.scenarios()) {
            if (known.id().equals(scenario)) {
                return new RunPart(index, count, known);
            }
        }
        throw new IllegalStateException("there is no scenario '" + scenario + "'");
    }

    private ScenarioPlan scenario(long number) {
        Replay replay = setup.replay();
        if (replay != null && replay.scenario() != null) {
            return plan.scenarios().stream()
                    .filter(scenario -> scenario.id().equals(replay.scenario()))
                    .findFirst()
                    .orElseThrow();
        }
        return setup.eachOnce()
                ? plan.scenarios().get((int) (number % plan.scenarios().size()))
                : plan.scenarioOf(setup.info().seed(), number);
    }

    /// The place in the whole run.
    private long number(long place) {
        Replay replay = setup.replay();
        if (replay != null) {
            return replay.number();
        }
        Shard shard = setup.info().shard();
        if (shard == null) {
            return place;
        }
        long first = place < Starter.WARM_UP_NUMBERS ? 0 : Starter.WARM_UP_NUMBERS;
        return first + shard.number(place - first);
    }

    private InstanceInfo info(ScenarioPlan scenario, long number, boolean warmUp, InstanceInfo.Phase phase) {
        String id = switch (phase) {
            case INSTANCE -> setup.info().runId() + "-" + number;
            case BEFORE_RUN -> setup.info().runId() + "-before";
            case AFTER_RUN -> setup.info().runId() + "-after";
        };
        Trace trace = Trace.of(unique, number, id);
        RecordedAnswers answers = setup.replay() == null ? null : setup.replay().answers();
        return answers != null && phase == InstanceInfo.Phase.INSTANCE
                ? new InstanceInfo(
                        scenario.id(), number, answers.instanceId(), answers.correlationId(), warmUp, phase, trace)
                : new InstanceInfo(scenario.id(), number, id, correlationId(id), warmUp, phase, trace);
    }

    private String correlationId(String instanceId) {
        long high = Randomness.key(unique, instanceId);
        long low = Randomness.key(high, unique);
        return new UUID((high & ~0xF000L) | 0x4000L, (low & ~(3L << 62)) | (2L << 62)).toString();
    }

    RunInfo info() {
        return setup.info();
    }

    Plan plan() {
        return plan;
    }

    RunListener listener() {
        return setup.listener();
    }

    Timer timer() {
        return timer;
    }

    States states() {
        return states;
    }

    /// What `before_run` extracted.
    Map<String, @Nullable Object> variables() {
        return variables;
    }

    /// Values that `before_run` found out and that nobody may read.
    List<String> secrets() {
        return secrets;
    }

    /// The instance that is run again; null when none is.
    @Nullable
    Replay replay() {
        return setup.replay();
    }

    Instant now() {
        return setup.clock().instant();
    }

    Patience patience() {
        return setup.patience();
    }

    boolean isStopping() {
        return stopping;
    }

    boolean isHalted() {
        return halted;
    }

    boolean verbose() {
        return setup.verbose();
    }

    void broken(Instance instance, Throwable fault) {
        if (fault instanceof PluginException) {
            stopping = true;
        }
        if (broken.compareAndSet(null, fault)) {
            System.getLogger(Run.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "instance " + instance.info().instanceId()
                                    + " broke off: a fault of Turbulence or a plugin",
                            fault);
        }
    }

    InstanceConnections connections(InstanceInfo instance, Supplier<String> step) {
        return setup.registry().instance(new Holder(instance.instanceId(), step, instance.isMeasured()));
    }
}
