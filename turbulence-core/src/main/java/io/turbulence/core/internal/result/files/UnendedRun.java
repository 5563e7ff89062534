package io.turbulence.core.internal.result.files;

import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.figures.ErrorKinds;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.Statistics;
import io.turbulence.core.internal.result.figures.StepStatistics;
import io.turbulence.core.internal.result.figures.StepStatistics.Counts;
import io.turbulence.core.internal.result.figures.StepStatistics.Time;
import io.turbulence.core.internal.result.json.JsonView;
import io.turbulence.core.internal.result.text.Style;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The summary of a run that wrote none, for it was killed or goes on: what its lines still tell.
///
/// The lines of steps and instances are newer than those of the seconds, by up to a second. So that the figures agree
/// with each
/// other, all are taken from the former where every step has a line, as in most runs, and else all from the latter.
public final class UnendedRun {

    /// Lines of steps.jsonl that are read: beyond so many, the seconds tell enough.
    private static final int MOST_STEP_LINES = 200_000;

    private static final double NANOS = 1e6;

    private static final Map<String, Time> TIMES = Map.of(
            "latency_ms",
            Time.LATENCY,
            "scheduled_latency_ms",
            Time.SCHEDULED_LATENCY,
            "pool_wait_ms",
            Time.POOL_WAIT,
            "first_byte_ms",
            Time.FIRST_BYTE);

    private final Map<String, Scenario> scenarios = new TreeMap<>();
    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final Map<String, Pool> pools = new LinkedHashMap<>();
    private final ErrorKinds errors = new ErrorKinds();
    private final JsonView manifest;
    private final Map<String, Histogram> intervals;
    private final Instant startedAt;
    private @Nullable Instant firstStart;
    private @Nullable Instant lastEnd;
    private double seconds;
    private double measuredFrom = -1;
    private long passedOfSeconds;
    private long failedOfSeconds;
    private long finishedOfSeconds;
    private long dropped;
    private boolean hasMoreSteps;

    private UnendedRun(JsonView manifest, Map<String, Histogram> intervals) {
        this.manifest = manifest;
        this.intervals = intervals;
        this.startedAt = instant(manifest.get("started_at"), Instant.EPOCH);
    }

    private static final class Scenario {
        private long passed;
        private long failed;
        private long aborted;
        private final Histogram micros = new Histogram(3);
    }

    private static final class Step {
        private final StepInfo info;
        private final Counts ofLines = Counts.wide();
        private long count;
        private long failed;

        private Step(StepInfo info) {
            this.info = info;
        }
    }

    /// As it stood at the ends of seconds.
    private static final class Pool {
        private long opened;
        private long idle;
        private long mostInUse;
        private long mostWaiting;
    }

    /// @param intervals what they come to, by tag, see [HistogramFiles]
    public static UnendedRun read(JsonView manifest, Path folder, Map<String, Histogram> intervals) throws IOException {
        UnendedRun run = new UnendedRun(manifest, intervals);
        run.hasMoreSteps = each(folder.resolve(ResultFiles.File.STEPS.fileName()), MOST_STEP_LINES, run::step);
        each(folder.resolve(ResultFiles.File.TIMELINE.fileName()), Integer.MAX_VALUE, run::second);
        each(folder.resolve(ResultFiles.File.INSTANCES.fileName()), Integer.MAX_VALUE, run::instance);
        return run;
    }

    /// A tree like that of `summary.json`, of what is known.
    public JsonView summary() {
        return new JsonView(content());
    }

    /// Histograms that agree with the summary, by tag, see [HistogramFiles].
    public Map<String, Histogram> totals() {
        if (!isOfLines()) {
            return intervals;
        }
        Map<String, Histogram> totals = new LinkedHashMap<>();
        for (Step step : steps.values()) {
            for (Time time : TIMES.values()) {
                AbstractHistogram known = step.ofLines.histogram(time);
                if (known != null && known.getTotalCount() > 0) {
                    Histogram histogram = new Histogram(3);
                    histogram.add(known);
                    totals.put(tag(step, time), histogram);
                }
            }
        }
        return totals;
    }

    private static String tag(Step step, Time time) {
        return step.info.scenario() + "/" + step.info.name() + ":" + time.name().toLowerCase(Locale.ROOT);
    }

    /// Whether each step and each instance has a line.
    private boolean isOfLines() {
        return !hasMoreSteps
                && instances(scenario -> scenario.passed) + instances(scenario -> scenario.failed)
                        >= passedOfSeconds + failedOfSeconds
                && steps.values().stream().allMatch(step -> step.ofLines.executed() >= step.count);
    }

    private long instances(ToLongFunction<Scenario> ended) {
        return scenarios.values().stream().mapToLong(ended).sum();
    }

