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

    /// Each slot is a virtual thread that runs one instance after another: no thread hands over to another.
    private void closed(@Nullable Long instances, @Nullable Duration duration, int concurrency, boolean warmUp) {
        AtomicLong next = new AtomicLong();
        long most = instances == null ? Long.MAX_VALUE : instances;
        long start = System.nanoTime();
        long length = duration == null ? Long.MAX_VALUE : duration.toNanos();
        int slots = (int) Math.min(concurrency, most);
        List<Thread> threads = new ArrayList<>(slots);
        for (int slot = 0; slot < slots; slot++) {
            threads.add(Thread.ofVirtual().name("slot-" + slot).start(() -> {
                while (!run.isStopping() && System.nanoTime() - start < length) {
                    long number = next.getAndIncrement();
                    if (number >= most) {
                        return;
                    }
                    run.runInstance(warmUp ? WARM_UP_NUMBERS + number : number, warmUp, System.nanoTime());
                }
            }));
        }
        threads.forEach(Run::joinUninterruptibly);
    }

    /// The schedule runs on a platform thread: virtual threads are not sliced in time, and a busy carrier
    /// must not delay an arrival.
    private void open(List<Workload.Stage> stages, int maxConcurrency, boolean warmUp) {
        InFlight running = new InFlight();
        Thread scheduler = Thread.ofPlatform()
                .daemon()
                .name("turbulence-arrivals-" + run.info().runId())
                .start(() -> arrive(new Arrivals(stages), new Semaphore(maxConcurrency), running, warmUp));
        Run.joinUninterruptibly(scheduler);
        running.awaitNone();
    }

    private void arrive(Arrivals arrivals, Semaphore free, InFlight running, boolean warmUp) {
        long start = System.nanoTime();
        long number = warmUp ? WARM_UP_NUMBERS : 0;
        for (long due = arrivals.next(); due != Arrivals.NONE && !run.isStopping(); due = arrivals.next()) {
            long scheduled = start + due;
            awaitUntil(scheduled);
            long mine = number++;
            if (!free.tryAcquire()) {
                run.listener().arrivalDropped();
                continue;
            }
            running.begin();
            Thread.ofVirtual().name("instance-" + mine).start(() -> {
                try {
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

        private long count;

        synchronized void begin() {
            count++;
        }

        synchronized void end() {
            if (--count == 0) {
                notifyAll();
            }
        }

        synchronized void awaitNone() {
            boolean interrupted = false;
            while (count > 0) {
                try {
                    wait();
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
