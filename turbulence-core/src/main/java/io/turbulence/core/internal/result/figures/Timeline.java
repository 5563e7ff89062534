package io.turbulence.core.internal.result.figures;

import io.turbulence.core.internal.check.Figures;
import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.check.ThresholdResult;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.result.figures.RunSummary.Times;
import io.turbulence.core.internal.result.figures.StepStatistics.Counts;
import io.turbulence.core.internal.result.figures.StepStatistics.Time;
import io.turbulence.core.internal.result.json.JsonLines;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What happened second by second: the lines of `timeline.jsonl`, the console's picture of the moment and
/// thresholds over a window. Intervals are put in by one thread; [#newest] and [#thresholds] may be
/// called from any.
public final class Timeline {

    /// Intervals whose mean is the rate of the moment.
    private static final int SMOOTHED = 5;

    private final List<WindowedThreshold> windows = new ArrayList<>();
    private final List<Threshold> thresholds;
    private final long origin;
    private final Map<String, @Nullable Object> line = new LinkedHashMap<>();
    private final Map<String, @Nullable Object> stepsOfLine = new LinkedHashMap<>();
    private final Deque<Moment> moments = new ArrayDeque<>();
    private double seconds;
    private volatile Newest newest = Newest.NONE;
    private volatile @Nullable ThresholdResult settled;

    /// @param finished instances, in all
    private record Moment(double seconds, long finished) {}

    /// How the run stood at the end of the newest interval.
    ///
    /// @param rate    instances finished per second, of late
    /// @param latency of the action steps since the start
    /// @param steps   executed ones since the start
    public record Newest(
            double seconds, double rate, Times latency, List<RunSummary.Step> steps, List<ThresholdResult> thresholds) {

        static final Newest NONE = new Newest(0, 0, Times.NONE, List.of(), List.of());
    }

    /// @param origin from when seconds are counted, on the clock of the statistics
    public Timeline(RunInfo run, List<Threshold> thresholds, long origin) {
        this.origin = origin;
        this.thresholds = thresholds;
        for (Threshold threshold : thresholds) {
            if (threshold.window() != null) {
                windows.add(new WindowedThreshold(threshold));
            }
        }
        moments.add(new Moment(0, 0));
    }

    public void begin(double now, Statistics statistics) {
        seconds = now;
        double measuredFrom = statistics.measuredFrom(origin);
        if (statistics.isMeasuring() && measuredFrom < now) {
            windows.forEach(window -> window.begin(measuredFrom));
        }
        if (statistics.isAllStarted()) {
            windows.forEach(WindowedThreshold::allStarted);
        }
        line.clear();
        stepsOfLine.clear();
        line.put("t", Math.round(now * 1000) / 1000.0);
    }

    public void step(StepStatistics step, Counts interval) {
        windows.forEach(window -> window.step(step.info(), interval));
        if (interval.isEmpty()) {
            return;
        }
        Times times = Statistics.times(interval.histogram(Time.LATENCY));
        stepsOfLine.put(
                step.info().scenario() + "/" + step.info().name(),
                List.of(interval.executed(), interval.failed, times.p50(), times.p95(), times.p99()));
    }

    public void actions(Counts interval) {
        Times latency = Statistics.times(interval.histogram(Time.LATENCY));
        Times scheduled = Statistics.times(interval.histogram(Time.SCHEDULED_LATENCY));
        line.put("actions", interval.executed());
        line.put("failed_actions", interval.failed);
        line.put("latency_ms", points(latency));
        line.put("scheduled_latency_ms", points(scheduled));
    }

    /// Ends the interval.
    ///
    /// @return its line
    public byte[] end(Statistics statistics) {
        RunSummary.Instances instances = statistics.instances();
        long finished = instances.total() + statistics.warmUp();
        Moment before = moments.getLast();
        line.put("finished", finished);
        line.put("passed", instances.passed());
        line.put("failed", instances.failed());
        line.put("running", statistics.running());
        line.put("dropped", statistics.dropped());
        line.put("rate_per_s", rate(before, finished));
        if (statistics.isAllStarted()) {
            line.put("all_started", true);
        }
        line.put("steps", stepsOfLine);
        line.put("pools", pools(statistics.pools()));
        windows.forEach(window -> window.end(seconds, instances));
        double smooth = rate(moments.getFirst(), finished);
        moments.addLast(new Moment(seconds, finished));
        if (moments.size() > SMOOTHED) {
            moments.removeFirst();
        }
        newest = new Newest(seconds, smooth, statistics.latency(), statistics.stepSummaries(), thresholds(statistics));
        return JsonLines.line(line);
    }

    /// Ends the run after its last interval.
    public void finish(Statistics statistics) {
        double measuredTo = statistics.measuredFrom(origin) + statistics.measuredNanos() / 1e9;
        windows.forEach(window -> window.finish(measuredTo));
    }

    public Newest newest() {
        return newest;
    }

    /// How they stand while the run goes on.
    public List<ThresholdResult> thresholds(Statistics statistics) {
        List<ThresholdResult> results = new ArrayList<>(thresholds.size());
        for (Threshold threshold : thresholds) {
            results.add(evaluate(threshold, statistics::figureNow));
        }
        return results;
    }

    /// The run is stopped for this: the threshold does not hold, whatever is measured later.
    public void settle(ThresholdResult result) {
        settled = result;
    }

    /// What a threshold came to, with the figure of the whole run, unless the run was stopped for one that has become
    /// better since.
    public ThresholdResult result(Threshold threshold, Statistics statistics) {
        ThresholdResult whole = evaluate(threshold, statistics);
        ThresholdResult known = settled;
        if (known == null || !known.threshold().equals(threshold)) {
            return whole;
        }
        return whole.holds() || whole.actual().isEmpty() ? known : whole;
    }

    private ThresholdResult evaluate(Threshold threshold, Figures figures) {
        for (WindowedThreshold window : windows) {
            if (window.threshold().equals(threshold)) {
                return window.result();
            }
        }
        return threshold.evaluate(figures);
    }

    private double rate(Moment since, long finished) {
        double elapsed = seconds - since.seconds();
        return elapsed <= 0 ? 0 : Math.round((finished - since.finished()) / elapsed * 100) / 100.0;
    }

    private static @Nullable Map<String, Object> points(Times times) {
        if (times.count() == 0) {
            return null;
        }
        Map<String, Object> points = new LinkedHashMap<>();
        points.put("p50", times.p50());
        points.put("p95", times.p95());
        points.put("p99", times.p99());
        points.put("max", times.max());
        return points;
    }

    private static Map<String, Object> pools(Map<String, PoolFigures> pools) {
        Map<String, Object> content = new LinkedHashMap<>();
        pools.forEach((service, pool) ->
                content.put(service, List.of(pool.inUse(), pool.idle(), pool.waiting(), pool.opened())));
        return content;
    }
}
