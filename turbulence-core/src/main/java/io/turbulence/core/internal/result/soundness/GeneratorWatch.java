package io.turbulence.core.internal.result.soundness;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.turbulence.core.internal.result.figures.GeneratorFigures;
import io.turbulence.core.internal.result.figures.GeneratorFigures.Pauses;
import io.turbulence.core.internal.result.figures.GeneratorFigures.Pinned;
import io.turbulence.core.internal.result.figures.GeneratorFigures.Stretches;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import javax.management.ListenerNotFoundException;
import javax.management.Notification;
import javax.management.NotificationEmitter;
import javax.management.NotificationListener;
import javax.management.openmbean.CompositeData;
import org.jspecify.annotations.Nullable;

/// Looks after the process that makes the load: whether it had its processors, and what held it up. [#sample] is
/// called about once a second by one thread; pauses are told by a thread of the platform's.
public final class GeneratorWatch implements AutoCloseable {

    static final double HIGH_CPU = 0.80;
    static final double VERY_HIGH_CPU = 0.95;
    static final double HIGH_STARVED = 0.50;
    static final double VERY_HIGH_STARVED = 0.80;

    /// A process that wants less than this share of one processor says nothing of how it gets on.
    private static final double WANTS_LITTLE = 0.3;

    private static final long TEN_SECONDS_MILLIS = 10_000;

    /// An interval so short tells nothing.
    private static final long SHORTEST_NANOS = 200_000_000L;

    private final GeneratorMeters meters;
    private final @Nullable PinnedThreads pinned;
    private final List<NotificationEmitter> collectors = new ArrayList<>();
    private final NotificationListener listener = this::notified;
    private final Share busy = new Share(HIGH_CPU, VERY_HIGH_CPU);
    private final Share starved = new Share(HIGH_STARVED, VERY_HIGH_STARVED);
    private final Share machine = new Share(VERY_HIGH_CPU, VERY_HIGH_CPU);
    private long nanos;
    private long wall;
    private long cpu;
    private long queued;
    private long measuredNanos;
    private double clockJump;
    private volatile boolean measuring;

    /// Guarded by itself: the pauses of the last ten seconds.
    private final Deque<Pause> recent = new ArrayDeque<>();

    /// Guarded by `recent`.
    private long longestPause;

    /// Guarded by `recent`.
    private long worstTen;

    private record Pause(long endMillis, long millis) {}

    /// @param pinned null where nobody looks for pinned threads
    GeneratorWatch(GeneratorMeters meters, @Nullable PinnedThreads pinned) {
        this.meters = meters;
        this.pinned = pinned;
        nanos = meters.nanoTime();
        wall = meters.wallMillis();
        cpu = meters.cpuNanos();
        queued = meters.queuedNanos();
    }

    /// Of this process.
    ///
    /// @param isLoad whether the run is long enough for what takes a while to start
    public static GeneratorWatch start(String runId, boolean isLoad) {
        GeneratorWatch watch = new GeneratorWatch(new ProcessMeters(), isLoad ? PinnedThreads.start(runId) : null);
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter && pauses(collector.getName())) {
                emitter.addNotificationListener(watch.listener, null, null);
                watch.collectors.add(emitter);
            }
        }
        return watch;
    }

    /// Beans of collectors that work beside the program tell cycles, which hold nothing up.
    private static boolean pauses(String collector) {
        String name = collector.toLowerCase(Locale.ROOT);
        return !name.contains("concurrent") && !name.contains("cycles");
    }

    /// Ends an interval. Its figures count when it was measured from its beginning to its end.
    ///
    /// @param measuringNow whether what runs now is in the results
    public void sample(boolean measuringNow) {
        long now = meters.nanoTime();
        long length = now - nanos;
        if (length < SHORTEST_NANOS) {
            return;
        }
        long wallNow = meters.wallMillis();
        long cpuNow = meters.cpuNanos();
        long queuedNow = meters.queuedNanos();
        if (measuring) {
            add(length, cpuNow - cpu, queuedNow - queued, meters.machineLoad());
            see((wallNow - wall) / 1000.0 - length / 1e9);
        }
        nanos = now;
        wall = wallNow;
        cpu = cpuNow;
        queued = queuedNow;
        measuring = measuringNow;
        if (pinned != null) {
            pinned.measuring(measuringNow);
        }
    }

    public GeneratorFigures figures() {
        Pauses pauses;
        synchronized (recent) {
            pauses = new Pauses(longestPause, worstTen);
        }
        Pinned pins = pinned == null ? Pinned.NONE : pinned.figures(measuredNanos * meters.processors());
        return new GeneratorFigures(
                busy.stretches(), starved.stretches(), machine.stretches(), pauses, pins, clockJump);
    }

    /// Idempotent.
    @Override
    public void close() {
        for (NotificationEmitter collector : collectors) {
            try {
                collector.removeNotificationListener(listener);
            } catch (ListenerNotFoundException e) {
                System.getLogger(GeneratorWatch.class.getName())
                        .log(System.Logger.Level.DEBUG, "nobody listened to a collector any more", e);
            }
        }
        collectors.clear();
        if (pinned != null) {
            pinned.close();
        }
    }

    private void add(long length, long took, long waited, double machineLoad) {
        double seconds = length / 1e9;
        measuredNanos += length;
        busy.add(seconds, Math.min(1, (double) took / length / meters.processors()));
        double wanted = took + (double) waited;
        starved.add(seconds, wanted < WANTS_LITTLE * length ? 0 : waited / wanted);
        machine.add(seconds, machineLoad);
    }

    private void see(double apart) {
        if (Math.abs(apart) > Math.abs(clockJump)) {
            clockJump = apart;
        }
    }

    private void notified(Notification notification, @Nullable Object handback) {
        if (!notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
            return;
        }
        var collected = GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData());
        paused(collected.getGcInfo().getEndTime(), collected.getGcInfo().getDuration());
    }

    /// Notes a pause of garbage collection.
    ///
    /// @param endMillis on any clock that goes evenly
    void paused(long endMillis, long millis) {
        if (!measuring) {
            return;
        }
        synchronized (recent) {
            recent.addLast(new Pause(endMillis, millis));
            while (endMillis - recent.getFirst().endMillis() > TEN_SECONDS_MILLIS) {
                recent.removeFirst();
            }
            longestPause = Math.max(longestPause, millis);
            worstTen =
                    Math.max(worstTen, recent.stream().mapToLong(Pause::millis).sum());
        }
    }

    /// A share over time, and how long it was above two limits.
    private static final class Share {

        private double seconds;
        private double sum;
        private double highest;
        private final Stretch high;
        private final Stretch veryHigh;

        Share(double high, double veryHigh) {
            this.high = new Stretch(high);
            this.veryHigh = new Stretch(veryHigh);
        }

        void add(double length, double share) {
            if (share < 0) {
                return;
            }
            seconds += length;
            sum += length * share;
            highest = Math.max(highest, share);
            high.add(length, share);
            veryHigh.add(length, share);
        }

        private double mean() {
            return seconds == 0 ? 0 : sum / seconds;
        }

        Stretches stretches() {
            return new Stretches(mean(), highest, high.length, high.mean(), veryHigh.length, veryHigh.mean());
        }
    }

    private static final class Stretch {

        private final double limit;
        private double length;
        private double sum;

        Stretch(double limit) {
            this.limit = limit;
        }

        void add(double seconds, double share) {
            if (share > limit) {
                length += seconds;
                sum += seconds * share;
            }
        }

        double mean() {
            return length == 0 ? 0 : sum / length;
        }
    }
}
