package io.turbulence.core.internal.result.soundness;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The meters of this process: the platform's beans, and on Linux the scheduler's account of each thread. For one
/// thread.
final class ProcessMeters implements GeneratorMeters {

    private static final Path THREADS = Path.of("/proc/self/task");

    private final com.sun.management.@Nullable OperatingSystemMXBean system;
    private Map<String, Long> queuedByThread = new HashMap<>();
    private long queued;

    ProcessMeters() {
        system = ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean bean
                ? bean
                : null;
    }

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public long wallMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public long cpuNanos() {
        return system == null ? 0 : Math.max(0, system.getProcessCpuTime());
    }

    /// Threads come and go, so that each one's share is added as it grows.
    @Override
    public long queuedNanos() {
        Map<String, Long> seen = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(THREADS)) {
            for (Path thread : threads) {
                String id = thread.getFileName().toString();
                long now = queuedNanos(thread);
                seen.put(id, now);
                queued += Math.max(0, now - queuedByThread.getOrDefault(id, 0L));
            }
        } catch (IOException | DirectoryIteratorException e) {
            return queued;
        }
        queuedByThread = seen;
        return queued;
    }

    @Override
    public int processors() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public double machineLoad() {
        return system == null ? -1 : system.getCpuLoad();
    }

    /// The second of three numbers; 0 of a thread that has ended meanwhile.
    private static long queuedNanos(Path thread) {
        try {
            String[] fields = Files.readString(thread.resolve("schedstat"), StandardCharsets.US_ASCII)
                    .split(" ", -1);
            return fields.length > 1 ? Long.parseLong(fields[1].strip()) : 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
