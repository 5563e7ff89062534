package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Runs what closes connections on threads of its own, so that neither an interrupted holder nor a close
/// that hangs does harm, and can wait for all of it.
final class Closer {

    private final String run;
    private final Logger log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition done = lock.newCondition();

    // Guarded by lock
    private int pending;
    private final Map<Thread, String> closing = new LinkedHashMap<>();
    private boolean collecting;
    private final List<Throwable> failures = new ArrayList<>();

    Closer(String run, Logger log) {
        this.run = run;
        this.log = log;
    }

    interface Task {
        void close() throws Exception;
    }

    /// Closes in the background.
    ///
    /// @param what  names it in messages
    /// @param after run when it is closed, or could not be
    void closeLater(String what, Task task, Runnable after) {
        lock.lock();
        try {
            pending++;
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("turbulence-" + run + "-closer").start(() -> {
            try {
                begun(what);
                closeNow(what, task);
                after.run();
            } finally {
                finished();
            }
        });
    }

    /// Closes on this thread. A failure is logged, or kept for [#await].
    void closeNow(String what, Task task) {
        try {
            task.close();
        } catch (Exception | LinkageError | AssertionError e) {
            failed(what, e);
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// From now on failures are kept instead of logged.
    void collect() {
        lock.lock();
        try {
            collecting = true;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until nothing is being closed any more.
    ///
    /// @return how many closes were still going on at the deadline
    int await(Deadline deadline) throws InterruptedException {
        lock.lock();
        try {
            long left = deadline.remainingNanos();
            while (pending > 0 && left > 0) {
                long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(100));
                long unused = done.awaitNanos(slice);
                left = unused <= 0 || pending > 0 ? deadline.remainingNanos() : left;
            }
            return pending;
        } finally {
            lock.unlock();
        }
    }

    /// What still does not close, told with where it hangs; each is interrupted.
    List<Throwable> giveUp(Duration waited) {
        Map<Thread, String> hanging;
        lock.lock();
        try {
            hanging = new LinkedHashMap<>(closing);
        } finally {
            lock.unlock();
        }
        List<Throwable> told = new ArrayList<>();
        hanging.forEach((thread, what) -> {
            StackTraceElement[] stack = thread.getStackTrace();
            told.add(new CloseHangsException(what, waited, stack));
            thread.interrupt();
        });
        return told;
    }

    List<Throwable> failures() {
        lock.lock();
        try {
            return List.copyOf(failures);
        } finally {
            lock.unlock();
        }
    }

    private void failed(String what, Throwable thrown) {
        boolean keep;
        lock.lock();
        try {
            keep = collecting;
            if (keep) {
                failures.add(thrown);
            }
        } finally {
            lock.unlock();
        }
        if (!keep) {
            log.log(Level.DEBUG, what + ": a connection did not close well", thrown);
        }
    }

    private void begun(String what) {
        lock.lock();
        try {
            closing.put(Thread.currentThread(), what);
        } finally {
            lock.unlock();
        }
    }

    private void finished() {
        lock.lock();
        try {
            pending--;
            closing.remove(Thread.currentThread());
            done.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
