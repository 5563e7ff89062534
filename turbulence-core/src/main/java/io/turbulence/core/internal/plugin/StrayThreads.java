package io.turbulence.core.internal.plugin;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Finds threads that a plugin left behind.
final class StrayThreads {

    private StrayThreads() {}

    /// @param end until when threads may end, on the clock of [System#nanoTime]
    static Optional<PluginProblem> of(LoadedPlugin plugin, long end) {
        List<Thread> alive = alive(plugin.classLoader());
        for (Thread thread : alive) {
            await(thread, end);
        }
        List<String> left = alive.stream()
                .filter(Thread::isAlive)
                .map(thread -> "'" + thread.getName() + "'")
                .sorted()
                .toList();
        return left.isEmpty()
                ? Optional.empty()
                : Optional.of(PluginProblem.of(
                        PluginCode.PLUGIN_LEAK,
                        "plugin " + plugin.describe() + " left " + left.size()
                                + (left.size() == 1 ? " thread" : " threads")
                                + " running after all of its connections were closed: "
                                + left.stream().limit(5).collect(Collectors.joining(", "))
                                + (left.size() > 5 ? ", …" : "")
                                + ". End in close() what open() starts: tell its author."));
    }

    @SuppressWarnings("ReferenceEquality") // a loader and a thread are themselves and nothing else
    private static List<Thread> alive(ClassLoader loader) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        loader.equals(thread.getContextClassLoader()) && !thread.equals(Thread.currentThread()))
                .toList();
    }

    private static void await(Thread thread, long end) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
            return;
        }
        try {
            thread.join(left);
        } catch (InterruptedException e) {
            // Told as it is now; who interrupts wants no waiting
            Thread.currentThread().interrupt();
        }
    }
}
