package io.turbulence.core.internal.result;

import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.check.ThresholdResult;
import io.turbulence.core.internal.connection.Outage;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.connection.SubscriptionFigures;
import io.turbulence.core.internal.engine.event.AssertionResult;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.RunListener;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.result.console.Console;
import io.turbulence.core.internal.result.figures.ErrorKinds;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.figures.RunEnd;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.Statistics;
import io.turbulence.core.internal.result.figures.StepStatistics;
import io.turbulence.core.internal.result.figures.Timeline;
import io.turbulence.core.internal.result.files.HistogramFiles;
import io.turbulence.core.internal.result.files.JUnitReport;
import io.turbulence.core.internal.result.files.LatestLink;
import io.turbulence.core.internal.result.files.Manifest;
import io.turbulence.core.internal.result.files.RecordPolicy;
import io.turbulence.core.internal.result.files.RecorderOptions;
import io.turbulence.core.internal.result.files.ResultFiles;
import io.turbulence.core.internal.result.files.ResultFiles.File;
import io.turbulence.core.internal.result.files.SummaryFile;
import io.turbulence.core.internal.result.json.JsonLines;
import io.turbulence.core.internal.result.json.SecretMask;
import io.turbulence.core.internal.result.report.ReportWriter;
import io.turbulence.core.internal.result.soundness.GeneratorWatch;
import io.turbulence.core.internal.result.soundness.Soundness;
import io.turbulence.core.internal.result.soundness.SoundnessCheck;
import io.turbulence.core.internal.result.text.Style;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Records a run: counts and times everything, writes the files of the run's folder as it goes, and
/// shows how it stands. One for each run.
///
/// The listener's methods are thread-safe and quick: lines are made on the caller's thread and
/// written by a thread of its own, at the latest 200 ms later, so that a killed run keeps them. A
/// caller waits only when the disk cannot follow. Memory depends on the number of steps, of kinds
/// of failure and of running instances, never on how many there were.
///
/// When the files cannot be written any more, [RecorderOptions#onBroken] is called once and the rest is
/// dropped: results that are not whole must not look as if they were, so [#finish] then
/// answers [ExitCode#INTERNAL].
public final class RunRecorder implements RunListener, AutoCloseable {

    private static final Logger LOG = System.getLogger(RunRecorder.class.getName());

    private static final int WHOLE_INSTANCES = 10_000;
    private static final int WHOLE_WARM_UP_INSTANCES = 1_000;

    /// Running instances whose steps are kept in case they fail: of more, examples are not needed.
    private static final int MOST_KEPT = 10_000;

    /// What else was wrong at a step is told up to so many.
    private static final int MORE_ERRORS = 10;

    private static final int SHORT_FAILURES = 100_000;
    private static final long LOAD_INSTANCES = 1_000;
    private static final Duration LOAD_DURATION = Duration.ofSeconds(5);
    private static final long WRITE_EVERY_MILLIS = 100;
    private static final long TICK_NANOS = 1_000_000_000L;

    private final RunInfo run;
    private final RecorderOptions options;
    private final Supplier<Map<String, PoolFigures>> pools;
    private final Path folder;
    private final ResultFiles files;
    private final HistogramFiles histograms;
    private final JsonLines lines;
    private final Statistics statistics;
    private final ErrorKinds errors = new ErrorKinds();
    private final Timeline timeline;
    private final GeneratorWatch generator;
    private final Console console;
    private final ConcurrentMap<String, RunningInstance> running = new ConcurrentHashMap<>();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong begunInWarmUp = new AtomicLong();
    private final AtomicLong shortFailures = new AtomicLong();
    private final long startNanos = System.nanoTime();
    private final Thread writer;
    private volatile boolean stopping;
    private volatile @Nullable String broken;
    private volatile @Nullable String aborted;
    private boolean finished;

    /// Guarded by itself: of a small run all instances.
    private final List<JUnitReport.EndedInstance> ended = new ArrayList<>();

