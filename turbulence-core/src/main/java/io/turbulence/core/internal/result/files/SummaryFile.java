package io.turbulence.core.internal.result.files;

import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.check.ThresholdResult;
import io.turbulence.core.internal.connection.Outage;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.connection.SubscriptionFigures;
import io.turbulence.core.internal.result.figures.GeneratorFigures;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.RunSummary.Times;
import io.turbulence.core.internal.result.json.JsonFile;
import io.turbulence.core.internal.result.json.JsonLines;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `summary.json`.
public final class SummaryFile {

    public static final String FILE = "summary.json";

    private SummaryFile() {}

    public static void write(Path folder, RunSummary summary) throws IOException {
        JsonFile.write(folder.resolve(FILE), content(summary));
    }

    private static Map<String, @Nullable Object> content(RunSummary summary) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("run_id", summary.runId());
        content.put("seed", summary.seed());
        content.put("started_at", JsonLines.time(summary.startedAt()));
        content.put("duration_ms", summary.duration().toMillis());
        content.put("measured_ms", summary.measured().toMillis());
        content.put("valid", summary.validity().name().toLowerCase(Locale.ROOT));
        content.put("validity_reasons", summary.validityReasons());
        content.put("instances", instances(summary.instances()));
        content.put("warm_up_instances", summary.warmUpInstances());
        content.put("dropped_arrivals", summary.dropped());
        content.put("schedule_lag_ms", lag(summary.lag()));
        content.put("generator", generator(summary.generator()));
        content.put("pass_rate", summary.passRate());
        content.put("rate_per_s", rounded(summary.ratePerSecond()));
        content.put("latency_ms", times(summary.latency()));
        content.put("scenarios", scenarios(summary));
        content.put("steps", steps(summary));
        content.put("errors", errors(summary));
        content.put("thresholds", thresholds(summary));
        content.put("pools", pools(summary.pools()));
        content.put("subscriptions", subscriptions(summary.subscriptions()));
        content.put("outages", outages(summary.outages()));
        content.put("interrupted", summary.interrupted());
        content.put("exit_code", summary.exitCode().number());
        content.put("message", summary.message());
        return content;
    }

    private static Map<String, @Nullable Object> instances(RunSummary.Instances instances) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("total", instances.total());
        content.put("passed", instances.passed());
        content.put("failed", instances.failed());
        content.put("aborted", instances.aborted());
        return content;
    }

    /// Null of a closed workload.
    private static @Nullable Map<String, @Nullable Object> lag(RunSummary.Lag lag) {
        if (lag.count() == 0) {
            return null;
        }
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("p50", lag.p50());
        content.put("p99", lag.p99());
        content.put("max", lag.max());
        return content;
    }

    private static Map<String, @Nullable Object> generator(GeneratorFigures generator) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("cpu_mean", rounded(generator.busy().mean()));
        content.put("cpu_max", rounded(generator.busy().highest()));
        content.put("cpu_waited_mean", rounded(generator.starved().mean()));
        content.put("cpu_waited_max", rounded(generator.starved().highest()));
        content.put("machine_cpu_mean", rounded(generator.machine().mean()));
        content.put("machine_cpu_max", rounded(generator.machine().highest()));
        content.put("gc_pause_max_ms", generator.pauses().longestMillis());
        content.put("gc_pause_10s_ms", generator.pauses().worstTenMillis());
        content.put("pinned", generator.pinned().count());
        content.put("pinned_ms", generator.pinned().millis());
        return content;
    }

    private static Map<String, @Nullable Object> scenarios(RunSummary summary) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        summary.scenarios().forEach((id, scenario) -> {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("instances", instances(scenario.instances()));
            one.put("duration_ms", times(scenario.duration()));
            one.put("dropped_arrivals", scenario.dropped());
            content.put(id, one);
        });
        return content;
    }

    private static Map<String, Map<String, Map<String, @Nullable Object>>> steps(RunSummary summary) {
        Map<String, Map<String, Map<String, @Nullable Object>>> content = new LinkedHashMap<>();
        for (RunSummary.Step step : summary.steps()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("type", step.info().type());
            one.put("kind", step.info().kind().name().toLowerCase(Locale.ROOT));
            one.put("place", step.info().place());
            one.put("service", step.info().service());
            one.put("file", step.info().file());
            one.put("line", step.info().line());
            one.put("count", step.count());
            one.put("ok", step.ok());
            one.put("failed", step.failed());
            one.put("skipped", step.skipped());
            one.put("latency_ms", times(step.latency()));
            one.put("scheduled_latency_ms", times(step.scheduledLatency()));
            one.put("pool_wait_ms", times(step.poolWait()));
            one.put("first_byte_ms", times(step.firstByte()));
            if (step.propagation().count() > 0) {
                one.put("propagation_ms", times(step.propagation()));
            }
            step.phases().forEach((phase, times) -> one.put(phase + "_ms", times(times)));
            content.computeIfAbsent(step.info().scenario(), ignored -> new LinkedHashMap<>())
                    .put(step.info().name(), one);
        }
        return content;
    }

    /// All null when nothing was measured.
    static Map<String, @Nullable Object> times(Times times) {
        boolean none = times.count() == 0;
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("min", none ? null : times.min());
        content.put("mean", none ? null : times.mean());
        content.put("p50", none ? null : times.p50());
        content.put("p90", none ? null : times.p90());
        content.put("p95", none ? null : times.p95());
        content.put("p99", none ? null : times.p99());
        content.put("p999", none ? null : times.p999());
        content.put("max", none ? null : times.max());
        return content;
    }

    private static List<Map<String, @Nullable Object>> errors(RunSummary summary) {
        List<Map<String, @Nullable Object>> content = new ArrayList<>();
        for (RunSummary.ErrorKind error : summary.errors()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("signature", error.signature());
            one.put("count", error.count());
            one.put("step", error.step() == null ? null : error.step().name());
            one.put("scenario", error.step() == null ? null : error.step().scenario());
            one.put("example_instance", error.exampleInstance());
            one.put("message", error.message());
            one.put("more", error.more());
            one.put("file", error.step() == null ? null : error.step().file());
            one.put("line", error.step() == null ? null : error.step().line());
            content.add(one);
        }
        return content;
    }

    private static List<Map<String, @Nullable Object>> thresholds(RunSummary summary) {
        List<Map<String, @Nullable Object>> content = new ArrayList<>();
        for (ThresholdResult result : summary.thresholds()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("expression", result.threshold().expression());
            one.put("holds", result.holds());
            one.put("actual", result.actual().isPresent() ? result.actual().getAsDouble() : null);
            if (result.threshold().sense() == Threshold.Sense.FAILS) {
                one.put("fail_on", true);
            }
            if (result.threshold().after().isPositive()) {
                one.put("after_ms", result.threshold().after().toMillis());
            }
            content.add(one);
        }
        return content;
    }

    private static Map<String, @Nullable Object> pools(Map<String, PoolFigures> pools) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        pools.forEach((service, pool) -> content.put(service, pool(pool)));
        return content;
    }

    private static List<Map<String, @Nullable Object>> outages(List<Outage> outages) {
        List<Map<String, @Nullable Object>> content = new ArrayList<>();
        for (Outage outage : outages) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("service", outage.service());
            one.put("host", outage.host());
            one.put("from", JsonLines.time(outage.from()));
            one.put("until", outage.until() == null ? null : JsonLines.time(outage.until()));
            one.put("attempts", outage.attempts());
            one.put("message", outage.message());
            content.add(one);
        }
        return content;
    }

    private static Map<String, Map<String, Object>> subscriptions(List<SubscriptionFigures> subscriptions) {
        Map<String, Map<String, Object>> content = new LinkedHashMap<>();
        for (SubscriptionFigures each : subscriptions) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("arrived", each.arrived());
            one.put("taken", each.taken());
            one.put("unmatched", each.unmatched());
            one.put("duplicate", each.duplicate());
            one.put("late", each.late());
            one.put("overflowed", each.overflowed());
            content.computeIfAbsent(each.service(), service -> new LinkedHashMap<>())
                    .put(each.channel(), one);
        }
        return content;
    }

    private static Map<String, @Nullable Object> pool(PoolFigures pool) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("opened", pool.opened());
        content.put("closed", pool.closed());
        content.put("open_failed", pool.openFailed());
        content.put("leases", pool.leases());
        content.put("reused", pool.reused());
        content.put("reuse_rate", pool.reuseRate());
        content.put("error_rate", pool.errorRate());
        content.put("idle", pool.idle());
        content.put("max", pool.max());
        content.put("in_use_max", pool.inUseMax());
        content.put("waiting_max", pool.waitingMax());
        Map<String, @Nullable Object> wait = new LinkedHashMap<>();
        wait.put("mean", pool.waitMs().mean());
        wait.put("p50", pool.waitMs().p50());
        wait.put("p99", pool.waitMs().p99());
        wait.put("max", pool.waitMs().max());
        content.put("wait_ms", wait);
        Map<String, @Nullable Object> evicted = new LinkedHashMap<>();
        evicted.put("idle", pool.evicted().idle());
        evicted.put("lifetime", pool.evicted().lifetime());
        evicted.put("unhealthy", pool.evicted().unhealthy());
        evicted.put("over_limit", pool.evicted().overLimit());
        content.put("evicted", evicted);
        content.put("leaked", pool.leaked());
        content.put("hosts", pools(pool.hosts()));
        return content;
    }

    private static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
