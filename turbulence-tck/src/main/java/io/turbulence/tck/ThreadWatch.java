package io.turbulence.tck;

import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// Notices platform threads that are left behind.
final class ThreadWatch {

    /// Threads that the JDK or the test framework starts for itself and keeps.
    private static final List<String> NOT_OURS = List.of(
            "ForkJoinPool",
            "VirtualThread-unblocker",
            "VirtualThread-unparker",
            "Read-Poller",
            "Write-Poller",
            "MasterPoller",
            "Common-Cleaner",
            "Cleaner-",
            "process reaper",
            "Attach Listener",
            "junit-",
            "surefire-",
            "InnocuousThread",
            "C1 CompilerThread",
            "C2 CompilerThread");

    private final Set<Thread> before = Thread.getAllStackTraces().keySet();
    private final List<String> servers;

    /// @param servers beginnings of the names of threads that are the server's
    ThreadWatch(List<String> servers) {
        this.servers = List.copyOf(servers);
    }

    /// @throws AssertionError when threads that were not there before do not end soon
    void assertNoneLeft() {
        long end = System.nanoTime() + Promptly.soon().toNanos();
        List<String> left = left();
        while (!left.isEmpty() && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            left = left();
        }
        if (!left.isEmpty()) {
            throw new AssertionError(
                    "threads " + left + " were left behind after everything was closed; end them in close()");
        }
    }

    private List<String> left() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && !before.contains(thread))
                .map(Thread::getName)
                .filter(name ->
                        Stream.concat(NOT_OURS.stream(), servers.stream()).noneMatch(name::startsWith))
                .sorted()
                .toList();
    }
}
