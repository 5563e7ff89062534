package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.api.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/*
 * A write blocks for as long as the peer does not read, and cannot be given a deadline. So whoever sends leaves frames
 * here and waits for them to be written; they are written by a thread that is there only while there is something to
 * write. An answer to a ping so never holds up who reads, and an interrupted instance never ends the socket.
 */
/// Frames on their way out. Thread-safe.
final class Outbox {

    private static final int MOST_UNASKED = 64;

    private final Wire wire;
    private final String name;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition written = lock.newCondition();

    // Guarded by lock
    private final Deque<ByteBuffer> waiting = new ArrayDeque<>(2);
    private long added;
    private long done;
    private boolean writing;
    private boolean sealed;
    private @Nullable IOException broken;

    Outbox(Wire wire, String name) {
        this.wire = wire;
        this.name = name;
    }

    /// Adds frames, which are not parted by others.
    ///
    /// @return what to wait for
    /// @throws IOException when the last frame was added already
    long add(List<ByteBuffer> frames) throws IOException {
        lock.lock();
        try {
            if (sealed) {
                throw new IOException("it is being closed");
            }
            return queue(frames);
        } finally {
            lock.unlock();
        }
    }

    /// Adds the last frame: nothing is sent behind a close frame.
    void addLast(ByteBuffer frame) {
        lock.lock();
        try {
            if (!sealed) {
                queue(List.of(frame));
                sealed = true;
            }
        } finally {
            lock.unlock();
        }
    }

    private long queue(List<ByteBuffer> frames) {
        lock.lock();
        try {
            waiting.addAll(frames);
            added += frames.size();
            if (!writing) {
                writing = true;
                Thread.ofVirtual().name(name).start(this::write);
            }
            return added;
        } finally {
            lock.unlock();
        }
    }

    /// Adds a frame that nobody waits for, unless the peer lets too many of them wait.
    void addUnasked(ByteBuffer frame) {
        lock.lock();
        try {
            if (!sealed && waiting.size() < MOST_UNASKED) {
                queue(List.of(frame));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits until what was added is handed to the network.
    ///
    /// @return false when the deadline passed first
    /// @throws IOException when the connection broke
    boolean await(long ticket, Deadline deadline) throws InterruptedException, IOException {
        lock.lockInterruptibly();
        try {
            while (done < ticket) {
                if (broken != null) {
                    throw new IOException(broken.getMessage(), broken);
                }
                long left = deadline.remainingNanos();
                if (left <= 0) {
                    return false;
                }
                if (written.awaitNanos(left) <= 0 && done < ticket && broken == null) {
                    return false;
                }
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// What to wait for, for all that was added up to now.
    long added() {
        lock.lock();
        try {
            return added;
        } finally {
            lock.unlock();
        }
    }

    /// Nothing more is written; who waits is told.
    void fail(Outcome.Failed why) {
        end(new IOException(why.message()));
    }

    private void end(IOException why) {
        lock.lock();
        try {
            if (broken == null) {
                broken = why;
            }
            waiting.clear();
            written.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        try {
            for (ByteBuffer next = next(); next != null; next = next()) {
                wire.write(next.array(), next.arrayOffset() + next.position(), next.remaining());
                written();
            }
        } catch (IOException e) {
            // Whoever reads learns of it too, and says what it means
            end(e);
        }
    }

    private @Nullable ByteBuffer next() {
        lock.lock();
        try {
            ByteBuffer next = waiting.pollFirst();
            writing = next != null;
            return next;
        } finally {
            lock.unlock();
        }
    }

    private void written() {
        lock.lock();
        try {
            done++;
            written.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
