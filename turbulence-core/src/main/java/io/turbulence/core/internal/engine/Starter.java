package io.turbulence.core.internal.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Starts instances as a workload says and waits until all have ended.
final class Starter {

    /// Instances of the warm-up count from here, so that those that count are the same with and without one.
    private static final long WARM_UP_NUMBERS = 1_000_000_000L;

    private static final Duration FOR_EVER = Duration.ofDays(36_500);

    private final Run run;
    private final Workload workload;

    Starter(Run run, Workload workload) {
        this.run = run;
        this.workload = workload;
    }

    void startAll() {
        switch (workload) {
            case Workload.Closed closed -> {
                if (!closed.warmUp().isZero()) {
                    closed(null, closed.warmUp(), closed.concurrency(), true);
                }
                closed(closed.instances(), closed.duration(), closed.concurrency(), false);
            }
            case Workload.Rounds rounds -> rounds(rounds.rounds());
            case Workload.Open open -> {
                if (!open.warmUp().isZero()) {
                    double rate = Math.max(
                            open.stages().getFirst().fromPerSecond(),
                            open.stages().getFirst().toPerSecond());
                    open(List.of(new Workload.Stage(rate, rate, open.warmUp())), open.maxConcurrency(), true);
                }
                open(open.stages(), open.maxConcurrency(), false);
            }
        }
    }

    private void closed(@Nullable Long instances, @Nullable Duration duration, int concurrency, boolean warmUp) {
        long most = instances == null ? Long.MAX_VALUE : instances;
        closed(0, new Workload.Round(concurrency, 0, most, duration == null ? FOR_EVER : duration), warmUp);
    }

    private void rounds(List<Workload.Round> rounds) {
        long first = 0;
        for (int i = 0; i < rounds.size() && !run.isStopping(); i++) {
            run.listener().roundStarted(i);
            first = closed(first, rounds.get(i), false);
        }
    }

    /// Each slot is a virtual thread that runs one instance after another: no thread hands over to another.
    ///
    /// @return the number of the instance that would be next
    private long closed(long first, Workload.Round round, boolean warmUp) {
        AtomicLong next = new AtomicLong();
        long most = round.most();
        long start = System.nanoTime();
        long length = nanos(round.duration());
        int slots = (int) Math.min(round.concurrency(), most);
        List<Thread> threads = new ArrayList<>(slots);
        for (int slot = 0; slot < slots; slot++) {
            threads.add(Thread.ofVirtual().name("slot-" + slot).start(() -> {
                while (!run.isStopping()) {
                    boolean over = System.nanoTime() - start >= length;
                    long number = over ? nextOf(next, round.least()) : nextOf(next, most);
                    if (number < 0) {
                        return;
                    }
                    long shifted = first + number;
                    run.runInstance(warmUp ? WARM_UP_NUMBERS + shifted : shifted, warmUp, System.nanoTime());
                }
            }));
        }
        threads.forEach(run::awaitEnd);
        return first + next.get();
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
    private void open(List<Workload.Stage> stages, int maxConcurrency, boolean warmUp) {
        InFlight running = new InFlight();
        Thread scheduler = Thread.ofPlatform()
                .daemon()
                .name("turbulence-arrivals-" + run.info().runId())
                .start(() -> arrive(new Arrivals(stages), new Semaphore(maxConcurrency), running, warmUp));
        run.awaitEnd(scheduler);
        running.awaitNone(run);
    }

    private void arrive(Arrivals arrivals, Semaphore free, InFlight running, boolean warmUp) {
        long start = System.nanoTime();
        long number = warmUp ? WARM_UP_NUMBERS : 0;
        for (long due = arrivals.next(); due != Arrivals.NONE && !run.isStopping(); due = arrivals.next()) {
            long scheduled = start + due;
            awaitUntil(scheduled);
            long mine = number++;
            if (!free.tryAcquire()) {
                run.listener().arrivalDropped(warmUp);
                continue;
            }
            running.begin();
            Thread.ofVirtual().name("instance-" + mine).start(() -> {
                try {
                    run.listener().arrived(warmUp, System.nanoTime() - scheduled);
                    run.runInstance(mine, warmUp, scheduled);
                } finally {
                    free.release();
                    running.end();
                }
            });
        }
    }

    private void awaitUntil(long nanoTime) {
        long left = nanoTime - System.nanoTime();
        while (left > 0 && !run.isStopping()) {
            LockSupport.parkNanos(Math.min(left, 100_000_000L));
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
