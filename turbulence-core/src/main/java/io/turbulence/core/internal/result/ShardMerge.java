package io.turbulence.core.internal.result;

import io.turbulence.core.internal.check.InvalidThresholdException;
import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.check.ThresholdResult;
import io.turbulence.core.internal.connection.Outage;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.connection.SubscriptionFigures;
import io.turbulence.core.internal.engine.event.InstanceResult.Status;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.workload.Shard;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.console.SummaryView;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.figures.GeneratorFigures;
import io.turbulence.core.internal.result.figures.RunEnd;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.Statistics;
import io.turbulence.core.internal.result.figures.StepStatistics;
import io.turbulence.core.internal.result.figures.StepStatistics.Counts;
import io.turbulence.core.internal.result.figures.StepStatistics.Time;
import io.turbulence.core.internal.result.figures.Timeline;
import io.turbulence.core.internal.result.files.HistogramFiles;
import io.turbulence.core.internal.result.files.JUnitReport;
import io.turbulence.core.internal.result.files.LatestLink;
import io.turbulence.core.internal.result.files.RecordedRun;
import io.turbulence.core.internal.result.files.ResultFiles;
import io.turbulence.core.internal.result.files.ShardSeconds;
import io.turbulence.core.internal.result.files.SummaryFile;
import io.turbulence.core.internal.result.json.JsonFile;
import io.turbulence.core.internal.result.json.JsonLines;
import io.turbulence.core.internal.result.json.JsonView;
import io.turbulence.core.internal.result.report.ReportWriter;
import io.turbulence.core.internal.result.soundness.Soundness;
import io.turbulence.core.internal.result.soundness.SoundnessCheck;
import io.turbulence.core.internal.result.text.Style;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Puts the results of the parts of a run together, so that they are those of the whole: histograms are added, so are
/// counts, failures of a kind are one kind, thresholds are judged, and a report is made. One for each merge; for one
/// thread. Memory depends on the number of steps and parts.
public final class ShardMerge {

    private static final int EXAMPLES_OF_A_KIND = 10;
    private static final String MANIFEST = "manifest.json";

    private final List<RecordedRun> runs;
    private final Options options;
    private final RunInfo info;
    private final List<Threshold> thresholds;
    private final List<String> missing;
    private final long origin = System.nanoTime();

    /// @param partial    whether parts may be missing
    /// @param thresholds that must hold, beside those of the parts
    /// @param failures   that must not come true, beside those of the parts
    public record Options(boolean partial, boolean requireValid, List<String> thresholds, List<String> failures) {}

    private ShardMerge(List<RecordedRun> runs, List<String> missing, Options options) {
        this.runs = runs;
        this.missing = missing;
        this.options = options;
        this.info = info(runs);
        this.thresholds = thresholds();
    }

    /// Reads the parts.
    ///
    /// @throws IOException              when a folder cannot be read or holds no run that has ended
    /// @throws IllegalArgumentException when they are not the parts of one run
    public static ShardMerge of(List<Path> folders, Options options) throws IOException {
        List<RecordedRun> runs = new ArrayList<>();
        for (Path folder : folders) {
            runs.add(RecordedRun.read(folder));
        }
        TreeMap<Integer, RecordedRun> shards = new TreeMap<>();
        for (RecordedRun run : runs) {
            Shard shard = shard(run);
            belongTogether(runs.getFirst(), run);
            RecordedRun same = shards.put(shard.index(), run);
            if (same != null) {
                throw new IllegalArgumentException(
                        "'%s' and '%s' are both shard %s".formatted(same.folder(), run.folder(), shard));
            }
        }
        int count = shard(runs.getFirst()).count();
        List<String> missing = Stream.iterate(1, index -> index <= count, index -> index + 1)
                .filter(index -> !shards.containsKey(index))
                .map(index -> index + "/" + count)
                .toList();
        if (!missing.isEmpty() && !options.partial()) {
            throw new IllegalArgumentException("%s missing: name %s too, or take what there is with --partial"
                    .formatted(missing(missing), missing.size() == 1 ? "it" : "them"));
        }
        return new ShardMerge(List.copyOf(shards.values()), missing, options);
    }

