package io.turbulence.core.internal.result.figures;

import io.turbulence.core.internal.result.json.JsonView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A second of a run, or several that were drawn together: of rates the mean, of p50 the mean weighted
/// by counts, of higher percentiles and of what is running or waiting the highest.
///
/// @param seconds   the end, since the start
/// @param steps     p95 in milliseconds by `scenario/step`
/// @param pools     in use, idle, waiting and opened by service
public record TimelinePoint(
        double seconds,
        double rate,
        double failedPerSecond,
        double failedActionsPerSecond,
        double running,
        @Nullable Double p50,
        @Nullable Double p95,
        @Nullable Double p99,
        @Nullable Double max,
        @Nullable Double scheduledP99,
        Map<String, Double> steps,
        Map<String, double[]> pools) {

    private static final int MOST = 600;

    /// Takes the lines of `timeline.jsonl` in order. However many come, between 600 and 1,200 buckets
    /// are kept: when there are too many, neighbours are put together.
    public static final class Collector {

        private final List<Bucket> buckets = new ArrayList<>();
        private int linesOfABucket = 1;
        private @Nullable Bucket current;
        private double before;
        private double failedBefore;

        public void add(JsonView line) {
            double now = line.get("t").number();
            Bucket bucket = current;
            if (bucket == null) {
                bucket = new Bucket();
                current = bucket;
            }
            double failed = line.get("failed").number();
            bucket.add(line, now - before, failed - failedBefore);
            before = now;
            failedBefore = failed;
            if (bucket.lines == linesOfABucket) {
                buckets.add(bucket);
                current = null;
            }
            if (buckets.size() == 2 * MOST) {
                halve();
            }
        }

        public List<TimelinePoint> points() {
            List<TimelinePoint> points = new ArrayList<>();
            buckets.forEach(bucket -> points.add(bucket.point()));
            Bucket last = current;
            if (last != null) {
                points.add(last.point());
            }
            return points;
        }

        private void halve() {
            List<Bucket> halved = new ArrayList<>();
            for (int i = 0; i < buckets.size(); i += 2) {
                Bucket bucket = buckets.get(i);
                bucket.add(buckets.get(i + 1));
                halved.add(bucket);
            }
            buckets.clear();
            buckets.addAll(halved);
            linesOfABucket *= 2;
        }
    }

    private static final class Bucket {

        private int lines;
        private double end;
        private double length;
        private double finished;
        private double failed;
        private double failedActions;
        private double running;
        private double actions;
        private double p50Sum;
        private @Nullable Double p95;
        private @Nullable Double p99;
        private @Nullable Double max;
        private @Nullable Double scheduledP99;
        private final Map<String, Double> steps = new LinkedHashMap<>();
        private final Map<String, double[]> pools = new LinkedHashMap<>();

        void add(JsonView line, double seconds, double newlyFailed) {
            lines++;
            end = line.get("t").number();
            length += seconds;
            finished += line.get("rate_per_s").number() * seconds;
            failed += newlyFailed;
            failedActions += line.get("failed_actions").number();
            running = Math.max(running, line.get("running").number());
            JsonView latency = line.get("latency_ms");
            if (!latency.isNull()) {
                double count = line.get("actions").number();
                actions += count;
                p50Sum += latency.get("p50").number() * count;
                p95 = highest(p95, latency.get("p95").numberOrNull());
                p99 = highest(p99, latency.get("p99").numberOrNull());
                max = highest(max, latency.get("max").numberOrNull());
                scheduledP99 = highest(
                        scheduledP99,
                        line.get("scheduled_latency_ms").get("p99").numberOrNull());
            }
            line.get("steps")
                    .map()
                    .forEach((step, figures) -> steps.merge(step, figures.at(3).number(), Math::max));
            line.get("pools")
                    .map()
                    .forEach((service, figures) -> addPool(service, new double[] {
                        figures.at(0).number(),
                        figures.at(1).number(),
                        figures.at(2).number(),
                        figures.at(3).number()
                    }));
        }

        void add(Bucket later) {
            lines += later.lines;
            end = later.end;
            length += later.length;
            finished += later.finished;
            failed += later.failed;
            failedActions += later.failedActions;
            running = Math.max(running, later.running);
            actions += later.actions;
            p50Sum += later.p50Sum;
            p95 = highest(p95, later.p95);
            p99 = highest(p99, later.p99);
            max = highest(max, later.max);
            scheduledP99 = highest(scheduledP99, later.scheduledP99);
            later.steps.forEach((step, figure) -> steps.merge(step, figure, Math::max));
            later.pools.forEach(this::addPool);
        }

        private void addPool(String service, double[] figures) {
            pools.merge(
                    service, figures, (a, b) -> new double[] {
                        Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])
                    });
        }

        TimelinePoint point() {
            double seconds = Math.max(length, 1e-3);
            return new TimelinePoint(
                    end,
                    finished / seconds,
                    failed / seconds,
                    failedActions / seconds,
                    running,
                    actions == 0 ? null : Double.valueOf(p50Sum / actions),
                    p95,
                    p99,
                    max,
                    scheduledP99,
                    steps,
                    pools);
        }

        private static @Nullable Double highest(@Nullable Double a, @Nullable Double b) {
            if (a == null || b == null) {
                return a == null ? b : a;
            }
            return Math.max(a, b);
        }
    }
}
