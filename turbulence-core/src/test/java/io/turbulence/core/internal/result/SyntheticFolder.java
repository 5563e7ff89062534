package io.turbulence.core.internal.result;

import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.Statistics;
import io.turbulence.core.internal.result.figures.StepStatistics.Counts;
import io.turbulence.core.internal.result.figures.StepStatistics.Time;
import io.turbulence.core.internal.result.files.HistogramFiles;
import io.turbulence.core.internal.result.files.Manifest;
import io.turbulence.core.internal.result.json.JsonFile;
import io.turbulence.core.internal.result.json.JsonLines;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// The folder of a run that never was: latencies and failures are drawn, one second as slow as the one before as far as
/// servers have good and bad minutes.
public final class SyntheticFolder {

    private static final List<StepInfo> STEPS = List.of(
            SyntheticRun.step(0, "list_catalogue", "http", StepInfo.Kind.ACTION, "flow[0]"),
            SyntheticRun.step(1, "create_cart", "http", StepInfo.Kind.ACTION, "flow[1]"),
            SyntheticRun.step(2, "create_order", "http", StepInfo.Kind.ACTION, "flow[2]"));

    private SyntheticFolder() {}

    /// @param seconds   how long it was
    /// @param perSecond executions of each step
    /// @param slower    factor of all latencies of the last step
    /// @param failing   share of the executions of the last step that failed
    public record Shape(int seconds, int perSecond, double slower, double failing) {}

    public static Path write(Path folder, long seed, Shape shape) throws IOException {
        Files.createDirectories(folder);
        Random random = new Random(seed);
        RunInfo info = new RunInfo(
                "run-" + seed,
                42,
                SyntheticRun.START,
                "0.1.0",
                Map.of(),
                null,
                List.of(new RunInfo.ScenarioFile("checkout", Path.of("checkout.yaml"), "ab12")),
                null,
                List.of(),
                STEPS,
                null,
                null,
                10,
                List.of(),
                Map.of("api", "http"));
        Statistics statistics = new Statistics(info, System::nanoTime);
        try (HistogramFiles histograms = new HistogramFiles(folder, SyntheticRun.START);
                OutputStream timeline = Files.newOutputStream(folder.resolve("timeline.jsonl"))) {
            double drift = 0;
            for (int second = 1; second <= shape.seconds(); second++) {
                drift = 0.6 * drift + 0.03 * random.nextGaussian();
                histograms.begin(second);
                Map<String, Object> steps = new LinkedHashMap<>();
                for (StepInfo step : STEPS) {
                    boolean last = step.index() == STEPS.size() - 1;
                    Counts counts = counts(random, shape, drift, last);
                    histograms.step(step, counts);
                    statistics.put(step.index(), counts);
                    steps.put("checkout/" + step.name(), List.of(counts.executed(), counts.failed, 0, 0, 0));
                }
                timeline.write(JsonLines.line(Map.of("t", (double) second, "steps", steps)));
            }
            histograms.totals(statistics);
        }
        Manifest.write(folder, info, null, null);
        JsonFile.write(folder.resolve("summary.json"), summary(statistics));
        return folder;
    }

    private static Counts counts(Random random, Shape shape, double drift, boolean last) {
        Counts counts = Counts.narrow();
        for (int i = 0; i < shape.perSecond(); i++) {
            double millis = 10 * Math.exp(drift + 0.4 * random.nextGaussian()) * (last ? shape.slower() : 1);
            counts.record(Time.LATENCY, Math.round(millis * 1e6));
            if (random.nextDouble() < (last ? shape.failing() : 0)) {
                counts.failed++;
            } else {
                counts.ok++;
            }
        }
        return counts;
    }

    private static Map<String, @Nullable Object> summary(Statistics statistics) {
        Map<String, Object> steps = new LinkedHashMap<>();
        for (RunSummary.Step step : statistics.stepSummaries()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("type", step.info().type());
            one.put("kind", "action");
            one.put("place", step.info().place());
            one.put("count", step.count());
            one.put("ok", step.ok());
            one.put("failed", step.failed());
            steps.put(step.info().name(), one);
        }
        Map<String, @Nullable Object> summary = new LinkedHashMap<>();
        summary.put("valid", "valid");
        summary.put("steps", Map.of("checkout", steps));
        return summary;
    }
}
