package io.turbulence.websocket;

import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What came over a connection that all instances share, between the thread that reads it and the host's that polls.
/// Bounded: what does not fit drops the oldest. Thread-safe.
final class Pushed {

    private static final int MOST = 100_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock
    private final Deque<Frame> frames = new ArrayDeque<>();
    private boolean woken;
    private boolean told;
    private Outcome.@Nullable Failed failure;

    void add(Frame frame) {
        lock.lock();
        try {
            if (frames.size() >= MOST) {
                frames.removeFirst();
                tellOnce();
            }
            frames.addLast(frame);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private void tellOnce() {
        if (!told) {
            told = true;
            System.getLogger(Pushed.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "more than " + MOST + " messages wait on a connection that instances share; the oldest are"
                                    + " dropped");
        }
    }

    void fail(Outcome.Failed why) {
        lock.lock();
        try {
            failure = why;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    void wakeup() {
        lock.lock();
        try {
            woken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// @throws FailureException when the connection is over and nothing is left
    void poll(Duration most, Consumer<Frame> consumer) throws InterruptedException {
        List<Frame> taken;
        lock.lockInterruptibly();
        try {
            long left = most.toNanos();
            while (frames.isEmpty() && !woken && failure == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            woken = false;
            if (frames.isEmpty() && failure != null) {
                throw new FailureException(failure.failure(), failure.message(), failure.cause());
            }
            taken = new ArrayList<>(frames);
            frames.clear();
        } finally {
            lock.unlock();
        }
        taken.forEach(consumer);
    }
}
