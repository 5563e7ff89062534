package io.turbulence.core.internal.engine;

import io.turbulence.api.Deadline;
import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.core.internal.engine.event.Trace;
import io.turbulence.core.internal.engine.workload.Randomness;
import io.turbulence.core.internal.observation.ObservationView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One thread of one instance: where it is, and what expressions see there. Thread-confined; a branch
/// of a `parallel` step gets its own.
final class Execution implements Scope {

    private static final int FEW_PLACES = 8;

    /// How often one step's `now()` is remembered.
    private static final int MOST_TOLD = 1_000;

    private final Instance instance;
    private final ScenarioPlan scenario;
    private final Lane lane;
    private final Variables variables;
    private final String container;

    /// The span of the step that contains this place; [Trace#ROOT] where none does.
    private final long containerSpan;

    private final long iteration;
    private final Stop stop;
    private final Deadline limit;

    /// Where randomness is drawn: the key of the current step and attempt, and how often each place drew.
    private long randomKey;

    private int[] drawnPlaces = new int[FEW_PLACES];
    private int[] draws = new int[FEW_PLACES];
    private int places;

    private String step = "";
    private String path = "";
    private @Nullable Running running;
    private long span = Trace.ROOT;

    /// What `now()` told the step that runs; null while it was not called.
    private @Nullable List<Instant> told;

    /// What the step that runs told of its exchanges; null while it was not asked.
    private @Nullable Account account;

    private boolean recorded;

    private Execution(
            Instance instance,
            ScenarioPlan scenario,
            Lane lane,
            Variables variables,
            String container,
            long containerSpan,
            long iteration,
            Stop stop,
            Deadline limit) {
        this.instance = instance;
        this.scenario = scenario;
        this.lane = lane;
        this.variables = variables;
        this.container = container;
        this.containerSpan = containerSpan;
        this.iteration = iteration;
        this.stop = stop;
        this.limit = limit;
    }

    static Execution root(Instance instance, Lane lane, Variables variables, Deadline limit) {
        return new Execution(
                instance, instance.scenario(), lane, variables, "", Trace.ROOT, -1, Stop.outermost(), limit);
    }

    /// Inside a container step, at a path such as `flow[3]`.
    Execution inside(String path, Stop inner, Deadline innerLimit) {
        return new Execution(instance, scenario, lane, variables, path, Trace.span(path), -1, inner, innerLimit);
    }

    /// Inside one iteration of a loop.
    Execution iteration(long number) {
        return new Execution(instance, scenario, lane, variables, container, containerSpan, number, stop, limit);
    }

    /// In a branch that runs beside others.
    Execution branch(Lane own) {
        return new Execution(instance, scenario, own, variables.branch(), container, containerSpan, -1, stop, limit);
    }

    /// In a called scenario, which sees only what it was given.
    ///
    /// @param step the step that calls it
    Execution called(ScenarioPlan called, String path, String step, Variables own, Stop inner, Deadline innerLimit) {
        return new Execution(instance, called, lane, own, path, Trace.span(step), -1, inner, innerLimit);
    }

    /// The same place on another lane, with more or less time: for steps that run whatever has happened.
    Execution on(Lane other, Deadline otherLimit) {
        return new Execution(
                instance, scenario, other, variables, container, containerSpan, iteration, stop, otherLimit);
    }

    /// The same place, where nothing that failed before leaves steps out.
    Execution apart() {
        return new Execution(
                instance, scenario, lane, variables, container, containerSpan, iteration, Stop.outermost(), limit);
    }

    /// Whether the rest of the steps here is left out.
    Stop stop() {
        return stop;
    }

    /// By when everything here must be done.
    Deadline limit() {
        return limit;
    }

    /// The scenario whose steps run here: the instance's, or one that is called.
    ScenarioPlan scenario() {
        return scenario;
    }

    Instance instance() {
        return instance;
    }

    /// The thread that runs this.
    Lane lane() {
        return lane;
    }

    Variables variables() {
        return variables;
    }

    /// The path of a step that is run here.
    String path(Step step) {
        if (container.isEmpty()) {
            return step.info().place();
        }
        String path = container + "." + step.segment();
        return iteration < 0 ? path : path + "#" + iteration;
    }

    /// Comes to a step: what it is told of the time is counted anew.
    void enter(String stepPath, long stepSpan) {
        path = stepPath;
        span = stepSpan;
        told = null;
        account = null;
        recorded = false;
    }

    /// The span of the step that runs.
    long span() {
        return span;
    }

