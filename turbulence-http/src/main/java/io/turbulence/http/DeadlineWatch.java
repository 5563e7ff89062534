package io.turbulence.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/*
 * A read with a time limit of its own costs a virtual thread a timer that is almost never needed. So
 * reads, writes and waits here have none: each wire, and each stream of HTTP/2, says when its exchange
 * must end, and one thread looks at all of them every few milliseconds and cuts those that are late.
 * Looking costs one volatile read for each; the more there are, the rarer it looks.
 */
/// Cuts every exchange that is not done by its deadline. One thread, there only while wires are
/// open. Thread-safe.
final class DeadlineWatch {

    private static final long SHORTEST_ROUND = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long ROUND_PER_EXCHANGE = TimeUnit.MICROSECONDS.toNanos(2);
    private static final long LINGER = TimeUnit.MILLISECONDS.toNanos(100);

    /// What may hold exchanges that become late.
    interface Watched {

        /// Cuts what is late. Called from the watch's thread, often; must neither wait nor fail.
        ///
        /// @param now a time of the monotonic clock
        /// @return how many exchanges it looked at
        int cutIfLate(long now);
    }

    private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
    /// Guards `running` and the thread's decision to end.
    private final ReentrantLock lock = new ReentrantLock();
    private boolean running;

    void add(Watched one) {
        watched.add(one);
        lock.lock();
        try {
            if (!running) {
                running = true;
                Thread.ofPlatform().daemon().name("turbulence-http-deadlines").start(this::watch);
            }
        } finally {
            lock.unlock();
        }
    }

    void remove(Watched one) {
        watched.remove(one);
    }

    private void watch() {
        long idleSince = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            int open = 0;
            for (Watched one : watched) {
                open += one.cutIfLate(now);
            }
            if (!watched.isEmpty()) {
                idleSince = now;
            }
            if (!pause(open, now - idleSince)) {
                return;
            }
        }
    }

    /// @return false when the thread has to end
    private boolean pause(int open, long idle) {
        lock.lock();
        try {
            if (idle > LINGER && watched.isEmpty()) {
                running = false;
                return false;
            }
        } finally {
            lock.unlock();
        }
        LockSupport.parkNanos(this, SHORTEST_ROUND + open * ROUND_PER_EXCHANGE);
        return true;
    }
}
