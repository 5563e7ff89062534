package io.turbulence.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.Data;
import io.opentelemetry.sdk.metrics.data.GaugeData;
import io.opentelemetry.sdk.metrics.data.HistogramData;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.LongPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.metrics.data.SumData;
import io.opentelemetry.sdk.metrics.export.MetricProducer;
import io.opentelemetry.sdk.resources.Resource;
import io.turbulence.spi.ObservedRun;
import io.turbulence.spi.RunFigures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/// The host's figures as metrics, made when they are asked for: what it counts is exact, whatever became of spans.
/// Thread-safe.
final class RunMetrics implements MetricProducer {

    private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.builder("io.turbulence")
            .setVersion(Version.TEXT)
            .build();

    private final ObservedRun run;

    RunMetrics(ObservedRun run) {
        this.run = run;
    }

    @Override
    public Collection<MetricData> produce(Resource resource) {
        return new Snapshot(resource, run.startedAt(), run.figures()).metrics();
    }

    private static final class Snapshot {

        private final Resource resource;
        private final long start;
        private final long now;
        private final RunFigures figures;
        private final List<MetricData> metrics = new ArrayList<>();

        Snapshot(Resource resource, Instant start, RunFigures figures) {
            this.resource = resource;
            this.start = nanos(start);
            this.now = Math.max(this.start, nanos(Instant.now()));
            this.figures = figures;
        }

        List<MetricData> metrics() {
            steps();
            pools();
            return metrics;
        }

        private void steps() {
            List<HistogramPointData> durations = new ArrayList<>();
            List<LongPointData> counts = new ArrayList<>();
            for (RunFigures.StepFigures step : figures.steps()) {
                durations.add(times(of(step).put("outcome", "ok").build(), step.ok()));
                durations.add(times(of(step).put("outcome", "failed").build(), step.failed()));
                for (RunFigures.Count count : step.counts()) {
                    Attributes attributes = of(step).put(
                                    "outcome", count.result().name().toLowerCase(Locale.ROOT))
                            .put("status", count.status())
                            .put("error.type", count.error())
                            .build();
                    counts.add(LongPointData.create(start, now, attributes, count.count()));
                }
            }
            durations.removeIf(point -> point.getCount() == 0);
            histogram(
                    "turbulence.step.duration",
                    "Service time of executed steps, waiting for a connection not included.",
                    durations);
            sum("turbulence.steps", "{step}", "Steps by how they ended.", counts);
        }

        private void pools() {
            List<LongPointData> connections = new ArrayList<>();
            List<LongPointData> waiting = new ArrayList<>();
            List<HistogramPointData> waits = new ArrayList<>();
            for (RunFigures.PoolFigures pool : figures.pools()) {
                connections.add(LongPointData.create(
                        now, now, of(pool).put("state", "idle").build(), pool.idle()));
                connections.add(LongPointData.create(
                        now, now, of(pool).put("state", "in_use").build(), pool.inUse()));
                waiting.add(LongPointData.create(now, now, of(pool).build(), pool.waiting()));
                waits.add(times(of(pool).build(), pool.waits()));
            }
            gauge(
                    "turbulence.pool.connections",
                    "{connection}",
                    "Open connections by what becomes of them now.",
                    connections);
            gauge("turbulence.pool.waiting", "{request}", "Who waits for a connection now.", waiting);
            histogram(
                    "turbulence.pool.lease.wait",
                    "How long those who got a connection had waited for it, opening not included.",
                    waits);
            counted("opened", "Connections that were opened.", RunFigures.PoolFigures::opened);
            counted("closed", "Connections that were closed.", RunFigures.PoolFigures::closed);
            counted("failed", "Attempts to open a connection that failed.", RunFigures.PoolFigures::openFailed);
            counted(
                    "evicted",
                    "Idle connections that were closed: too old, broken, or over the limit.",
                    RunFigures.PoolFigures::evicted);
            counted("leaked", "Leases that were held too long or never given back.", RunFigures.PoolFigures::leaked);
        }

        private void counted(String what, String description, ToLongFunction<RunFigures.PoolFigures> value) {
            List<LongPointData> points = figures.pools().stream()
                    .map(pool -> LongPointData.create(start, now, of(pool).build(), value.applyAsLong(pool)))
                    .toList();
            sum("turbulence.pool." + what, what.equals("leaked") ? "{lease}" : "{connection}", description, points);
        }

        private static AttributesBuilder of(RunFigures.StepFigures step) {
            return Attributes.builder()
                    .put("scenario", step.scenario())
                    .put("step", step.step())
                    .put("action", step.type());
        }

        private static AttributesBuilder of(RunFigures.PoolFigures pool) {
            return Attributes.builder().put("service", pool.service()).put("host", pool.host());
        }

        private HistogramPointData times(Attributes attributes, RunFigures.Histogram times) {
            return HistogramPointData.create(
                    start, now, attributes, times.seconds(), false, 0, false, 0, times.bounds(), times.counts());
        }

        private void histogram(String name, String description, List<HistogramPointData> points) {
            add(
                    name,
                    "s",
                    description,
                    MetricDataType.HISTOGRAM,
                    HistogramData.create(AggregationTemporality.CUMULATIVE, points));
        }

        private void sum(String name, String unit, String description, List<LongPointData> points) {
            add(
                    name,
                    unit,
                    description,
                    MetricDataType.LONG_SUM,
                    SumData.createLongSumData(true, AggregationTemporality.CUMULATIVE, points));
        }

        private void gauge(String name, String unit, String description, List<LongPointData> points) {
            add(name, unit, description, MetricDataType.LONG_GAUGE, GaugeData.createLongGaugeData(points));
        }

        private void add(String name, String unit, String description, MetricDataType type, Data<?> data) {
            if (!data.getPoints().isEmpty()) {
                metrics.add(new Figure(resource, SCOPE, name, description, unit, type, data));
            }
        }

        private static long nanos(Instant instant) {
            return TimeUnit.SECONDS.toNanos(instant.getEpochSecond()) + instant.getNano();
        }
    }

    /// A metric of the SDK's model.
    private record Figure(
            Resource resource,
            InstrumentationScopeInfo scope,
            String name,
            String description,
            String unit,
            MetricDataType type,
            Data<?> data)
            implements MetricData {

        @Override
        public Resource getResource() {
            return resource;
        }

        @Override
        public InstrumentationScopeInfo getInstrumentationScopeInfo() {
            return scope;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getDescription() {
            return description;
        }

        @Override
        public String getUnit() {
            return unit;
        }

        @Override
        public MetricDataType getType() {
            return type;
        }

        @Override
        public Data<?> getData() {
            return data;
        }
    }
}