    /// The span of the step that contains it; [Trace#ROOT] where none does.
    long containerSpan() {
        return containerSpan;
    }

    /// Goes on counting where another one is.
    void enterAs(Execution other) {
        path = other.path;
        told = other.told;
    }

    /// Says that the step that runs is being told to the listeners.
    void recorded() {
        recorded = true;
    }

    boolean isRecorded() {
        return recorded;
    }

    /// A step in progress.
    ///
    /// @param start on the clock of [System#nanoTime]
    record Running(Step step, String path, Instant startedAt, long start) {}

    void running(Running step) {
        running = step;
    }

    /// The step that was begun last; null before the first.
    @Nullable
    Running running() {
        return running;
    }

    /// What `now()` told the step so far.
    List<Instant> told() {
        return told == null ? List.of() : List.copyOf(told);
    }

    /// Where the step that runs tells of its exchanges; null when nobody wants to know.
    @Nullable
    Account account() {
        if (account == null && instance.run().verbose()) {
            account = new Account();
        }
        return account;
    }

    /// What the step that runs told of its exchanges.
    List<String> accounts() {
        return account == null ? List.of() : account.lines();
    }

    /// The path of the step that runs.
    String path() {
        return path;
    }

    /// What is answered instead of the system; null when the system is asked.
    @Nullable
    RecordedAnswers answers() {
        Replay replay = instance.run().replay();
        return replay == null ? null : replay.answers();
    }

    /// Begins an attempt of a step: its draws start anew.
    void begin(String name, long pathKey, int attempt) {
        instance.at(name);
        step = name;
        randomKey = Randomness.key(Randomness.key(instance.randomKey(), pathKey), attempt);
        places = 0;
    }

    /// The name of the step that runs, for messages about leases.
    String step() {
        return step;
    }

    long pathKey(Step step, String path) {
        return container.isEmpty() ? step.pathKey() : Randomness.key(0, path);
    }

    @Override
    public boolean has(String name) {
        return switch (name) {
            case "run_id", "instance_id", "instance", "correlation_id", "entry", "run", "steps" -> true;
            case "data" -> variables.data() != null;
            case "last", "payload", "metadata", "last_response" -> variables.last() != null;
            default -> variables.has(name) || hasShorthand(name);
        };
    }

    @Override
    public @Nullable Object value(String name) {
        return switch (name) {
            case "run_id" -> instance.run().info().runId();
            case "instance_id" -> instance.info().instanceId();
            case "instance" -> instance.info().number();
            case "correlation_id" -> instance.info().correlationId();
            case "entry" -> variables.entry();
            case "data" -> variables.data();
            case "run" -> instance.run().variables();
            case "steps" -> variables.steps();
            case "last", "last_response" -> variables.last();
            case "payload" -> last().exchange().content().tree();
            case "metadata" -> last().exchange().metadata().asMap();
            default -> variables.has(name) ? variables.get(name) : last().metadata(name);
        };
    }

    @Override
    public long random(int place) {
        int slot = 0;
        while (slot < places && drawnPlaces[slot] != place) {
            slot++;
        }
        if (slot == places) {
            if (places == drawnPlaces.length) {
                drawnPlaces = Arrays.copyOf(drawnPlaces, places * 2);
                draws = Arrays.copyOf(draws, places * 2);
            }
            drawnPlaces[slot] = place;
            draws[slot] = 0;
            places++;
        }
        return Randomness.key(Randomness.key(randomKey, place), draws[slot]++);
    }

    @Override
    public Instant now() {
        List<Instant> before = told == null ? new ArrayList<>(1) : told;
        Replay replay = instance.run().replay();
        Instant recorded = replay == null ? null : replay.instant(path, before.size());
        Instant now = recorded == null ? clock() : recorded;
        if (before.size() < MOST_TOLD) {
            before.add(now);
        }
        told = before;
        return now;
    }

    /// The time as it is, for labels.
    Instant clock() {
        return instance.run().now();
    }

    @Override
    public Collection<String> names() {
        Collection<String> names = new TreeSet<>(variables.names());
        for (String name : instance.run().plan().names()) {
            if (has(name)) {
                names.add(name);
            }
        }
        return names;
    }

    private boolean hasShorthand(String name) {
        ObservationView last = variables.last();
        return last != null && instance.run().plan().shorthands().contains(name) && last.hasMetadata(name);
    }

    private ObservationView last() {
        ObservationView last = variables.last();
        if (last == null) {
            throw new IllegalStateException("no observation yet");
        }
        return last;
    }
}
