package io.turbulence.testkit;

import io.turbulence.api.Deadline;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;
import io.turbulence.spi.Mailbox;
import io.turbulence.spi.Matcher;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A mailbox, or an inbox when only taken from, that keeps what is delivered in a list. Bounded as
/// the host's is: what does not fit drops the oldest. Thread-safe.
public final class FakeMailbox implements Mailbox {

    private final int capacity;

    /// Guards all below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final List<Frame> waiting = new ArrayList<>();
    private long count;
    private long overflowed;
    private Outcome.@Nullable Failed failure;
    private boolean closed;

    /// One that holds 1,000 messages.
    public FakeMailbox() {
        this(1000);
    }

    public FakeMailbox(int capacity) {
        this.capacity = capacity;
    }

    @Override
    public void deliver(Frame frame) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            count++;
            waiting.add(frame);
            if (waiting.size() > capacity) {
                waiting.removeFirst();
                overflowed++;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void fail(Outcome.Failed why) {
        lock.lock();
        try {
            failure = failure == null ? why : failure;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable Frame take(Matcher matcher, Deadline deadline) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                Frame frame = remove(matcher);
                if (frame != null) {
                    return frame;
                }
                if (failure != null) {
                    throw new FailureException(failure.failure(), failure.message(), failure.cause());
                }
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    return null;
                }
                changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Arrivals arrivals(Matcher matcher) {
        lock.lock();
        try {
            return new Arrivals(
                    count,
                    overflowed,
                    waiting.stream().limit(3).map(matcher::explain).toList());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void reopen() {
        lock.lock();
        try {
            failure = null;
            waiting.clear();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    /// Whether it was closed.
    public boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Frame remove(Matcher matcher) {
        for (Iterator<Frame> frames = waiting.iterator(); frames.hasNext(); ) {
            Frame frame = frames.next();
            if (matcher.matches(frame)) {
                frames.remove();
                return frame;
            }
        }
        return null;
    }
}
