package io.turbulence.core.internal.result.report;

import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.figures.TimelinePoint;
import io.turbulence.core.internal.result.files.HistogramFiles;
import io.turbulence.core.internal.result.files.ResultFiles;
import io.turbulence.core.internal.result.files.RunName;
import io.turbulence.core.internal.result.files.SummaryFile;
import io.turbulence.core.internal.result.files.UnendedRun;
import io.turbulence.core.internal.result.json.JsonView;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.jspecify.annotations.Nullable;

/// What a report is made of.
///
/// @param run        what commands find the run by
/// @param timeline   the seconds, few enough to be drawn
/// @param totals     histograms in microseconds by tag, see [HistogramFiles]
/// @param examples   of failures, by signature
record ReportData(
        String run,
        JsonView manifest,
        JsonView summary,
        List<TimelinePoint> timeline,
        Map<String, Histogram> totals,
        Map<String, List<JsonView>> examples) {

    private static final int EXAMPLES_OF_A_KIND = 10;
    private static final int MOST_EXAMPLES = 200;
    private static final int LONGEST_LINE = 2 * 1024 * 1024;

    /// @throws IOException when the folder holds no run
    static ReportData read(Path folder) throws IOException {
        JsonView manifest = json(folder.resolve("manifest.json"), folder);
        Path summary = folder.resolve(SummaryFile.FILE);
        if (Files.exists(summary)) {
            return of(folder, manifest, json(summary, folder), totals(folder));
        }
        UnendedRun unended = UnendedRun.read(manifest, folder, soFar(folder.resolve(HistogramFiles.INTERVALS)));
        return of(folder, manifest, unended.summary(), unended.totals());
    }

    private static ReportData of(Path folder, JsonView manifest, JsonView summary, Map<String, Histogram> totals)
            throws IOException {
        return new ReportData(
                RunName.of(folder, manifest.get("run_id").text()),
                manifest,
                summary,
                timeline(folder.resolve(ResultFiles.File.TIMELINE.fileName())),
                totals,
                examples(folder.resolve(ResultFiles.File.EXAMPLES.fileName())));
    }

    String title() {
        String scenarios = String.join(", ", summary.get("scenarios").map().keySet());
        return scenarios.isEmpty() ? summary.get("run_id").text() : scenarios;
    }

    private static JsonView json(Path file, Path folder) throws IOException {
        try {
            return new JsonView(JsonCodec.INSTANCE.read(Files.readString(file)));
        } catch (NoSuchFileException e) {
            throw new IOException("'" + folder + "' holds no run: there is no '" + file.getFileName() + "'.", e);
        } catch (IllegalArgumentException e) {
            throw new IOException("'" + file + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<TimelinePoint> timeline(Path file) throws IOException {
        TimelinePoint.Collector collector = new TimelinePoint.Collector();
        if (Files.exists(file)) {
            try (BufferedReader lines = Files.newBufferedReader(file)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    JsonView view = parsed(line);
                    if (!view.isNull()) {
                        collector.add(view);
                    }
                }
            }
        }
        return collector.points();
    }

    private static Map<String, Histogram> totals(Path folder) throws IOException {
        Map<String, Histogram> totals = new LinkedHashMap<>();
        HistogramFiles.totals(folder).forEach((tag, histogram) -> totals.put(decoded(tag), histogram));
        return totals;
    }

    /// What the intervals come to. The last line of a killed run may be half a line: what came before it counts.
    private static Map<String, Histogram> soFar(Path file) throws IOException {
        Map<String, Histogram> totals = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return totals;
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Histogram interval = interval(line);
                if (interval != null) {
                    totals.computeIfAbsent(decoded(interval.getTag()), ignored -> new Histogram(3))
                            .add(interval);
                }
            }
        }
        return totals;
    }

    private static @Nullable Histogram interval(String line) {
        if (!line.startsWith("Tag=")) {
            return null;
        }
        try (HistogramLogReader reader =
                new HistogramLogReader(new ByteArrayInputStream((line + "\n\n").getBytes(StandardCharsets.UTF_8)))) {
            return reader.nextIntervalHistogram() instanceof Histogram histogram && histogram.getTag() != null
                    ? histogram
                    : null;
        } catch (RuntimeException e) {
            return null;
        }
    }

    private static Map<String, List<JsonView>> examples(Path file) throws IOException {
        Map<String, List<JsonView>> examples = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return examples;
        }
        int taken = 0;
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null && taken < MOST_EXAMPLES; line = lines.readLine()) {
                JsonView example = line.length() > LONGEST_LINE ? new JsonView(null) : parsed(line);
                List<JsonView> kind =
                        examples.computeIfAbsent(example.get("signature").text(), ignored -> new ArrayList<>());
                if (!example.isNull() && kind.size() < EXAMPLES_OF_A_KIND) {
                    kind.add(example);
                    taken++;
                }
            }
        }
        return examples;
    }

    /// The last line of a killed run may be half a line: then null.
    private static JsonView parsed(String line) {
        try {
            return new JsonView(JsonCodec.INSTANCE.read(line));
        } catch (IllegalArgumentException e) {
            return new JsonView(null);
        }
    }

    private static String decoded(String tag) {
        return URLDecoder.decode(tag, StandardCharsets.UTF_8);
    }
}
