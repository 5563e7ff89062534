package io.turbulence.http;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/*
 * A read with a time limit of its own costs a virtual thread a timer that is almost never needed. So
 * reads and writes here have none: each wire says when its exchange must end, and one thread looks at
 * all of them every few milliseconds and cuts those that are late. Looking costs one volatile read for
 * each open wire; the more are open, the rarer it looks.
 */
/// Cuts every wire whose exchange is not done by its deadline. One thread, there only while wires are
/// open. Thread-safe.
final class DeadlineWatch {

    private static final long SHORTEST_ROUND = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long ROUND_PER_WIRE = TimeUnit.MICROSECONDS.toNanos(2);
    private static final long LINGER = TimeUnit.MILLISECONDS.toNanos(100);

    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    /// Guards `running` and the thread's decision to end.
    private final ReentrantLock lock = new ReentrantLock();
    private boolean running;

    void add(Wire wire) {
        wires.add(wire);
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

    void remove(Wire wire) {
        wires.remove(wire);
    }

    private void watch() {
        long idleSince = System.nanoTime();
        while (true) {
            long now = System.nanoTime();
            int open = 0;
            for (Wire wire : wires) {
                wire.cutIfLate(now);
                open++;
            }
            if (open > 0) {
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
            if (idle > LINGER && wires.isEmpty()) {
                running = false;
                return false;
            }
        } finally {
            lock.unlock();
        }
        LockSupport.parkNanos(this, SHORTEST_ROUND + open * ROUND_PER_WIRE);
        return true;
    }
}
