package io.turbulence.core.internal.engine;

import static java.util.Objects.requireNonNull;

import io.turbulence.core.internal.engine.workload.Arrivals;
import io.turbulence.core.internal.engine.workload.Pace;
import io.turbulence.core.internal.engine.workload.Randomness;
import io.turbulence.core.internal.engine.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Starts instances as a workload says and waits until all have ended.
final class Starter {

    /// Instances of the warm-up count from here, so that those that count are the same with and without one.
    static final long WARM_UP_NUMBERS = 1_000_000_000L;

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private static final Duration LOOK_FOR_STOP = Duration.ofMillis(100);

    /// There may be many thousand slots.
    private static final Duration SLOTS_LOOK_FOR_STOP = Duration.ofSeconds(1);

    private final Run run;
    private final Workload workload;
    private final @Nullable RunPart part;
    private final Runnable over;
    private final AtomicBoolean isOver = new AtomicBoolean();

    Starter(Run run, Workload workload) {
        this(run, workload, null, run.listener()::allStarted);
    }

    /// @param over told once, when nothing more is started
    private Starter(Run run, Workload workload, @Nullable RunPart part, Runnable over) {
        this.run = run;
        this.workload = workload;
        this.part = part;
        this.over = over;
    }

    void startAll() {
        try {
            startEach();
        } finally {
            over(false);
        }
    }

    private void over(boolean warmUp) {
        if (!warmUp && isOver.compareAndSet(false, true)) {
            over.run();
        }
    }

    private void startEach() {
        switch (workload) {
            case Workload.Closed closed -> {
                if (!closed.warmUp().isZero()) {
                    closed(closed, null, closed.warmUp(), true);
                }
                closed(closed, closed.instances(), closed.duration(), false);
            }
            case Workload.Rounds rounds -> rounds(rounds.rounds());
            case Workload.Open open -> {
                if (!open.warmUp().isZero()) {
                    double rate = Math.max(
                            open.stages().getFirst().fromPerSecond(),
                            open.stages().getFirst().toPerSecond());
                    open(open, List.of(new Workload.Stage(rate, rate, open.warmUp())), true);
                }
                open(open, open.stages(), false);
            }
            case Workload.Several several -> several(several.parts());
        }
    }

