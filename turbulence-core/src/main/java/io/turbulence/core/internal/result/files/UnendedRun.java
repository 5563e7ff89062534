package io.turbulence.core.internal.result.files;

import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.figures.ErrorKinds;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.Statistics;
import io.turbulence.core.internal.result.figures.StepStatistics;
import io.turbulence.core.internal.result.json.JsonView;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// The summary of a run that wrote none, for it was killed or goes on: what its lines still tell.
public final class UnendedRun {

    private static final String WHY = "The run has no end: it was killed, or it still goes on. Its figures are those of"
            + " the lines that were written; those of pools and thresholds are missing.";

    /// Lines of steps.jsonl that are asked what the steps are.
    private static final int STEP_LINES = 5_000;

    private final Map<String, Scenario> scenarios = new TreeMap<>();
    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final ErrorKinds errors = new ErrorKinds();
    private final Map<String, Histogram> totals;
    private double seconds;
    private long passedOfSeconds;
    private long failedOfSeconds;

    private UnendedRun(Map<String, Histogram> totals) {
        this.totals = totals;
    }

    private static final class Scenario {
        private long passed;
        private long failed;
        private long aborted;
        private final Histogram micros = new Histogram(3);
    }

    private static final class Step {
        private final StepInfo info;
        private long count;
        private long failed;

        private Step(StepInfo info) {
            this.info = info;
        }
    }

    /// A tree like that of `summary.json`, of what is known.
    ///
    /// @param totals of the intervals so far, by tag, see [HistogramFiles]
    public static JsonView summary(JsonView manifest, Path folder, Map<String, Histogram> totals) throws IOException {
        UnendedRun run = new UnendedRun(totals);
        each(folder.resolve(ResultFiles.File.STEPS.fileName()), STEP_LINES, run::step);
        each(folder.resolve(ResultFiles.File.TIMELINE.fileName()), Integer.MAX_VALUE, run::second);
        each(folder.resolve(ResultFiles.File.INSTANCES.fileName()), Integer.MAX_VALUE, run::instance);
        return new JsonView(run.content(manifest));
    }

    /// The last line of a killed run may be half a line: it is left out.
    private static void each(Path file, int most, Consumer<JsonView> reader) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int read = 0;
            for (String line = lines.readLine(); line != null && read < most; line = lines.readLine()) {
                JsonView view = parsed(line);
                if (!view.isNull()) {
                    reader.accept(view);
                }
                read++;
            }
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
        if (isMeasured(line)) {
            JsonView service = line.get("service");
            step(
                    line.get("scenario").text(),
                    line.get("step").text(),
                    line.get("type").text(),
                    service.isNull() ? null : service.text());
        }
    }

    private Step step(String scenario, String name, String type, @Nullable String service) {
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
        seconds = Math.max(seconds, line.get("t").number());
        passedOfSeconds = line.get("passed").count();
        failedOfSeconds = line.get("failed").count();
        line.get("steps").map().forEach((name, figures) -> {
            int slash = name.indexOf('/');
            Step step = step(name.substring(0, Math.max(0, slash)), name.substring(slash + 1), "", null);
            List<JsonView> all = figures.list();
            if (all.size() > 1) {
                step.count += all.get(0).count();
                step.failed += all.get(1).count();
            }
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
        double micros = line.get("duration_ms").number() * 1000;
        scenario.micros.recordValue(Math.clamp((long) micros, 0, StepStatistics.LONGEST_MICROS));
    }

    private void failure(JsonView line) {
        Step step = steps.get(
                line.get("scenario").text() + "/" + line.get("failed_step").text());
        errors.add(
                step == null ? null : step.info,
                line.get("error").text(),
                line.get("instance_id").text());
    }

    private Map<String, @Nullable Object> content(JsonView manifest) {
        Scenario all = new Scenario();
        Map<String, Object> byScenario = new LinkedHashMap<>();
        Map<String, Object> stepsByScenario = new LinkedHashMap<>();
        scenarios.forEach((id, scenario) -> {
            all.passed += scenario.passed;
            all.failed += scenario.failed;
            all.aborted += scenario.aborted;
            byScenario.put(
                    id,
                    Map.of(
                            "instances",
                            instances(scenario),
                            "duration_ms",
                            SummaryFile.times(Statistics.times(scenario.micros))));
            stepsByScenario.put(id, steps(id));
        });
        // A large run has no line of each instance that passed, but the seconds count them
        all.passed = Math.max(all.passed, passedOfSeconds);
        all.failed = Math.max(all.failed, failedOfSeconds);
        long ended = all.passed + all.failed;
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("run_id", manifest.get("run_id").text());
        content.put("seed", manifest.get("seed").value());
        content.put("started_at", manifest.get("started_at").text());
        content.put("duration_ms", (long) (seconds * TimeUnit.SECONDS.toMillis(1)));
        content.put("instances", instances(all));
        content.put("pass_rate", ended == 0 ? 0.0 : (double) all.passed / ended);
        content.put("rate_per_s", seconds == 0 ? 0.0 : (passedOfSeconds + failedOfSeconds) / seconds);
        content.put("latency_ms", SummaryFile.times(Statistics.times(actions())));
        content.put("scenarios", byScenario);
        content.put("steps", stepsByScenario);
        content.put("errors", errors());
        content.put("valid", "invalid");
        content.put("exit_code", ExitCode.INTERRUPTED.number());
        content.put("message", WHY);
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

    private Map<String, Object> steps(String scenario) {
        Map<String, Object> content = new LinkedHashMap<>();
        steps.values().stream()
                .filter(step -> step.info.scenario().equals(scenario))
                .forEach(step -> {
                    Map<String, @Nullable Object> one = new LinkedHashMap<>();
                    one.put("type", step.info.type());
                    one.put("service", step.info.service());
                    one.put("count", step.count);
                    one.put("ok", step.count - step.failed);
                    one.put("failed", step.failed);
                    for (String time : List.of("latency", "scheduled_latency", "pool_wait", "first_byte")) {
                        Histogram histogram = totals.get(scenario + "/" + step.info.name() + ":" + time);
                        one.put(time + "_ms", SummaryFile.times(Statistics.times(histogram)));
                    }
                    content.put(step.info.name(), one);
                });
        return content;
    }

    private Histogram actions() {
        Histogram all = new Histogram(3);
        for (Step step : steps.values()) {
            Histogram latency = totals.get(step.info.scenario() + "/" + step.info.name() + ":latency");
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