    private static String missing(List<String> shards) {
        return (shards.size() == 1 ? "shard " : "shards ")
                + String.join(", ", shards)
                + (shards.size() == 1 ? " is" : " are");
    }

    private static Shard shard(RecordedRun run) {
        JsonView shard = run.manifest().get("shard");
        if (shard.isNull()) {
            throw new IllegalArgumentException(
                    "'" + run.folder() + "' is no part of a run: it was run without --shard, and is whole by itself");
        }
        return new Shard(
                (int) shard.get("index").count(), (int) shard.get("count").count());
    }

    private static void belongTogether(RecordedRun first, RecordedRun run) {
        if (shard(first).count() != shard(run).count()) {
            throw new IllegalArgumentException("'%s' is shard %s but '%s' is shard %s: they are of different runs"
                    .formatted(first.folder(), shard(first), run.folder(), shard(run)));
        }
        String seed = first.manifest().get("seed").text();
        String other = run.manifest().get("seed").text();
        if (!seed.equals(other)) {
            throw new IllegalArgumentException(
                    "'%s' has the seed %s but '%s' has %s: the parts of a run need the same --seed"
                            .formatted(first.folder(), seed, run.folder(), other));
        }
        if (!scenarios(first).equals(scenarios(run))) {
            throw new IllegalArgumentException("'%s' ran %s but '%s' ran %s: the parts of a run need the same scenarios"
                    .formatted(first.folder(), scenarios(first), run.folder(), scenarios(run)));
        }
    }

    private static List<String> scenarios(RecordedRun run) {
        return run.manifest().get("scenarios").list().stream()
                .map(scenario -> "'" + scenario.get("id").text() + "' ("
                        + scenario.get("sha256")
                                .text()
                                .substring(
                                        0,
                                        Math.min(
                                                8, scenario.get("sha256").text().length()))
                        + ")")
                .toList();
    }

    /// Of the whole; the same parts give the same.
    public String runId() {
        return info.runId();
    }