    private RunRecorder(RunInfo run, RecorderOptions options, Path folder, Supplier<Map<String, PoolFigures>> pools)
            throws IOException {
        this.run = run;
        this.options = options;
        this.pools = pools;
        this.folder = folder;
        this.files = new ResultFiles(folder);
        this.histograms = new HistogramFiles(folder, run.startedAt());
        this.lines = new JsonLines(run.runId(), run.secrets(), options.payloadLimit());
        this.statistics = new Statistics(run, System::nanoTime);
        this.timeline = new Timeline(run, options.thresholds(), startNanos);
        this.generator = GeneratorWatch.start(run.runId(), isLoad(run));
        this.console = new Console(run, options, statistics, timeline);
        this.writer = Thread.ofPlatform()
                .name("turbulence-results-" + run.runId())
                .daemon()
                .unstarted(this::writeLoop);
    }

    /// Makes the folder, writes the manifest and starts.
    ///
    /// @param pools figures of the services' pools at this moment, by service; called about once a second
    /// @throws IOException when the folder cannot be written; the message says which and why
    public static RunRecorder open(RunInfo run, RecorderOptions options, Supplier<Map<String, PoolFigures>> pools)
            throws IOException {
        Path folder = options.folder() == null ? Path.of("runs", run.runId()) : options.folder();
        try {
            Files.createDirectories(folder);
            Manifest.write(folder, run, null, null);
            RunRecorder recorder = new RunRecorder(run, options, folder, pools);
            LatestLink.point(folder);
            recorder.writer.start();
            recorder.console.start();
            return recorder;
        } catch (IOException e) {
            throw new IOException(
                    "'" + folder + "' cannot take the run's results: " + reason(e)
                            + ". Choose another folder with --output.",
                    e);
        }
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void waitingFor(@Nullable String what) {
        console.waitingFor(what);
    }

    @Override
    public void instanceStarted(InstanceInfo instance) {
        if (instance.phase() == InstanceInfo.Phase.INSTANCE) {
            statistics.instanceStarted(instance.warmUp());
        }
        if (options.policy() != RecordPolicy.NONE) {
            running.put(instance.instanceId(), new RunningInstance(isWhole(instance), running.size() < MOST_KEPT));
        }
    }

    @Override
    public void stepFinished(StepResult result) {
        RunningInstance instance = running.get(result.instance().instanceId());
        if (result.instance().isMeasured()) {
            statistics.stepFinished(result);
            countFailure(result, instance);
        }
        if (options.verbose()) {
            console.exchange(result, lines.mask(result.secrets()));
        }
        if (instance == null) {
            return;
        }
        instance.add(result);
        if (instance.isWhole()) {
            files.append(File.STEPS, lines.step(result));
        }
    }

    @Override
    public void assertionChecked(AssertionResult result) {
        RunningInstance instance = running.get(result.instance().instanceId());
        if (instance == null) {
            return;
        }
        instance.add(result);
        if (instance.isWhole()) {
            files.append(File.ASSERTIONS, lines.assertion(result));
        }
    }

    @Override
    public void instanceFinished(InstanceResult result) {
        if (result.instance().phase() == InstanceInfo.Phase.INSTANCE) {
            statistics.instanceFinished(result);
            keepSmallRun(result);
        }
        RunningInstance instance = running.remove(result.instance().instanceId());
        ErrorKinds.Kind kind = failure(result, instance);
        if (instance == null) {
            return;
        }
        boolean example = false;
        if (kind != null && kind.takeExample()) {
            example = true;
            files.append(File.EXAMPLES, example(result, instance, kind));
        }
        if (instance.isWhole()) {
            files.append(File.INSTANCES, lines.instance(result));
        } else if (example) {
            instance.steps().forEach(step -> files.append(File.STEPS, lines.step(step)));
            instance.assertions().forEach(assertion -> files.append(File.ASSERTIONS, lines.assertion(assertion)));
            files.append(File.INSTANCES, lines.instance(result));
        } else if (result.status() == InstanceResult.Status.FAILED
                && shortFailures.getAndIncrement() < SHORT_FAILURES) {
            files.append(File.INSTANCES, lines.instance(result));
        }
    }

    @Override
    public void arrived(String scenario, boolean warmUp, long lateNanos) {
        if (!warmUp) {
            statistics.arrived(scenario, lateNanos);
        }
    }

    @Override
    public void arrivalDropped(String scenario, boolean warmUp) {
        if (!warmUp) {
            statistics.arrivalDropped(scenario);
        }
    }

    @Override
    public void allStarted() {
        statistics.allStarted();
    }

    /// How the thresholds stand, as of the last second.
    public List<ThresholdResult> thresholds() {
        return timeline.thresholds(statistics);
    }

    /// Ends the recording: writes what is missing and shows the summary. Call it once, after the last
    /// instance ended.
    public RunSummary finish(RunEnd end) {
        return finish(end, List.of(), List.of());
    }

    /// As [#finish(RunEnd)], with what became of the messages of subscriptions, and with when services could not be
    /// reached.
    public RunSummary finish(RunEnd end, List<SubscriptionFigures> subscriptions, List<Outage> outages) {
        if (finished) {
            throw new IllegalStateException("'" + run.runId() + "' was finished already");
        }
        finished = true;
        stopThreads();
        tick();
        timeline.finish(statistics);
        writePending();
        Soundness soundness = soundness(end);
        generator.close();
        RunSummary summary = summary(end, soundness, subscriptions, outages);
        boolean wasWhole = broken == null;
        writeEnd(end, summary);
        if (wasWhole && broken != null) {
            // What was found broken just now changes what the run comes to
            summary = summary(end, soundness, subscriptions, outages);
            writeEnd(end, summary);
        }
        closeFiles();
        console.summary(summary, writeReport());
        return summary;
    }

    /// Writes each file for which there is room.
    private void writeEnd(RunEnd end, RunSummary summary) {
        tryTo(() -> SummaryFile.write(folder, summary));
        tryTo(() -> Manifest.write(folder, run, end, summary));
        tryTo(() -> JUnitReport.write(folder, summary, firstEnded()));
        tryTo(() -> histograms.totals(statistics));
    }

    /// Something that needs room on the disk.
    private interface Write {
        void run() throws IOException;
    }

    private void tryTo(Write write) {
        try {
            write.run();
        } catch (IOException e) {
            broken(e);
        }
    }

    /// Stops without a summary, as after a failure to start; harmless after [#finish]. Idempotent.
    @Override
    public void close() {
        if (finished) {
            return;
        }
        finished = true;
        stopThreads();
        writePending();
        generator.close();
        closeFiles();
    }

    /// Whether it may be long enough for the recorder of pinned threads to be worth its start.
    private static boolean isLoad(RunInfo run) {
        Long instances = run.instances();
        Duration duration = run.duration();
        return run.concurrency() > 1
                && (instances == null || instances >= LOAD_INSTANCES)
                && (duration == null || duration.compareTo(LOAD_DURATION) >= 0);
    }

    private boolean isWhole(InstanceInfo instance) {
        if (instance.phase() != InstanceInfo.Phase.INSTANCE) {
            return true;
        }
        return switch (options.policy()) {
            case ALL -> true;
            case FAILURES, NONE -> false;
            case DEFAULT ->
                instance.warmUp()
                        ? begunInWarmUp.getAndIncrement() < WHOLE_WARM_UP_INSTANCES
                        : begun.getAndIncrement() < WHOLE_INSTANCES;
        };
    }

    private void keepSmallRun(InstanceResult result) {
        if (result.instance().warmUp()) {
            return;
        }
        synchronized (ended) {
            if (ended.size() < JUnitReport.SMALL_RUN) {
                InstanceInfo instance = result.instance();
                String error = result.error() == null
                        ? null
                        : lines.mask(result.secrets()).text(result.error());
                ended.add(new JUnitReport.EndedInstance(
                        instance.scenario(),
                        instance.number(),
                        instance.instanceId(),
                        result.status(),
                        result.durationNanos(),
                        result.failedStep(),
                        error,
                        more(result)));
            }
        }
    }

    private List<JUnitReport.EndedInstance> firstEnded() {
        synchronized (ended) {
            return ended.stream()
                    .sorted(Comparator.comparingLong(JUnitReport.EndedInstance::number))
                    .toList();
        }
    }

    /// A step that contains others counts only what went wrong in itself: then it says so.
    private void countFailure(StepResult result, @Nullable RunningInstance instance) {
        if (result.ok() || result.skipped() || result.errors().isEmpty()) {
            return;
        }
        if (result.step().kind() == StepInfo.Kind.CONTAINER && instance != null && instance.failure() != null) {
            return;
        }
        String message = lines.mask(result.secrets()).text(result.errors().getFirst());
        ErrorKinds.Kind kind = errors.add(
                result.step(), message, () -> more(result), result.instance().instanceId());
        if (instance != null) {
            instance.failed(kind);
        }
    }

    /// What was wrong at a step beside the first.
    private List<String> more(StepResult result) {
        SecretMask mask = lines.mask(result.secrets());
        return result.errors().stream()
                .skip(1)
                .limit(MORE_ERRORS)
                .map(mask::text)
                .toList();
    }

    /// The same of an instance's failed step, where it is kept.
    private List<String> more(InstanceResult result) {
        RunningInstance instance = running.get(result.instance().instanceId());
        if (instance == null || result.error() == null) {
            return List.of();
        }
        return instance.steps().stream()
                .filter(step -> !step.ok()
                        && step.step().name().equals(result.failedStep())
                        && !step.errors().isEmpty()
                        && step.errors().getFirst().equals(result.error()))
                .findFirst()
                .map(this::more)
                .orElse(List.of());
    }

    /// The kind of an instance's failure; one that failed outside of its steps is counted here.
    private ErrorKinds.@Nullable Kind failure(InstanceResult result, @Nullable RunningInstance instance) {
        if (result.status() != InstanceResult.Status.FAILED
                || !result.instance().isMeasured()) {
            return null;
        }
        ErrorKinds.Kind kind = instance == null ? null : instance.failure();
        if (kind != null || (instance == null && result.failedStep() != null)) {
            return kind;
        }
        String error = result.error() == null ? "failed" : result.error();
        return errors.add(
                step(result),
                lines.mask(result.secrets()).text(error),
                result.instance().instanceId());
    }

    private @Nullable StepInfo step(InstanceResult result) {
        for (StepInfo step : run.steps()) {
            if (step.name().equals(result.failedStep())
                    && step.scenario().equals(result.instance().scenario())) {
                return step;
            }
        }
        return null;
    }

    private byte[] example(InstanceResult result, RunningInstance instance, ErrorKinds.Kind kind) {
        return lines.example(kind.signature(), result, instance.steps(), instance.assertions(), instance.omitted());
    }

    private void writeLoop() {
        long nextTick = startNanos + TICK_NANOS;
        boolean measuring = false;
        while (!stopping) {
            try {
                files.awaitLines(WRITE_EVERY_MILLIS);
            } catch (InterruptedException e) {
                // nobody has a reason to interrupt this thread but to end it
                Thread.currentThread().interrupt();
                return;
            }
            writePending();
            if (!measuring && statistics.isMeasuring()) {
                // The seconds of the run proper count from its own start
                measuring = true;
                nextTick = statistics.measuringSince() + TICK_NANOS;
            }
            if (System.nanoTime() - nextTick >= 0) {
                tick();
                nextTick += TICK_NANOS;
            }
        }
    }

    private void writePending() {
        if (broken != null) {
            return;
        }
        try {
            files.write();
        } catch (IOException e) {
            broken(e);
        }
    }

    /// Ends an interval of the statistics.
    private void tick() {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        generator.sample(statistics.isMeasuring());
        timeline.begin(seconds, statistics);
        histograms.begin(seconds);
        statistics.drain(poolFigures(), new Statistics.DrainListener() {
            @Override
            public void step(StepStatistics step, StepStatistics.Counts interval) {
                timeline.step(step, interval);
                histograms.step(step.info(), interval);
            }

            @Override
            public void actions(StepStatistics.Counts interval) {
                timeline.actions(interval);
            }
        });
        files.appendByWriter(File.TIMELINE, timeline.end(statistics));
        // A part has a part of the rate only
        if (statistics.isMeasuring() && run.shard() == null) {
            abortWhereWanted(seconds - statistics.measuredFrom(startNanos));
        }
        if (histograms.isBroken()) {
            broken(new IOException("'" + histograms.file() + "' could not be written"));
        }
    }

    private void abortWhereWanted(double seconds) {
        if (aborted != null || stopping) {
            return;
        }
        for (ThresholdResult result : timeline.newest().thresholds()) {
            Threshold threshold = result.threshold();
            boolean due =
                    threshold.abort() && seconds * 1000 >= threshold.after().toMillis();
            if (due && !result.holds() && result.actual().isPresent()) {
                String reason = "'" + threshold.expression() + "' does not hold (" + result.actualText() + " after "
                        + Style.time(seconds) + "): the run ";
                aborted = reason + "was stopped, as the threshold asks.";
                timeline.settle(result);
                options.onAbort().accept(reason + "is stopped, as the threshold asks.");
                return;
            }
        }
    }

    private Map<String, PoolFigures> poolFigures() {
        try {
            return pools.get();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "figures of pools could not be had; the last ones stand", e);
            return statistics.pools();
        }
    }

