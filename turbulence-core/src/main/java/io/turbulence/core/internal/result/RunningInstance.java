package io.turbulence.core.internal.result;

import io.turbulence.core.internal.engine.event.AssertionResult;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.result.figures.ErrorKinds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is kept of an instance until it ends, in case it fails and becomes an example. Thread-safe,
/// since branches of `parallel` run at once.
final class RunningInstance {

    /// Of an instance that loops for long the newest are kept.
    private static final int MOST = 200;

    private final boolean whole;
    private final boolean keeping;
    private @Nullable Deque<StepResult> steps;
    private @Nullable Deque<AssertionResult> assertions;
    private int omitted;
    private ErrorKinds.@Nullable Kind failure;

    /// @param whole   whether its lines were written as they came
    /// @param keeping whether it may become an example with all its steps; else only those that failed are kept
    RunningInstance(boolean whole, boolean keeping) {
        this.whole = whole;
        this.keeping = keeping;
    }

    boolean isWhole() {
        return whole;
    }

    synchronized void add(StepResult step) {
        if (!keeping && step.ok()) {
            omitted++;
            return;
        }
        Deque<StepResult> all = steps;
        if (all == null) {
            all = new ArrayDeque<>(4);
            steps = all;
        }
        if (all.size() == MOST) {
            all.removeFirst();
            omitted++;
        }
        all.addLast(step);
    }

    synchronized void add(AssertionResult assertion) {
        if (!keeping && assertion.ok()) {
            return;
        }
        Deque<AssertionResult> all = assertions;
        if (all == null) {
            all = new ArrayDeque<>(4);
            assertions = all;
        }
        if (all.size() == MOST) {
            all.removeFirst();
        }
        all.addLast(assertion);
    }

    /// The first failure names the instance's kind.
    synchronized void failed(ErrorKinds.Kind kind) {
        if (failure == null) {
            failure = kind;
        }
    }

    synchronized ErrorKinds.@Nullable Kind failure() {
        return failure;
    }

    synchronized List<StepResult> steps() {
        return steps == null ? List.of() : new ArrayList<>(steps);
    }

    synchronized List<AssertionResult> assertions() {
        return assertions == null ? List.of() : new ArrayList<>(assertions);
    }

    synchronized int omitted() {
        return omitted;
    }
}
