package io.turbulence.core.internal.result.files;

import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.result.figures.Statistics;
import io.turbulence.core.internal.result.figures.StepStatistics;
import io.turbulence.core.internal.result.figures.StepStatistics.Counts;
import io.turbulence.core.internal.result.figures.StepStatistics.Time;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;
import org.jspecify.annotations.Nullable;

/// The standard `.hlog` files of a run, in microseconds: `intervals.hlog` with what came in each
/// second and `totals.hlog` with the whole run. A histogram's tag is
/// `<scenario>/<step>:<latency|scheduled_latency|pool_wait|first_byte|propagation|dns|connect|tls|transfer>`, its
/// names URL-encoded; in the second also `:<scenario>:duration` of its instances, from the first measured start to the
/// last end, `:<service>[/<host:port>]:wait` of its pools and `:schedule:lag` of its arrivals. Used by one thread at a
/// time.
public final class HistogramFiles implements Closeable {

    public static final String INTERVALS = "intervals.hlog";
    public static final String TOTALS = "totals.hlog";
    public static final String LAG_TAG = ":schedule:lag";
    private static final double MICROS_PER_MILLI = 1000;

    private final Path folder;
    private final Instant startedAt;
    private final PrintStream intervals;
    private final HistogramLogWriter writer;
    private final long startNanos = System.nanoTime();
    private double from;
    private double to;

    public HistogramFiles(Path folder, Instant startedAt) throws IOException {
        this.folder = folder;
        this.startedAt = startedAt;
        this.intervals = open(INTERVALS);
        this.writer = header(intervals);
    }

    /// What `totals.hlog` of a run's folder holds, by tag as it is written; nothing when there is no such file.
    public static Map<String, Histogram> totals(Path folder) throws IOException {
        Path file = folder.resolve(TOTALS);
        Map<String, Histogram> histograms = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return histograms;
        }
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                HistogramLogReader reader = new HistogramLogReader(in)) {
            for (EncodableHistogram next = reader.nextIntervalHistogram();
                    next != null;
                    next = reader.nextIntervalHistogram()) {
                if (next instanceof Histogram histogram && histogram.getTag() != null) {
                    histograms.put(histogram.getTag(), histogram);
                }
            }
        }
        return histograms;
    }

    public Path file() {
        return folder.resolve(INTERVALS);
    }

    /// Begins the interval that ends so many seconds after the start.
    public void begin(double seconds) {
        from = to;
        to = seconds;
    }

    public void step(StepInfo step, Counts interval) {
        if (!interval.isEmpty()) {
            write(writer, step, interval, from, to);
        }
    }

    /// Whether writing failed some time.
    public boolean isBroken() {
        return intervals.checkError();
    }

    /// Writes the file with the whole run.
    public void totals(Statistics statistics) throws IOException {
        try (PrintStream out = open(TOTALS)) {
            HistogramLogWriter totals = header(out);
            statistics.totals(new Statistics.DrainListener() {
                @Override
                public void step(StepStatistics step, Counts total) {
                    write(totals, step.info(), total, 0, to);
                }

                @Override
                public void actions(Counts total) {
                    // their sum can be made from the steps'
                }
            });
            double measuredFrom = statistics.measuredFrom(startNanos);
            double measuredTo = measuredFrom + statistics.measuredNanos() / 1e9;
            statistics
                    .durations()
                    .forEach((scenario, duration) ->
                            write(totals, durationTag(scenario), duration, measuredFrom, measuredTo));
            write(totals, LAG_TAG, statistics.scheduleLag().histogram(), 0, to);
            statistics.pools().forEach((service, pool) -> {
                write(totals, waitTag(service, null), pool.waitMs().micros(), 0, to);
                pool.hosts()
                        .forEach((host, figures) -> write(
                                totals, waitTag(service, host), figures.waitMs().micros(), 0, to));
            });
            if (out.checkError()) {
                throw new IOException("'" + folder.resolve(TOTALS) + "' could not be written");
            }
        }
    }

    @Override
    public void close() {
        intervals.close();
    }

    private static void write(HistogramLogWriter log, StepInfo step, Counts counts, double from, double to) {
        for (Time time : Time.values()) {
            AbstractHistogram histogram = counts.histogram(time);
            if (histogram != null && histogram.getTotalCount() > 0) {
                histogram.setTag(stepTag(step.scenario(), step.name(), time));
                log.outputIntervalHistogram(from, to, histogram, MICROS_PER_MILLI);
            }
        }
    }

    private static void write(
            HistogramLogWriter log, String tag, @Nullable AbstractHistogram histogram, double from, double to) {
        if (histogram != null && histogram.getTotalCount() > 0) {
            AbstractHistogram own = histogram.copy();
            own.setTag(tag);
            log.outputIntervalHistogram(from, to, own, MICROS_PER_MILLI);
        }
    }

    public static String durationTag(String scenario) {
        return ":" + encoded(scenario) + ":duration";
    }

    public static String waitTag(String service, @Nullable String host) {
        return ":" + encoded(service) + (host == null ? "" : "/" + encoded(host)) + ":wait";
    }

    public static String stepTag(String scenario, String step, Time time) {
        return encoded(scenario) + "/" + encoded(step) + ":" + time.name().toLowerCase(Locale.ROOT);
    }

    private PrintStream open(String name) throws IOException {
        return new PrintStream(
                new BufferedOutputStream(Files.newOutputStream(folder.resolve(name))), false, StandardCharsets.UTF_8);
    }

    private HistogramLogWriter header(PrintStream out) {
        HistogramLogWriter log = new HistogramLogWriter(out);
        log.outputLogFormatVersion();
        log.outputStartTime(startedAt.toEpochMilli());
        log.setBaseTime(startedAt.toEpochMilli());
        log.outputBaseTime(startedAt.toEpochMilli());
        log.outputLegend();
        return log;
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }
}
