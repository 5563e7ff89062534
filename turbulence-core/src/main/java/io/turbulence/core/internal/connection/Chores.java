package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a registry does in the background, such as opening another connection: each on a thread of its own that ends
/// before the registry is closed, as what it opens must be closed too. Thread-safe.
final class Chores {

    private final String run;
    private final Object lock = new Object();

    // Guarded by lock
    private final Set<Thread> threads = new HashSet<>();
    private boolean ending;

    Chores(String run) {
        this.run = run;
    }

    /// One that begins when all are to end is interrupted at once.
    void start(String name, Runnable work) {
        Thread thread = Thread.ofVirtual()
                .name("turbulence-" + run + "-" + name)
                .unstarted(() -> {
                    try {
                        work.run();
                    } finally {
                        ended(Thread.currentThread());
                    }
                });
        synchronized (lock) {
            threads.add(thread);
            thread.start();
            if (ending) {
                thread.interrupt();
            }
        }
    }

    /// Interrupts all.
    void end() {
        synchronized (lock) {
            ending = true;
            threads.forEach(Thread::interrupt);
        }
    }

    /// Waits until none goes on any more, at most until the deadline.
    void await(Deadline deadline) throws InterruptedException {
        for (Thread thread : going()) {
            if (!thread.join(deadline.remaining())) {
                return;
            }
        }
    }

    private List<Thread> going() {
        synchronized (lock) {
            return List.copyOf(threads);
        }
    }

    private void ended(Thread thread) {
        synchronized (lock) {
            threads.remove(thread);
        }
    }
}
