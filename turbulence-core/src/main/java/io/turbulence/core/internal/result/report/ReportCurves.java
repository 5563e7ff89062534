package io.turbulence.core.internal.result.report;

import io.turbulence.core.internal.result.figures.Statistics;
import io.turbulence.core.internal.result.figures.TimelinePoint;
import io.turbulence.core.internal.result.json.JsonView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// What the charts of a report show, as JSON. Bounded in the number of points and of curves.
final class ReportCurves {

    private static final int MOST_STEPS = 24;
    private static final int MOST_POOLS = 8;
    private static final String LATENCY = ":latency";
    private static final double[] PERCENTILES = {
        0, 10, 20, 30, 40, 50, 60, 70, 75, 80, 85, 90, 92.5, 95, 96, 97, 98, 98.5, 99, 99.25, 99.5, 99.75, 99.9, 99.95,
        99.99, 99.995, 99.999
    };

    private final ReportData data;

    ReportCurves(ReportData data) {
        this.data = data;
    }

    Map<String, @Nullable Object> content() {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("t", values(TimelinePoint::seconds));
        content.put("rate", values(TimelinePoint::rate));
        content.put("running", values(TimelinePoint::running));
        content.put("failed", values(TimelinePoint::failedPerSecond));
        content.put("failedActions", values(TimelinePoint::failedActionsPerSecond));
        content.put("p50", values(TimelinePoint::p50));
        content.put("p95", values(TimelinePoint::p95));
        content.put("p99", values(TimelinePoint::p99));
        content.put("max", values(TimelinePoint::max));
        content.put("scheduled", values(TimelinePoint::scheduledP99));
        content.put("pools", pools());
        content.put("stepSeries", stepSeries());
        content.put("curves", percentileCurves());
        return content;
    }

    /// The services that have a curve, in order.
    static List<String> services(ReportData data) {
        return data.summary().get("pools").map().keySet().stream()
                .filter(service ->
                        data.timeline().stream().anyMatch(point -> point.pools().containsKey(service)))
                .limit(MOST_POOLS)
                .toList();
    }

    private List<Map<String, @Nullable Object>> pools() {
        List<Map<String, @Nullable Object>> pools = new ArrayList<>();
        for (String service : services(data)) {
            Map<String, @Nullable Object> pool = new LinkedHashMap<>();
            pool.put("name", service);
            pool.put("inUse", values(point -> figure(point, service, 0)));
            pool.put("idle", values(point -> figure(point, service, 1)));
            pool.put("waiting", values(point -> figure(point, service, 2)));
            pool.put("opened", values(point -> figure(point, service, 3)));
            pools.add(pool);
        }
        return pools;
    }

    private static @Nullable Double figure(TimelinePoint point, String service, int index) {
        double[] figures = point.pools().get(service);
        return figures == null ? null : Double.valueOf(figures[index]);
    }

    /// The slowest steps first.
    private List<Map.Entry<String, Histogram>> slowest() {
        return data.totals().entrySet().stream()
                .filter(total ->
                        total.getKey().endsWith(LATENCY) && total.getValue().getValueAtPercentile(95) >= 100)
                .sorted(Comparator.comparingLong(total -> -total.getValue().getValueAtPercentile(95)))
                .limit(MOST_STEPS)
                .toList();
    }

    private List<Map<String, @Nullable Object>> stepSeries() {
        List<Map<String, @Nullable Object>> series = new ArrayList<>();
        for (Map.Entry<String, Histogram> step : slowest()) {
            String name = name(step.getKey());
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("name", shown(name));
            one.put("p95", values(point -> point.steps().get(name)));
            series.add(one);
        }
        return series;
    }

    private List<Map<String, @Nullable Object>> percentileCurves() {
        List<Map<String, @Nullable Object>> curves = new ArrayList<>();
        for (Map.Entry<String, Histogram> step : slowest()) {
            Histogram histogram = step.getValue();
            List<List<Double>> points = new ArrayList<>();
            for (double percentile : PERCENTILES) {
                // no point where no value could be
                if (percentile < 99 || histogram.getTotalCount() >= 1 / (1 - percentile / 100)) {
                    points.add(List.of(percentile, Statistics.millis(histogram.getValueAtPercentile(percentile))));
                }
            }
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("name", shown(name(step.getKey())));
            one.put("points", points);
            curves.add(one);
        }
        return curves;
    }

    private static String name(String tag) {
        return tag.substring(0, tag.length() - LATENCY.length());
    }

    /// Without the scenario where there is one only.
    private String shown(String name) {
        Map<String, JsonView> scenarios = data.summary().get("steps").map();
        return scenarios.size() == 1 ? name.substring(name.indexOf('/') + 1) : name;
    }

    private List<@Nullable Double> values(Function<TimelinePoint, @Nullable Double> figure) {
        List<@Nullable Double> values = new ArrayList<>(data.timeline().size());
        for (TimelinePoint point : data.timeline()) {
            Double value = figure.apply(point);
            values.add(value == null ? null : Double.valueOf(Math.round(value * 1000) / 1000.0));
        }
        return values;
    }
}