    private void broken(IOException e) {
        if (broken != null) {
            return;
        }
        broken = "Results are not whole: " + reason(e)
                + ". The run was stopped. Free space or choose another folder with --output.";
        LOG.log(Level.ERROR, "the run is stopped", e);
        files.discard();
        options.onBroken().run();
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return switch (e) {
            case AccessDeniedException denied -> "no permission to write '" + denied.getFile() + "'";
            case NoSuchFileException missing -> "'" + missing.getFile() + "' cannot be made there";
            case FileAlreadyExistsException exists -> "'" + exists.getFile() + "' is a file, not a folder";
            default -> message == null ? e.getClass().getSimpleName() : message;
        };
    }

    private void stopThreads() {
        stopping = true;
        files.end();
        console.stop();
        try {
            if (writer.isAlive() && !writer.join(Duration.ofSeconds(30))) {
                LOG.log(Level.WARNING, "the disk did not take the results of ''{0}'' within 30 s", run.runId());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeFiles() {
        try {
            files.close();
            histograms.close();
        } catch (IOException e) {
            broken(e);
        }
    }

    /// @return whether there is one
    private boolean writeReport() {
        if (broken != null) {
            return false;
        }
        try {
            ReportWriter.write(folder);
            return true;
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the report could not be written", e);
            return false;
        }
    }

    private List<Outage> masked(List<Outage> outages) {
        SecretMask mask = lines.mask(List.of());
        return outages.stream()
                .map(outage -> outage.withMessage(mask.text(outage.message())))
                .toList();
    }

    private Soundness soundness(RunEnd end) {
        Soundness found = SoundnessCheck.judge(new SoundnessCheck.Facts(
                statistics.lag(),
                statistics.arrivals(),
                statistics.stepSummaries(),
                // Samples for a percentile are those of the whole
                run.shard() == null ? options.thresholds() : List.of(),
                statistics::samples,
                service -> waitingMax(statistics.pools().get(service)),
                generator.figures()));
        return found.and(new Soundness(end.validity(), end.validityReasons()));
    }

    private static long waitingMax(@Nullable PoolFigures pool) {
        return pool == null ? 0 : pool.waitingMax();
    }

    private RunSummary summary(
            RunEnd end, Soundness soundness, List<SubscriptionFigures> subscriptions, List<Outage> outages) {
        List<ThresholdResult> results = new ArrayList<>();
        for (Threshold threshold : options.thresholds()) {
            results.add(timeline.result(threshold, statistics));
        }
        RunSummary.Instances instances = statistics.instances();
        ExitCode exitCode = ExitCode.of(
                end, soundness.validity(), instances.failed(), results, broken != null, run.shard() != null);
        return new RunSummary(
                run.runId(),
                run.seed(),
                folder,
                run.startedAt(),
                Duration.between(run.startedAt(), end.endedAt()),
                Duration.ofNanos(statistics.measuredNanos()),
                soundness.validity(),
                soundness.reasons(),
                instances,
                statistics.passRate(),
                statistics.rate(),
                statistics.dropped(),
                statistics.lag(),
                generator.figures(),
                statistics.warmUp(),
                statistics.latency(),
                statistics.scenarioSummaries(run.scenarios()),
                statistics.stepSummaries(),
                errors.summaries(),
                results,
                statistics.pools(),
                List.copyOf(subscriptions),
                masked(outages),
                end.interrupted(),
                exitCode,
                message(end));
    }

    /// Why the run did not go to its end; null when it did.
    private @Nullable String message(RunEnd end) {
        if (broken != null) {
            return broken;
        }
        return end.stopped() == null ? aborted : end.stopped().message();
    }
}
