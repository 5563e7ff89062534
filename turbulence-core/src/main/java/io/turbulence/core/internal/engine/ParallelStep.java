package io.turbulence.core.internal.engine;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lists of steps that run beside each other, each on its own virtual thread. Ends when all have
/// ended; the first failure stops the others.
public final class ParallelStep extends ContainerStep {

    private final List<List<Step>> branches;

    public ParallelStep(Common common, List<List<Step>> branches) {
        super(common);
        this.branches = branches.stream().map(List::copyOf).toList();
    }

    @Override
    void execute(Execution execution, String path) {
        Instant startedAt = execution.clock();
        long start = System.nanoTime();
        Stop inner = execution.stop().inner();
        Execution body = execution.inside(path, inner, deadline(execution));
        List<Branch> running = new ArrayList<>(branches.size());
        for (int i = 0; i < branches.size(); i++) {
            Branch branch = new Branch(body, branches.get(i), running);
            running.add(branch);
        }
        running.forEach(Branch::start);
        joinAll(running);
        execution.lane().cause(null);
        for (Branch branch : running) {
            execution.variables().merge(branch.execution.variables());
        }
        for (Branch branch : running) {
            if (branch.broken != null) {
                throw branch.broken;
            }
        }
        settle(execution, path, body, startedAt, start);
    }

    /// Waits for all, also when cancelled: an instance that is cancelled cancels each of its lanes.
    private static void joinAll(List<Branch> running) {
        for (Branch branch : running) {
            while (branch.thread.isAlive()) {
                try {
                    branch.thread.join();
                } catch (InterruptedException e) {
                    running.forEach(Branch::cancel);
                }
            }
        }
    }

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
            this.lane = body.lane().branch(thread);
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
            } catch (RuntimeException | Error e) {
                broken = e instanceof RuntimeException known ? known : new IllegalStateException(e);
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