    private static RunInfo info(List<RecordedRun> runs) {
        JsonView manifest = runs.getFirst().manifest();
        RecordedRun earliest = Objects.requireNonNull(
                runs.stream().min(Comparator.comparing(RecordedRun::startedAt)).orElse(null));
        int hash = runs.stream().map(RecordedRun::runId).toList().hashCode();
        JsonView system = manifest.get("system");
        JsonView profile = manifest.get("profile");
        boolean counted =
                runs.stream().noneMatch(run -> run.manifest().get("instances").isNull());
        JsonView duration = manifest.get("duration_ms");
        return new RunInfo(
                earliest.runId().replaceFirst("-[^-]*$", "") + "-merged-" + "%04x".formatted(hash & 0xFFFF),
                Long.parseLong(manifest.get("seed").text()),
                earliest.startedAt(),
                manifest.get("turbulence_version").text(),
                manifest.get("plugins").map().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, one -> one.getValue().text())),
                system.isNull() ? null : Path.of(system.text()),
                manifest.get("scenarios").list().stream()
                        .map(scenario -> new RunInfo.ScenarioFile(
                                scenario.get("id").text(),
                                Path.of(scenario.get("file").text()),
                                scenario.get("sha256").text()))
                        .toList(),
                profile.isNull() ? null : profile.text(),
                manifest.get("flags").list().stream().map(JsonView::text).toList(),
                runs.getFirst().steps(),
                counted ? sum(runs, run -> run.manifest().get("instances")) : null,
                duration.isNull() ? null : Duration.ofMillis(duration.count()),
                (int) sum(runs, run -> run.manifest().get("concurrency")),
                List.of(),
                manifest.get("services").map().entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, one -> one.getValue().text())));
    }

    private interface Part {
        JsonView of(RecordedRun run);
    }

    private static long sum(List<RecordedRun> runs, Part part) {
        return runs.stream().mapToLong(run -> part.of(run).count()).sum();
    }

    private long sum(String... names) {
        return sum(runs, run -> {
            JsonView view = run.summary();
            for (String name : names) {
                view = view.get(name);
            }
            return view;
        });
    }

    private List<Threshold> thresholds() {
        Threshold.Names names = new Threshold.Names(
                info.steps().stream()
                        .map(step -> new Threshold.Names.Step(step.scenario(), step.name()))
                        .toList(),
                info.services().keySet());
        List<Threshold> all = new ArrayList<>();
        try {
            for (JsonView threshold :
                    runs.getFirst().summary().get("thresholds").list()) {
                String expression = threshold.get("expression").text();
                Threshold read = threshold.get("fail_on").isTrue()
                        ? Threshold.parseFailure(expression, names)
                        : Threshold.parse(expression, names);
                all.add(read.lookedAtAfter(
                        Duration.ofMillis(threshold.get("after_ms").count())));
            }
            options.thresholds().forEach(text -> all.add(Threshold.parse(text, names)));
            options.failures().forEach(text -> all.add(Threshold.parseFailure(text, names)));
        } catch (InvalidThresholdException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return all;
    }

    /// Writes the whole run's files.
    ///
    /// @throws IOException when a file cannot be read or written
    public RunSummary write(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (RecordedRun run : runs) {
            if (Files.isSameFile(folder, run.folder())) {
                throw new IllegalArgumentException(
                        "'" + folder + "' is one of the parts: the whole needs a folder of its own");
            }
        }
        Statistics statistics = totals();
        Timeline timeline;
        try (HistogramFiles histograms = new HistogramFiles(folder, info.startedAt())) {
            timeline = seconds(folder, histograms, statistics);
            histograms.totals(statistics);
        }
        for (ResultFiles.File file :
                List.of(ResultFiles.File.STEPS, ResultFiles.File.ASSERTIONS, ResultFiles.File.INSTANCES)) {
            lines(folder, file);
        }
        examples(folder);
        RunSummary summary = summary(folder, statistics, timeline);
        SummaryFile.write(folder, summary);
        JUnitReport.write(folder, summary, ended(folder, summary.instances().total()));
        JsonFile.write(folder.resolve(MANIFEST), manifest(summary));
        ReportWriter.write(folder);
        LatestLink.point(folder);
        return summary;
    }

    /// As it is shown at the end of a run.
    public static List<String> render(RunSummary summary, boolean colour, int width) {
        return new SummaryView(new Style(colour), width).render(summary, true);
    }

    private Statistics totals() {
        Statistics statistics = new Statistics(info, System::nanoTime);
        double first = Double.MAX_VALUE;
        double last = 0;
        for (RecordedRun run : runs) {
            for (StepInfo step : info.steps()) {
                statistics.put(step.index(), counts(run, step));
            }
            for (Map.Entry<String, JsonView> scenario :
                    run.summary().get("scenarios").map().entrySet()) {
                Histogram durations = run.totals().get(HistogramFiles.durationTag(scenario.getKey()));
                statistics.putInstances(
                        scenario.getKey(), instances(scenario.getValue().get("instances")), durations);
                statistics.putDropped(
                        scenario.getKey(),
                        scenario.getValue().get("dropped_arrivals").count());
                if (durations != null) {
                    first = Math.min(first, durations.getStartTimeStamp());
                    last = Math.max(last, durations.getEndTimeStamp());
                }
            }
        }
        for (RecordedRun run : runs) {
            Histogram lag = run.totals().get(HistogramFiles.LAG_TAG);
            if (lag != null) {
                statistics.scheduleLag().add(lag);
            }
        }
        if (first <= last) {
            // The beginning of the recording stands for the start of the whole
            long from = origin + Math.round((first - info.startedAt().toEpochMilli()) * 1e6);
            statistics.putMeasured(from, from + Math.round((last - first) * 1e6));
        }
        statistics.putMoment(0, sum("dropped_arrivals"), sum("warm_up_instances"), pools());
        return statistics;
    }

    private static Counts counts(RecordedRun run, StepInfo step) {
        JsonView view = run.step(step);
        Counts counts = Counts.wide();
        counts.ok = view.get("ok").count();
        counts.failed = view.get("failed").count();
        counts.skipped = view.get("skipped").count();
        for (Time time : Time.values()) {
            Histogram histogram = run.totals().get(HistogramFiles.stepTag(step.scenario(), step.name(), time));
            if (histogram != null) {
                counts.add(time, histogram);
            }
        }
        return counts;
    }

    private static RunSummary.Instances instances(JsonView view) {
        return new RunSummary.Instances(
                view.get("total").count(),
                view.get("passed").count(),
                view.get("failed").count(),
                view.get("aborted").count());
    }

    /// Writes the files that grow by the second, and sees to thresholds over windows.
    private Timeline seconds(Path folder, HistogramFiles histograms, Statistics whole) throws IOException {
        Timeline timeline = new Timeline(info, thresholds, 0);
        Statistics statistics = new Statistics(info, System::nanoTime);
        if (whole.isMeasuring()) {
            long from = Math.round(whole.measuredFrom(origin) * 1e9);
            statistics.putMeasured(from, from + whole.measuredNanos());
        }
        List<ShardSeconds> shards = new ArrayList<>();
        try (OutputStream out = output(folder, ResultFiles.File.TIMELINE)) {
            for (RecordedRun run : runs) {
                shards.add(new ShardSeconds(run, info.startedAt(), info.steps()));
            }
            for (long next = next(shards); next != Long.MAX_VALUE; next = next(shards)) {
                out.write(second(next, shards, statistics, timeline, histograms));
            }
        } finally {
            for (ShardSeconds shard : shards) {
                shard.close();
            }
        }
        timeline.finish(statistics);
        return timeline;
    }

    private static long next(List<ShardSeconds> shards) {
        return shards.stream().mapToLong(ShardSeconds::next).min().orElse(Long.MAX_VALUE);
    }

    private byte[] second(
            long second, List<ShardSeconds> shards, Statistics statistics, Timeline timeline, HistogramFiles histograms)
            throws IOException {
        Map<Integer, Counts> intervals = new HashMap<>();
        double end = second;
        for (ShardSeconds shard : shards) {
            double taken = shard.take(
                    second,
                    (step, counts) -> intervals
                            .computeIfAbsent(step.index(), ignored -> Counts.wide())
                            .add(counts));
            end = Math.max(end, taken);
        }
        moment(shards, statistics);
        timeline.begin(end, statistics);
        histograms.begin(end);
        Counts actions = Counts.wide();
        for (StepStatistics step : statistics.steps()) {
            Counts interval = intervals.getOrDefault(step.info().index(), Counts.narrow());
            if (step.info().kind() == StepInfo.Kind.ACTION) {
                actions.add(interval);
            }
            statistics.put(step.info().index(), interval);
            timeline.step(step, interval);
            histograms.step(step.info(), interval);
        }
        timeline.actions(actions);
        return timeline.end(statistics);
    }

    /// How the parts stand together. The lines tell of no scenarios, so all instances are the first one's here.
    private void moment(List<ShardSeconds> shards, Statistics statistics) {
        List<JsonView> lines = shards.stream().map(ShardSeconds::newest).toList();
        long passed = sumOf(lines, "passed");
        long failed = sumOf(lines, "failed");
        RunSummary.Instances known = statistics.instances();
        statistics.putInstances(
                info.scenarios().getFirst().id(),
                new RunSummary.Instances(0, passed - known.passed(), failed - known.failed(), 0),
                null);
        if (lines.stream().allMatch(line -> line.get("all_started").isTrue())) {
            statistics.allStarted();
        }
        Map<String, PoolFigures> pools = new LinkedHashMap<>();
        for (String service : info.services().keySet()) {
            List<JsonView> figures = lines.stream()
                    .map(line -> line.get("pools").get(service))
                    .filter(figure -> !figure.isNull())
                    .toList();
            if (!figures.isEmpty()) {
                pools.put(service, pool(service, figures));
            }
        }
        statistics.putMoment(
                sumOf(lines, "running"), sumOf(lines, "dropped"), sumOf(lines, "finished") - passed - failed, pools);
    }

    private static long sumOf(List<JsonView> lines, String name) {
        return lines.stream().mapToLong(line -> line.get(name).count()).sum();
    }

    /// @param figures in use, idle, waiting and opened, as lines of the timeline have them
    private static PoolFigures pool(String service, List<JsonView> figures) {
        long[] sums = new long[4];
        for (JsonView figure : figures) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += figure.at(i).count();
            }
        }
        Histogram none = new Histogram(2);
        return new PoolFigures(
                service,
                sums[3],
                0,
                0,
                0,
                0,
                0,
                0,
                sums[1],
                0,
                0,
                PoolFigures.WaitFigures.of(none),
                new PoolFigures.Evicted(0, 0, 0, 0),
                0,
                Map.of(),
                0,
                sums[0],
                sums[2]);
    }

    private void lines(Path folder, ResultFiles.File file) throws IOException {
        try (OutputStream out = output(folder, file)) {
            for (RecordedRun run : runs) {
                Path part = run.folder().resolve(file.fileName());
                if (Files.exists(part)) {
                    Files.copy(part, out);
                }
            }
        }
    }

    /// No more of a kind than one run keeps.
    private void examples(Path folder) throws IOException {
        Map<String, Integer> taken = new HashMap<>();
        try (OutputStream out = output(folder, ResultFiles.File.EXAMPLES)) {
            for (RecordedRun run : runs) {
                Path part = run.folder().resolve(ResultFiles.File.EXAMPLES.fileName());
                if (!Files.exists(part)) {
                    continue;
                }
                try (BufferedReader lines = Files.newBufferedReader(part)) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        String kind = new JsonView(JsonCodec.INSTANCE.read(line))
                                .get("signature")
                                .text();
                        if (taken.merge(kind, 1, Integer::sum) <= EXAMPLES_OF_A_KIND) {
                            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                        }
                    }
                }
            }
        }
    }

    private static OutputStream output(Path folder, ResultFiles.File file) throws IOException {
        return new BufferedOutputStream(Files.newOutputStream(folder.resolve(file.fileName())));
    }

    private RunSummary summary(Path folder, Statistics statistics, Timeline timeline) {
        List<ThresholdResult> results = new ArrayList<>();
        thresholds.forEach(threshold -> results.add(timeline.result(threshold, statistics)));
        RunEnd end = end();
        Soundness soundness = new Soundness(end.validity(), end.validityReasons()).and(enoughSamples(statistics));
        RunSummary.Instances instances = statistics.instances();
        return new RunSummary(
                info.runId(),
                info.seed(),
                folder,
                info.startedAt(),
                Duration.between(info.startedAt(), end.endedAt()),
                Duration.ofNanos(statistics.measuredNanos()),
                soundness.validity(),
                soundness.reasons(),
                instances,
                statistics.passRate(),
                statistics.rate(),
                statistics.dropped(),
                statistics.lag(),
                generator(),
                statistics.warmUp(),
                statistics.latency(),
                statistics.scenarioSummaries(info.scenarios()),
                statistics.stepSummaries(),
                errors(),
                results,
                statistics.pools(),
                subscriptions(),
                outages(),
                end.interrupted(),
                ExitCode.of(end, soundness.validity(), instances.failed(), results, false, false),
                end.stopped() == null ? null : end.stopped().message());
    }

    /// What no part can know: whether the whole has enough samples for the thresholds.
    private Soundness enoughSamples(Statistics statistics) {
        return SoundnessCheck.judge(new SoundnessCheck.Facts(
                RunSummary.Lag.NONE,
                Map.of(),
                List.of(),
                thresholds,
                statistics::samples,
                service -> 0,
                GeneratorFigures.NONE));
    }

    /// The processes that made the load, together: means of means, and the worst of each other figure.
    private GeneratorFigures generator() {
        return new GeneratorFigures(
                stretches("cpu_mean", "cpu_max"),
                stretches("cpu_waited_mean", "cpu_waited_max"),
                stretches("machine_cpu_mean", "machine_cpu_max"),
                new GeneratorFigures.Pauses((long) worst("gc_pause_max_ms"), (long) worst("gc_pause_10s_ms")),
                new GeneratorFigures.Pinned(sum("generator", "pinned"), sum("generator", "pinned_ms"), 0, 0, null),
                0);
    }

    private GeneratorFigures.Stretches stretches(String mean, String highest) {
        double all = runs.stream()
                .mapToDouble(run -> run.summary().get("generator").get(mean).number())
                .average()
                .orElse(0);
        return new GeneratorFigures.Stretches(all, worst(highest), 0, 0, 0, 0);
    }

    private double worst(String figure) {
        return runs.stream()
                .mapToDouble(run -> run.summary().get("generator").get(figure).number())
                .max()
                .orElse(0);
    }

    private RunEnd end() {
        Instant endedAt = info.startedAt();
        RunEnd.Validity validity = missing.isEmpty() ? RunEnd.Validity.VALID : RunEnd.Validity.SUSPECT;
        List<String> reasons = new ArrayList<>();
        if (!missing.isEmpty()) {
            reasons.add(missing(missing) + " missing: the figures are those of the others");
        }
        boolean interrupted = false;
        RunEnd.Stopped stopped = null;
        for (RecordedRun run : runs) {
            Instant ended = ended(run);
            endedAt = ended.isAfter(endedAt) ? ended : endedAt;
            RunEnd.Validity own =
                    RunEnd.Validity.valueOf(run.summary().get("valid").text().toUpperCase(Locale.ROOT));
            validity = own.compareTo(validity) > 0 ? own : validity;
            for (JsonView reason : run.summary().get("validity_reasons").list()) {
                reasons.add("shard " + shard(run) + ": " + reason.text());
            }
            interrupted |= run.summary().get("interrupted").isTrue();
            stopped = stopped == null ? stopped(run).orElse(null) : stopped;
        }
        Optional<String> apart = apart();
        if (apart.isPresent()) {
            reasons.add(apart.get());
            validity = validity == RunEnd.Validity.VALID ? RunEnd.Validity.SUSPECT : validity;
        }
        return new RunEnd(endedAt, interrupted, validity, reasons, options.requireValid(), stopped);
    }

    private static Instant ended(RecordedRun run) {
        return run.startedAt().plusMillis(run.summary().get("duration_ms").count());
    }

    /// That parts ran one after the other: the system never met the load of the whole.
    private Optional<String> apart() {
        List<RecordedRun> busy = runs.stream()
                .filter(run -> run.summary().get("instances").get("total").count() > 0)
                .toList();
        return busy.stream()
                .min(Comparator.comparing(ShardMerge::ended))
                .flatMap(first -> busy.stream()
                        .filter(run -> run.startedAt().isAfter(ended(first)))
                        .findFirst()
                        .map(late -> "shard " + shard(first) + " had ended when shard " + shard(late)
                                + " began: the parts did not run together, so the load was not that of the whole"));
    }

    /// Why a part did not come to its end by itself.
    private static Optional<RunEnd.Stopped> stopped(RecordedRun run) {
        long number = run.summary().get("exit_code").count();
        return Stream.of(ExitCode.PLUGIN, ExitCode.START, ExitCode.INTERNAL)
                .filter(code -> code.number() == number)
                .findFirst()
                .map(code -> new RunEnd.Stopped(
                        code,
                        "shard " + shard(run) + ": "
                                + run.summary().get("message").text()));
    }

    private List<RunSummary.ErrorKind> errors() {
        record Key(String signature, String scenario, String step) {}
        Map<Key, RunSummary.ErrorKind> kinds = new LinkedHashMap<>();
        for (RecordedRun run : runs) {
            for (JsonView error : run.summary().get("errors").list()) {
                Key key = new Key(
                        withoutFolder(error),
                        error.get("scenario").text(),
                        error.get("step").text());
                RunSummary.ErrorKind kind = new RunSummary.ErrorKind(
                        error.get("signature").text(),
                        error.get("count").count(),
                        info.steps().stream()
                                .filter(step -> step.scenario().equals(key.scenario())
                                        && step.name().equals(key.step()))
                                .findFirst()
                                .orElse(null),
                        error.get("example_instance").text(),
                        error.get("message").text(),
                        error.get("more").list().stream().map(JsonView::text).toList());
                kinds.merge(
                        key,
                        kind,
                        (known, more) -> new RunSummary.ErrorKind(
                                known.signature(),
                                known.count() + more.count(),
                                known.step(),
                                known.exampleInstance(),
                                known.message(),
                                known.more()));
            }
        }
        return kinds.values().stream()
                .sorted(Comparator.comparingLong(RunSummary.ErrorKind::count)
                        .reversed()
                        .thenComparing(RunSummary.ErrorKind::signature))
                .toList();
    }

    /// A signature that is the same where the scenarios stand elsewhere.
    private static String withoutFolder(JsonView error) {
        String file = error.get("file").text();
        Path name = file.isEmpty() ? null : Path.of(file).getFileName();
        String signature = error.get("signature").text();
        return name == null
                ? signature
                : signature.replaceAll("[^\\s('\"]*/" + Pattern.quote(name.toString()), name.toString());
    }

    private Map<String, PoolFigures> pools() {
        Map<String, PoolFigures> pools = new LinkedHashMap<>();
        for (String service : names(run -> run.summary().get("pools"))) {
            Map<String, PoolFigures> hosts = new LinkedHashMap<>();
            for (String host :
                    names(run -> run.summary().get("pools").get(service).get("hosts"))) {
                hosts.put(
                        host,
                        pool(
                                host,
                                run -> run.summary()
                                        .get("pools")
                                        .get(service)
                                        .get("hosts")
                                        .get(host),
                                HistogramFiles.waitTag(service, host),
                                Map.of()));
            }
            pools.put(
                    service,
                    pool(
                            service,
                            run -> run.summary().get("pools").get(service),
                            HistogramFiles.waitTag(service, null),
                            hosts));
        }
        return pools;
    }

    private List<String> names(Part part) {
        return runs.stream()
                .flatMap(run -> part.of(run).map().keySet().stream())
                .distinct()
                .toList();
    }

    private PoolFigures pool(String name, Part part, String tag, Map<String, PoolFigures> hosts) {
        long leases = sum(runs, run -> part.of(run).get("leases"));
        long reused = sum(runs, run -> part.of(run).get("reused"));
        double refused = 0;
        Histogram waits = new Histogram(2);
        for (RecordedRun run : runs) {
            double rate = part.of(run).get("error_rate").number();
            long own = part.of(run).get("leases").count();
            refused += rate < 1
                    ? own * rate / (1 - rate)
                    : Math.max(1, part.of(run).get("open_failed").count());
            Histogram histogram = run.totals().get(tag);
            if (histogram != null) {
                waits.add(histogram);
            }
        }
        return new PoolFigures(
                name,
                sum(runs, run -> part.of(run).get("opened")),
                sum(runs, run -> part.of(run).get("closed")),
                sum(runs, run -> part.of(run).get("open_failed")),
                leases,
                reused,
                leases == 0 ? 0 : (double) reused / leases,
                leases + refused == 0 ? 0 : refused / (leases + refused),
                sum(runs, run -> part.of(run).get("idle")),
                sum(runs, run -> part.of(run).get("in_use_max")),
                sum(runs, run -> part.of(run).get("waiting_max")),
                PoolFigures.WaitFigures.of(waits),
                new PoolFigures.Evicted(
                        sum(runs, run -> part.of(run).get("evicted").get("idle")),
                        sum(runs, run -> part.of(run).get("evicted").get("lifetime")),
                        sum(runs, run -> part.of(run).get("evicted").get("unhealthy")),
                        sum(runs, run -> part.of(run).get("evicted").get("over_limit"))),
                sum(runs, run -> part.of(run).get("leaked")),
                hosts,
                sum(runs, run -> part.of(run).get("max")),
                0,
                0);
    }

    private List<SubscriptionFigures> subscriptions() {
        List<SubscriptionFigures> all = new ArrayList<>();
        for (String service : names(run -> run.summary().get("subscriptions"))) {
            for (String channel :
                    names(run -> run.summary().get("subscriptions").get(service))) {
                long[] sums = Stream.of("arrived", "taken", "unmatched", "late", "duplicate", "overflowed")
                        .mapToLong(name -> sum("subscriptions", service, channel, name))
                        .toArray();
                all.add(new SubscriptionFigures(
                        service, channel, sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], 0));
            }
        }
        return all;
    }

    private List<Outage> outages() {
        List<Outage> all = new ArrayList<>();
        for (RecordedRun run : runs) {
            for (JsonView outage : run.summary().get("outages").list()) {
                JsonView until = outage.get("until");
                all.add(new Outage(
                        outage.get("service").text(),
                        outage.get("host").text(),
                        Instant.parse(outage.get("from").text()),
                        until.isNull() ? null : Instant.parse(until.text()),
                        outage.get("attempts").count(),
                        outage.get("message").text()));
            }
        }
        all.sort(Comparator.comparing(Outage::from));
        return all;
    }

    /// The instances of a small run, for its test cases; none of a larger one.
    private static List<JUnitReport.EndedInstance> ended(Path folder, long total) throws IOException {
        if (total > JUnitReport.SMALL_RUN) {
            return List.of();
        }
        List<JUnitReport.EndedInstance> ended = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve(ResultFiles.File.INSTANCES.fileName()))) {
            JsonView instance = new JsonView(JsonCodec.INSTANCE.read(line));
            if (instance.get("warm_up").isTrue() || !instance.get("phase").isNull()) {
                continue;
            }
            JsonView failedStep = instance.get("failed_step");
            JsonView error = instance.get("error");
            ended.add(new JUnitReport.EndedInstance(
                    instance.get("scenario").text(),
                    instance.get("instance").count(),
                    instance.get("instance_id").text(),
                    Status.valueOf(instance.get("status").text().toUpperCase(Locale.ROOT)),
                    Math.round(instance.get("duration_ms").number() * 1e6),
                    failedStep.isNull() ? null : failedStep.text(),
                    error.isNull() ? null : error.text(),
                    List.of()));
        }
        ended.sort(Comparator.comparingLong(JUnitReport.EndedInstance::number));
        return ended;
    }

    /// That of the first part, as far as it is the whole's too.
    private Map<String, @Nullable Object> manifest(RunSummary summary) {
        Map<String, @Nullable Object> manifest = new LinkedHashMap<>();
        runs.getFirst().manifest().map().forEach((name, view) -> manifest.put(name, view.value()));
        manifest.remove("shard");
        manifest.put("run_id", info.runId());
        manifest.put("started_at", JsonLines.time(info.startedAt()));
        manifest.put("ended_at", JsonLines.time(info.startedAt().plus(summary.duration())));
        manifest.put("exit_code", summary.exitCode().number());
        manifest.put("interrupted", summary.interrupted());
        manifest.put("message", summary.message());
        manifest.put("instances", info.instances());
        manifest.put("concurrency", info.concurrency());
        List<Map<String, Object>> parts = new ArrayList<>();
        for (RecordedRun run : runs) {
            parts.add(Map.of(
                    "run_id",
                    run.runId(),
                    "index",
                    shard(run).index(),
                    "count",
                    shard(run).count()));
        }
        manifest.put("shards", parts);
        return manifest;
    }
}
