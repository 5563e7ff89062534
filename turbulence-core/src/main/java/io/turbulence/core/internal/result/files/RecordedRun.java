package io.turbulence.core.internal.result.files;

import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.json.JsonView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// A run as its folder tells of it, for who compares runs or puts them together. Immutable; the histograms, in
/// microseconds and by the tags of [HistogramFiles], are not to be changed.
public record RecordedRun(Path folder, JsonView manifest, JsonView summary, Map<String, Histogram> totals) {

    /// @throws IOException when the folder holds no run that came to its end; the message says what is missing
    public static RecordedRun read(Path folder) throws IOException {
        JsonView manifest = json(
                folder.resolve("manifest.json"),
                "'" + folder + "' holds no run: there is no 'manifest.json'. A run's folder was expected.");
        JsonView summary = json(
                folder.resolve(SummaryFile.FILE),
                "'" + folder + "' has no '" + SummaryFile.FILE
                        + "': the run was killed, or it still goes on. A run that has ended was expected.");
        return new RecordedRun(folder, manifest, summary, HistogramFiles.totals(folder));
    }

    private static JsonView json(Path file, String missing) throws IOException {
        try {
            return new JsonView(JsonCodec.INSTANCE.read(Files.readString(file)));
        } catch (NoSuchFileException e) {
            throw new IOException(missing, e);
        } catch (IllegalArgumentException e) {
            throw new IOException("'" + file + "' cannot be read: " + e.getMessage(), e);
        }
    }

    public String runId() {
        return manifest.get("run_id").text();
    }

    public Instant startedAt() {
        return Instant.parse(manifest.get("started_at").text());
    }

    Path timeline() {
        return folder.resolve(ResultFiles.File.TIMELINE.fileName());
    }

    Path intervals() {
        return folder.resolve(HistogramFiles.INTERVALS);
    }

    /// Its steps as its summary lists them.
    public List<StepInfo> steps() {
        List<StepInfo> steps = new ArrayList<>();
        summary.get("steps")
                .map()
                .forEach((scenario, all) -> all.map().forEach((name, step) -> {
                    JsonView service = step.get("service");
                    steps.add(new StepInfo(
                            steps.size(),
                            scenario,
                            name,
                            step.get("type").text(),
                            StepInfo.Kind.valueOf(step.get("kind").text().toUpperCase(Locale.ROOT)),
                            service.isNull() ? null : service.text(),
                            step.get("place").text(),
                            step.get("file").text(),
                            (int) step.get("line").count()));
                }));
        return steps;
    }

    /// What the summary tells of a step.
    public JsonView step(StepInfo step) {
        return summary.get("steps").get(step.scenario()).get(step.name());
    }
}