    /// Each on a thread of its own, after the one that it waits for.
    private void several(List<Workload.Part> parts) {
        Map<String, CountDownLatch> ended = new HashMap<>();
        parts.forEach(each -> ended.put(each.scenario(), new CountDownLatch(1)));
        AtomicInteger left = new AtomicInteger(parts.size());
        Runnable partOver = () -> {
            if (left.decrementAndGet() == 0) {
                over(false);
            }
        };
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            Workload.Part each = parts.get(i);
            RunPart mine = run.part(i, parts.size(), each.scenario());
            threads.add(Thread.ofPlatform()
                    .daemon()
                    .name("turbulence-load-" + each.scenario())
                    .start(() -> {
                        try {
                            awaitEndOf(each.after(), ended);
                            awaitUntil(System.nanoTime() + each.delay().toNanos(), LOOK_FOR_STOP);
                            if (!run.isStopping()) {
                                new Starter(run, each.workload(), mine, partOver).startAll();
                            }
                        } finally {
                            requireNonNull(ended.get(each.scenario())).countDown();
                        }
                    }));
        }
        threads.forEach(run::awaitEnd);
    }

    private void awaitEndOf(@Nullable String scenario, Map<String, CountDownLatch> ended) {
        CountDownLatch end = scenario == null ? null : ended.get(scenario);
        try {
            while (end != null && !run.isStopping()) {
                if (end.await(LOOK_FOR_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            // Nobody has a reason to interrupt this thread but to end it
            Thread.currentThread().interrupt();
        }
    }

    private void closed(Workload.Closed closed, @Nullable Long instances, @Nullable Duration duration, boolean warmUp) {
        long most = instances == null ? Long.MAX_VALUE : instances;
        closed(
                0,
                new Workload.Round(closed.concurrency(), 0, most, duration == null ? FOR_EVER : duration),
                closed.pacing(),
                warmUp);
    }

    private void rounds(List<Workload.Round> rounds) {
        long first = 0;
        for (int i = 0; i < rounds.size() && !run.isStopping(); i++) {
            run.listener().roundStarted(i);
            first = closed(first, rounds.get(i), null, false);
        }
    }

    /// Each slot runs one instance after another.
    ///
    /// @return the number of the instance that would be next
    private long closed(long first, Workload.Round round, Workload.@Nullable Pacing pacing, boolean warmUp) {
        Slots slots = new Slots(first, round, warmUp);
        int count = (int) Math.min(round.concurrency(), round.most());
        for (int slot = 0; slot < count; slot++) {
            slots.running.begin();
            slots.start("slot-" + slot, new Pace(run.info().seed(), pacing, slots.start, slot, count));
        }
        slots.running.awaitNone(run);
        return first + slots.next.get();
    }

    /// The slots of a round, each a virtual thread: no thread hands over to another, unless an instance is given up
    /// whose thread does not end.
    private final class Slots {

        private final long first;
        private final Workload.Round round;
        private final boolean warmUp;
        private final long start = System.nanoTime();
        private final long length;
        private final AtomicLong next = new AtomicLong();
        private final InFlight running = new InFlight();

        Slots(long first, Workload.Round round, boolean warmUp) {
            this.first = first;
            this.round = round;
            this.warmUp = warmUp;
            this.length = nanos(round.duration());
        }

        void start(String name, Pace pace) {
            Thread.ofVirtual().name(name).start(() -> {
                boolean mine = true;
                try {
                    long number = next(pace);
                    while (mine && number >= 0) {
                        mine = run.runInstance(
                                warmUp ? WARM_UP_NUMBERS + number : number,
                                warmUp,
                                pace.begin(number),
                                part,
                                () -> start(name, pace));
                        number = mine ? next(pace) : -1;
                    }
                    if (mine && workload instanceof Workload.Closed) {
                        over(warmUp);
                    }
                } finally {
                    if (mine) {
                        running.end();
                    }
                }
            });
        }

        /// The number of the next instance, when it is due; -1 when there is none.
        private long next(Pace pace) {
            if (run.isStopping()) {
                return -1;
            }
            awaitUntil(dueOrOver(pace.due()), SLOTS_LOOK_FOR_STOP, () -> next.get() >= round.most());
            boolean over = System.nanoTime() - start >= length;
            long number = nextOf(next, over ? round.least() : round.most());
            return number < 0 || run.isStopping() ? -1 : first + number;
        }

        /// Nobody waits for a pace that outlasts the round.
        private long dueOrOver(long due) {
            return due - start > length ? start + length : due;
        }
    }

    /// @return -1 when there are as many already
    private static long nextOf(AtomicLong next, long most) {
        long number = next.getAndUpdate(known -> known < most ? known + 1 : known);
        return number < most ? number : -1;
    }

    private static long nanos(Duration duration) {
        return duration.compareTo(FOR_EVER) >= 0 ? Long.MAX_VALUE : duration.toNanos();
    }

    /// The schedule runs on a platform thread: virtual threads are not sliced in time, and a busy carrier
    /// must not delay an arrival.
    private void open(Workload.Open open, List<Workload.Stage> stages, boolean warmUp) {
        InFlight running = new InFlight();
        long key = Randomness.key(
                run.info().seed(),
                part == null ? "arrivals" : "arrivals of " + part.scenario().id());
        Arrivals arrivals = new Arrivals(
                stages,
                open.spacing(),
                warmUp ? Randomness.key(key, "warm_up") : key,
                run.info().shard());
        Duration length = stages.stream().map(Workload.Stage::duration).reduce(Duration.ZERO, Duration::plus);
        Thread scheduler = Thread.ofPlatform()
                .daemon()
                .name("turbulence-arrivals-" + run.info().runId())
                .start(() -> arrive(arrivals, length, new Semaphore(open.maxConcurrency()), running, warmUp));
        run.awaitEnd(scheduler);
        running.awaitNone(run);
    }

    private void arrive(Arrivals arrivals, Duration length, Semaphore free, InFlight running, boolean warmUp) {
        long start = System.nanoTime();
        long number = warmUp ? WARM_UP_NUMBERS : 0;
        for (long due = arrivals.next(); due != Arrivals.NONE && !run.isStopping(); due = arrivals.next()) {
            long scheduled = start + due;
            awaitUntil(scheduled, LOOK_FOR_STOP);
            long mine = number++;
            if (!free.tryAcquire()) {
                run.listener().arrivalDropped(run.scenarioAt(mine, part), warmUp);
                continue;
            }
            running.begin();
            Thread.ofVirtual().name("instance-" + mine).start(() -> {
                Runnable leave = () -> {
                    free.release();
                    running.end();
                };
                boolean here = true;
                try {
                    long late = System.nanoTime() - scheduled;
                    run.listener().arrived(run.scenarioAt(mine, part), warmUp, late);
                    here = run.runInstance(mine, warmUp, scheduled, part, leave);
                } finally {
                    if (here) {
                        leave.run();
                    }
                }
            });
        }
        // A workload lasts as long as it was asked to, though no arrival may be left
        awaitUntil(start + length.toNanos(), LOOK_FOR_STOP);
        over(warmUp);
    }

    private void awaitUntil(long nanoTime, Duration look) {
        awaitUntil(nanoTime, look, () -> false);
    }

    private void awaitUntil(long nanoTime, Duration look, BooleanSupplier inVain) {
        long left = nanoTime - System.nanoTime();
        while (left > 0 && !run.isStopping() && !inVain.getAsBoolean()) {
            LockSupport.parkNanos(Math.min(left, look.toNanos()));
            left = nanoTime - System.nanoTime();
        }
    }

    /// How many instances have not ended.
    private static final class InFlight {

        private static final long LOOK_MILLIS = 100;

        private long count;

        synchronized void begin() {
            count++;
        }

        synchronized void end() {
            if (--count == 0) {
                notifyAll();
            }
        }

        synchronized void awaitNone(Run run) {
            boolean interrupted = false;
            while (count > 0 && !run.isAbandoning()) {
                try {
                    wait(LOOK_MILLIS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
