package io.turbulence.core.internal.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lists of steps that run beside each other, each on its own virtual thread. Ends when all have
/// ended; the first failure stops the others.
final class ParallelStep extends ContainerStep {

    private final List<List<Step>> branches;

    ParallelStep(Common common, List<List<Step>> branches) {
        super(common);
        this.branches = branches.stream().map(List::copyOf).toList();
    }

    @Override
    void execute(Execution execution, String path) throws InterruptedException {
        Instant startedAt = execution.now();
        long start = System.nanoTime();
        Stop inner = execution.stop().inner();
        Execution body = execution.inside(path, inner, deadline(execution));
        List<Branch> running = new ArrayList<>(branches.size());
        for (int i = 0; i < branches.size(); i++) {
            Branch branch = new Branch(body, branches.get(i), running);
            running.add(branch);
        }
        running.forEach(Branch::start);
        try {
            for (Branch branch : running) {
                branch.thread.join();
            }
        } catch (InterruptedException e) {
            running.forEach(Branch::cancel);
            joinAll(running);
            throw e;
        }
        for (Branch branch : running) {
            execution.variables().merge(branch.execution.variables());
            if (branch.broken != null) {
                throw branch.broken;
            }
        }
        if (body.limit().expired() && !inner.isSet()) {
            fail(
                    execution,
                    path,
                    FailureKind.ACTION,
                    "the %s passed".formatted(body.limit().limit()));
            return;
        }
        settle(execution, path, inner, startedAt, start);
    }

    private static void joinAll(List<Branch> running) {
        boolean interrupted = false;
        for (Branch branch : running) {
            while (branch.thread.isAlive()) {
                try {
                    branch.thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    branch.cancel();
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// One list of steps on its thread.
    private static final class Branch implements Runnable {

        private final Execution execution;
        private final List<Step> steps;
        private final List<Branch> all;
        private final Thread thread;
        private final Lane lane;
        private volatile @Nullable RuntimeException broken;

        Branch(Execution body, List<Step> steps, List<Branch> all) {
            this.steps = steps;
            this.all = all;
            this.thread = Thread.ofVirtual()
                    .name(Thread.currentThread().getName() + "/" + all.size())
                    .unstarted(this);
            this.lane = new Lane(thread);
            this.execution = body.branch(lane);
        }

        void start() {
            thread.start();
        }

        void cancel() {
            lane.cancel(execution.instance().run().timer());
        }

        @Override
        public void run() {
            execution.instance().add(lane);
            try {
                runAll(steps, execution);
            } catch (InterruptedException e) {
                // Cancelled by a branch that failed, or with the whole instance; who did it knows
                execution.stop().set();
            } catch (RuntimeException e) {
                broken = e;
                execution.stop().set();
            } finally {
                execution.instance().remove(lane);
                if (execution.stop().isSet()) {
                    all.stream().filter(branch -> branch != this).forEach(Branch::cancel);
                }
            }
        }
    }
}
