package io.turbulence.core.internal.result.files;

import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.figures.StepStatistics.Counts;
import io.turbulence.core.internal.result.figures.StepStatistics.Time;
import io.turbulence.core.internal.result.json.JsonView;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.HistogramLogReader;
import org.jspecify.annotations.Nullable;

/// What a part of a run wrote second by second, read in order beside that of other parts. Holds one second at a time.
/// For one thread.
public final class ShardSeconds implements Closeable {

    private final Instant startedAt;
    private final double offset;
    private final Map<String, Series> series = new HashMap<>();
    private final Map<String, StepInfo> steps = new HashMap<>();
    private final @Nullable BufferedReader lines;
    private final @Nullable HistogramLogReader histograms;
    private @Nullable JsonView line;
    private @Nullable AbstractHistogram histogram;
    private JsonView newest = new JsonView(null);

    private record Series(StepInfo step, Time time) {}

    /// @param origin from when seconds are counted
    public ShardSeconds(RecordedRun run, Instant origin, Iterable<StepInfo> all) throws IOException {
        this.startedAt = run.startedAt();
        this.offset = Duration.between(origin, startedAt).toNanos() / 1e9;
        for (StepInfo step : all) {
            steps.put(step.scenario() + "/" + step.name(), step);
            for (Time time : Time.values()) {
                series.put(HistogramFiles.stepTag(step.scenario(), step.name(), time), new Series(step, time));
            }
        }
        this.lines = Files.exists(run.timeline()) ? Files.newBufferedReader(run.timeline()) : null;
        this.histograms = Files.exists(run.intervals())
                ? new HistogramLogReader(new BufferedInputStream(Files.newInputStream(run.intervals())))
                : null;
        nextLine();
        nextHistogram();
    }

    /// The newest line of `timeline.jsonl` that was taken; empty before the first.
    public JsonView newest() {
        return newest;
    }

    /// The second of what comes next; the greatest number when nothing does.
    public long next() {
        long second = Long.MAX_VALUE;
        if (line != null) {
            second = second(end(line));
        }
        return histogram == null ? second : Math.min(second, second(end(histogram)));
    }

    /// Takes what came until the end of a second.
    ///
    /// @param counts takes what was counted at a step
    /// @return the end of the last interval taken, in seconds since the origin; 0 when there was none
    public double take(long until, BiConsumer<StepInfo, Counts> counts) throws IOException {
        double end = 0;
        for (JsonView next = line; next != null && second(end(next)) <= until; next = line) {
            end = Math.max(end, end(next));
            next.get("steps").map().forEach((name, figures) -> {
                StepInfo step = steps.get(name);
                if (step != null) {
                    Counts one = Counts.narrow();
                    one.failed = figures.at(1).count();
                    one.ok = figures.at(0).count() - one.failed;
                    counts.accept(step, one);
                }
            });
            newest = next;
            nextLine();
        }
        for (AbstractHistogram next = histogram; next != null && second(end(next)) <= until; next = histogram) {
            end = Math.max(end, end(next));
            Series known = series.get(next.getTag());
            if (known != null) {
                Counts one = Counts.wide();
                one.add(known.time(), next);
                counts.accept(known.step(), one);
            }
            nextHistogram();
        }
        return end;
    }

    private static long second(double seconds) {
        return (long) Math.floor(seconds);
    }

    private double end(JsonView of) {
        return offset + of.get("t").number();
    }

    private double end(AbstractHistogram of) {
        return offset + (of.getEndTimeStamp() - startedAt.toEpochMilli()) / 1e3;
    }

    private void nextLine() throws IOException {
        String text = lines == null ? null : lines.readLine();
        line = text == null ? null : new JsonView(JsonCodec.INSTANCE.read(text));
    }

    private void nextHistogram() throws IOException {
        EncodableHistogram next = histograms == null ? null : histograms.nextIntervalHistogram();
        histogram = next instanceof AbstractHistogram known ? known : null;
    }

    @Override
    public void close() throws IOException {
        if (histograms != null) {
            histograms.close();
        }
        if (lines != null) {
            lines.close();
        }
    }
}
