package io.turbulence.core.internal.result.metrics;

import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.connection.WaitBuckets;
import io.turbulence.core.internal.result.figures.StepCounters;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/// Figures of a run in the text format of Prometheus.
///
/// What is counted up never goes down from one text to the next, also where it was added up from parts that
/// were read one after another: monitoring would take that for a restart. Not thread-safe.
final class MetricsText {

    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final String CONNECTIONS = "turbulence_pool_connections";
    private static final String WAIT = "turbulence_pool_lease_wait_seconds";
    private static final String DURATION = "turbulence_step_duration_seconds";
    private static final String STEPS = "turbulence_steps_total";

    private final Map<String, Double> highest = new HashMap<>();
    private StringBuilder out = new StringBuilder();

    String render(List<PoolFigures> services, Collection<StepCounters> steps) {
        out = new StringBuilder(16 * 1024);
        pools(services);
        steps(steps);
        return out.toString();
    }

    private void pools(List<PoolFigures> services) {
        head(CONNECTIONS, "gauge", "Open connections by what becomes of them now.");
        eachHost(services, (labels, pool) -> {
            line(CONNECTIONS, labels + ",state=\"idle\"", pool.idle());
            line(CONNECTIONS, labels + ",state=\"in_use\"", pool.inUse());
        });
        head(WAIT, "histogram", "How long those who got a connection had waited for it, opening not included.");
        eachHost(
                services,
                (labels, pool) -> histogram(WAIT, labels, pool.waitMs().buckets()));
        counter(services, "opened", "Connections that were opened.", PoolFigures::opened);
        counter(services, "closed", "Connections that were closed.", PoolFigures::closed);
        counter(services, "failed", "Attempts to open a connection that failed.", PoolFigures::openFailed);
        counter(
                services,
                "evicted",
                "Idle connections that were closed: too old, broken, or over the limit.",
                pool -> pool.evicted().idle()
                        + pool.evicted().lifetime()
                        + pool.evicted().unhealthy()
                        + pool.evicted().overLimit());
        counter(services, "leaked", "Leases that were held too long or never given back.", PoolFigures::leaked);
    }

    private void steps(Collection<StepCounters> steps) {
        head(DURATION, "histogram", "Service time of executed steps, waiting for a connection not included.");
        for (StepCounters step : steps) {
            histogram(DURATION, labels(step) + ",outcome=\"ok\"", step.ok());
            histogram(DURATION, labels(step) + ",outcome=\"failed\"", step.failed());
        }
        head(STEPS, "counter", "Steps by how they ended.");
        for (StepCounters step : steps) {
            for (StepCounters.Counted counted : step.kinds()) {
                StepCounters.Kind kind = counted.kind();
                String ended = ",outcome=\"" + kind.verdict().name().toLowerCase(Locale.ROOT) + "\",status=\""
                        + escaped(kind.status()) + "\",error=\"" + escaped(kind.error()) + "\"";
                counted(STEPS, labels(step) + ended, counted.count());
            }
        }
    }

    private interface Visitor {

        void visit(String labels, PoolFigures pool);
    }

    private static void eachHost(List<PoolFigures> services, Visitor visitor) {
        for (PoolFigures service : services) {
            service.hosts()
                    .forEach((host, pool) -> visitor.visit(
                            "service=\"" + escaped(service.service()) + "\",host=\"" + escaped(host) + "\"", pool));
        }
    }

    private void counter(List<PoolFigures> services, String what, String help, ToLongFunction<PoolFigures> value) {
        String name = "turbulence_pool_" + what + "_total";
        head(name, "counter", help);
        eachHost(services, (labels, pool) -> counted(name, labels, value.applyAsLong(pool)));
    }

    private void histogram(String name, String labels, WaitBuckets buckets) {
        for (int i = 0; i < WaitBuckets.BOUNDS.size(); i++) {
            String bound = number(WaitBuckets.BOUNDS.get(i));
            counted(
                    name + "_bucket",
                    labels + ",le=\"" + bound + "\"",
                    buckets.counts().get(i));
        }
        counted(name + "_bucket", labels + ",le=\"+Inf\"", buckets.count());
        counted(name + "_sum", labels, buckets.seconds());
        counted(name + "_count", labels, buckets.count());
    }

    private void head(String name, String type, String help) {
        out.append("# HELP ").append(name).append(' ').append(help).append('\n');
        out.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private void counted(String name, String labels, double value) {
        line(name, labels, highest.merge(name + "{" + labels, value, Math::max));
    }

    private void line(String name, String labels, double value) {
        out.append(name).append('{').append(labels).append("} ");
        out.append(number(value)).append('\n');
    }

    private static String labels(StepCounters step) {
        return "scenario=\"" + escaped(step.info().scenario()) + "\",step=\""
                + escaped(step.info().name()) + "\"";
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