    /// The last line of a killed run may be half a line: it is left out.
    ///
    /// @return whether there were more
    private static boolean each(Path file, int most, Consumer<JsonView> reader) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int read = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (read == most) {
                    return true;
                }
                JsonView view = parsed(line);
                if (!view.isNull()) {
                    reader.accept(view);
                }
                read++;
            }
            return false;
        }
    }

    private static JsonView parsed(String line) {
        try {
            return new JsonView(JsonCodec.INSTANCE.read(line));
        } catch (IllegalArgumentException e) {
            return new JsonView(null);
        }
    }

    private static boolean isMeasured(JsonView line) {
        return !line.get("warm_up").isTrue() && line.get("phase").isNull();
    }

    private void step(JsonView line) {
        if (!isMeasured(line)) {
            return;
        }
        JsonView service = line.get("service");
        Counts counts = step(
                        line.get("scenario").text(),
                        line.get("step").text(),
                        line.get("type").text(),
                        service.isNull() ? null : service.text())
                .ofLines;
        if (line.get("skipped").isTrue()) {
            counts.skipped++;
            return;
        }
        if (line.get("ok").isTrue()) {
            counts.ok++;
        } else {
            counts.failed++;
        }
        TIMES.forEach((name, time) -> {
            Double millis = line.get(name).numberOrNull();
            if (millis != null) {
                counts.record(time, Math.round(millis * NANOS));
            }
        });
    }

    private Step step(String scenario, String name, String type, @Nullable String service) {
        scenarios.computeIfAbsent(scenario, ignored -> new Scenario());
        return steps.computeIfAbsent(
                scenario + "/" + name,
                ignored -> new Step(new StepInfo(
                        steps.size(),
                        scenario,
                        name,
                        type,
                        service == null ? StepInfo.Kind.LOCAL : StepInfo.Kind.ACTION,
                        service,
                        "",
                        "",
                        0)));
    }

    private void second(JsonView line) {
        double before = seconds;
        seconds = Math.max(seconds, line.get("t").number());
        passedOfSeconds = line.get("passed").count();
        failedOfSeconds = line.get("failed").count();
        finishedOfSeconds = line.get("finished").count();
        dropped = line.get("dropped").count();
        if (measuredFrom < 0 && passedOfSeconds + failedOfSeconds > 0) {
            measuredFrom = before;
        }
        line.get("steps").map().forEach((name, figures) -> {
            int slash = name.indexOf('/');
            Step step = step(name.substring(0, Math.max(0, slash)), name.substring(slash + 1), "", null);
            List<JsonView> all = figures.list();
            if (all.size() > 1) {
                step.count += all.get(0).count();
                step.failed += all.get(1).count();
            }
        });
        line.get("pools").map().forEach((service, figures) -> {
            Pool pool = pools.computeIfAbsent(service, ignored -> new Pool());
            pool.mostInUse = Math.max(pool.mostInUse, figures.at(0).count());
            pool.idle = figures.at(1).count();
            pool.mostWaiting = Math.max(pool.mostWaiting, figures.at(2).count());
            pool.opened = figures.at(3).count();
        });
    }

    private void instance(JsonView line) {
        if (!isMeasured(line)) {
            return;
        }
        String status = line.get("status").text();
        Scenario scenario = scenarios.computeIfAbsent(line.get("scenario").text(), ignored -> new Scenario());
        switch (status) {
            case "passed" -> scenario.passed++;
            case "failed" -> {
                scenario.failed++;
                failure(line);
            }
            default -> scenario.aborted++;
        }
        double millis = line.get("duration_ms").number();
        scenario.micros.recordValue(Math.clamp((long) (millis * 1000), 0, StepStatistics.LONGEST_MICROS));
        Instant start = instant(line.get("started_at"), startedAt);
        Instant end = start.plusNanos(Math.round(millis * NANOS));
        firstStart = firstStart == null || start.isBefore(firstStart) ? start : firstStart;
        lastEnd = lastEnd == null || end.isAfter(lastEnd) ? end : lastEnd;
    }

    private void failure(JsonView line) {
        Step step = steps.get(
                line.get("scenario").text() + "/" + line.get("failed_step").text());
        errors.add(
                step == null ? null : step.info,
                line.get("error").text(),
                line.get("instance_id").text());
    }

    private static Instant instant(JsonView time, Instant otherwise) {
        try {
            return Instant.parse(time.text());
        } catch (DateTimeParseException e) {
            return otherwise;
        }
    }

    private Map<String, @Nullable Object> content() {
        boolean ofLines = isOfLines();
        Scenario all = new Scenario();
        Map<String, Object> byScenario = new LinkedHashMap<>();
        Map<String, Object> stepsByScenario = new LinkedHashMap<>();
        scenarios.forEach((id, scenario) -> {
            all.passed += scenario.passed;
            all.failed += scenario.failed;
            all.aborted += scenario.aborted;
            byScenario.put(id, scenario(scenario, ofLines));
            stepsByScenario.put(id, steps(id, ofLines));
        });
        if (!ofLines) {
            all.passed = passedOfSeconds;
            all.failed = failedOfSeconds;
        }
        long ended = all.passed + all.failed;
        double measured = measuredSeconds(ofLines);
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("run_id", manifest.get("run_id").text());
        content.put("seed", manifest.get("seed").value());
        content.put("started_at", manifest.get("started_at").text());
        content.put("duration_ms", (long) (duration(ofLines) * 1000));
        content.put("measured_ms", (long) (measured * 1000));
        content.put("instances", instances(all));
        content.put("warm_up_instances", Math.max(0, finishedOfSeconds - passedOfSeconds - failedOfSeconds));
        content.put("dropped_arrivals", dropped);
        content.put("pass_rate", ended == 0 ? 0.0 : (double) all.passed / ended);
        content.put("rate_per_s", measured == 0 ? 0.0 : ended / measured);
        content.put("latency_ms", SummaryFile.times(Statistics.times(actions())));
        content.put("scenarios", byScenario);
        content.put("steps", stepsByScenario);
        content.put("errors", errors());
        content.put("pools", pools());
        content.put("valid", "invalid");
        content.put("exit_code", ExitCode.INTERRUPTED.number());
        content.put("message", message(ofLines));
        return content;
    }

    private String message(boolean ofLines) {
        String what = ofLines
                ? "those of the lines that were written"
                : "those of its first " + Style.time(seconds)
                        + ", for not all steps have lines; failures are those of the lines";
        return "The run has no end: it was killed, or it still goes on. Its figures are " + what
                + "; of its pools there is only how they stood at the ends of seconds, and thresholds were not judged.";
    }

    /// From the run's start to the newest that is known.
    private double duration(boolean ofLines) {
        Instant end = lastEnd;
        double last =
                end == null || !ofLines ? 0 : Duration.between(startedAt, end).toNanos() / 1e9;
        return Math.max(seconds, last);
    }

    /// From the first measured start to the last measured end, in seconds, as far as is known; the warm-up is not in
    /// it.
    private double measuredSeconds(boolean ofLines) {
        Instant start = firstStart;
        Instant end = lastEnd;
        if (ofLines) {
            return start == null || end == null
                    ? 0
                    : Duration.between(start, end).toNanos() / 1e9;
        }
        if (measuredFrom < 0) {
            return 0;
        }
        double began = start == null
                ? measuredFrom
                : Duration.between(startedAt, start).toNanos() / 1e9;
        return Math.max(0, seconds - Math.clamp(began, 0, measuredFrom));
    }

    /// Where there is no line of each instance, the seconds count them, though of all scenarios together.
    private Map<String, Object> scenario(Scenario scenario, boolean ofLines) {
        Map<String, Object> content = new LinkedHashMap<>();
        if (ofLines) {
            content.put("instances", instances(scenario));
        }
        content.put("duration_ms", SummaryFile.times(Statistics.times(scenario.micros)));
        return content;
    }

    private Map<String, Object> pools() {
        Map<String, Object> content = new LinkedHashMap<>();
        pools.forEach((service, pool) -> content.put(
                service,
                Map.of(
                        "opened",
                        pool.opened,
                        "idle",
                        pool.idle,
                        "in_use_max",
                        pool.mostInUse,
                        "waiting_max",
                        pool.mostWaiting)));
        return content;
    }

    private static Map<String, Object> instances(Scenario scenario) {
        return Map.of(
                "total",
                scenario.passed + scenario.failed + scenario.aborted,
                "passed",
                scenario.passed,
                "failed",
                scenario.failed,
                "aborted",
                scenario.aborted);
    }

    private Map<String, Object> steps(String scenario, boolean ofLines) {
        Map<String, Object> content = new LinkedHashMap<>();
        Map<String, Histogram> totals = totals();
        steps.values().stream()
                .filter(step -> step.info.scenario().equals(scenario))
                .forEach(step -> {
                    long failed = ofLines ? step.ofLines.failed : step.failed;
                    long count = ofLines ? step.ofLines.executed() : step.count;
                    Map<String, @Nullable Object> one = new LinkedHashMap<>();
                    one.put("type", step.info.type());
                    one.put("service", step.info.service());
                    one.put("count", count);
                    one.put("ok", count - failed);
                    one.put("failed", failed);
                    // The seconds do not tell of skipped ones
                    one.put("skipped", ofLines ? Long.valueOf(step.ofLines.skipped) : null);
                    TIMES.forEach((name, time) ->
                            one.put(name, SummaryFile.times(Statistics.times(totals.get(tag(step, time))))));
                    content.put(step.info.name(), one);
                });
        return content;
    }

    private Histogram actions() {
        Map<String, Histogram> totals = totals();
        Histogram all = new Histogram(3);
        for (Step step : steps.values()) {
            Histogram latency = totals.get(tag(step, Time.LATENCY));
            if (latency != null && step.info.kind() == StepInfo.Kind.ACTION) {
                all.add(latency);
            }
        }
        return all;
    }

    private List<Map<String, @Nullable Object>> errors() {
        List<Map<String, @Nullable Object>> content = new ArrayList<>();
        for (RunSummary.ErrorKind error : errors.summaries()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("signature", error.signature());
            one.put("count", error.count());
            one.put("step", error.step() == null ? null : error.step().name());
            one.put("example_instance", error.exampleInstance());
            one.put("message", error.message());
            content.add(one);
        }
        return content;
    }
}
