package io.turbulence.websocket;

import io.turbulence.api.Failure;
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

/// What came over the connections that all instances share, between the threads that read them and the host's that
/// polls. Bounded: what does not fit drops the oldest, and that is a loss as the end of a connection is. Thread-safe.
final class Pushed {

    private static final int MOST = 100_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by lock
    private final Deque<Frame> frames = new ArrayDeque<>();
    private boolean woken;
    private Outcome.@Nullable Failed loss;
    private long sockets;

    /// A number for a new connection.
    long next() {
        lock.lock();
        try {
            sockets++;
            return sockets;
        } finally {
            lock.unlock();
        }
    }

    void add(Frame frame) {
        lock.lock();
        try {
            if (frames.size() >= MOST) {
                frames.removeFirst();
                loss = new Outcome.Failed(
                        Failure.TOO_LARGE,
                        "more than " + MOST
                                + " messages waited on the connections that instances share; the oldest were dropped",
                        null);
            }
            frames.addLast(frame);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// A connection is over, and what was to come over it is lost.
    void lost(Outcome.Failed why) {
        lock.lock();
        try {
            loss = why;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// What was lost since this was asked the last time; null when nothing was.
    Outcome.@Nullable Failed loss() {
        lock.lock();
        try {
            Outcome.Failed last = loss;
            loss = null;
            return last;
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

    void poll(Duration most, Consumer<Frame> consumer) throws InterruptedException {
        List<Frame> taken;
        lock.lockInterruptibly();
        try {
            long left = most.toNanos();
            while (frames.isEmpty() && !woken && loss == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            woken = false;
            taken = new ArrayList<>(frames);
            frames.clear();
        } finally {
            lock.unlock();
        }
        taken.forEach(consumer);
    }
}
