package io.turbulence.core;

import io.turbulence.api.Deadline;
import io.turbulence.core.internal.check.InvalidThresholdException;
import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.connection.Registry;
import io.turbulence.core.internal.connection.RegistryOpenException;
import io.turbulence.core.internal.definition.problem.InvalidDefinitionException;
import io.turbulence.core.internal.definition.problem.Problem;
import io.turbulence.core.internal.definition.problem.Problems;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.engine.Run;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.RunListener;
import io.turbulence.core.internal.engine.load.Loaded;
import io.turbulence.core.internal.engine.load.Loader;
import io.turbulence.core.internal.engine.load.Sources;
import io.turbulence.core.internal.engine.workload.Workload;
import io.turbulence.core.internal.engine.workload.WorkloadText;
import io.turbulence.core.internal.launch.LaunchFailedException;
import io.turbulence.core.internal.launch.LaunchPlan;
import io.turbulence.core.internal.launch.Launcher;
import io.turbulence.core.internal.plugin.LoadedPlugin;
import io.turbulence.core.internal.plugin.PluginCatalog;
import io.turbulence.core.internal.plugin.PluginException;
import io.turbulence.core.internal.result.OutcomeListener;
import io.turbulence.core.internal.result.RunRecorder;
import io.turbulence.core.internal.result.benchmark.BenchmarkFile;
import io.turbulence.core.internal.result.benchmark.BenchmarkRecorder;
import io.turbulence.core.internal.result.benchmark.BenchmarkReport;
import io.turbulence.core.internal.result.benchmark.BenchmarkView;
import io.turbulence.core.internal.result.benchmark.BenchmarkWatch;
import io.turbulence.core.internal.result.console.ReplayView;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.figures.LiveCounts;
import io.turbulence.core.internal.result.figures.RunEnd;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.files.RecordedInstance;
import io.turbulence.core.internal.result.files.RecorderOptions;
import io.turbulence.core.internal.result.files.StepOutcome;
import io.turbulence.core.internal.result.metrics.MetricsEndpoint;
import io.turbulence.core.internal.result.observer.Observers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Puts the parts of a run together: loads, launches, opens, runs, closes, tells.
final class RunSession {

    private static final Duration OPEN_WITHIN = Duration.ofSeconds(60);
    private static final int FAILURES_TOLD = 3;
    private static final String TIMEOUT = "TURBULENCE_TIMEOUT";
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final TurbulenceRun.Builder request;
    private final Object lock = new Object();

    // Guarded by lock
    private @Nullable Run running;
    private boolean stopped;
    private boolean halted;
    private boolean asked;

    RunSession(TurbulenceRun.Builder request) {
        this.request = request;
    }

    List<String> check() {
        try (PluginCatalog plugins = plugins()) {
            Loaded loaded = load(plugins);
            thresholds(loaded);
            loaded.warnOfSmallPools(workload(loaded));
            return loaded.warnings().stream().map(loaded.printer()::print).toList();
        }
    }

    RunResult execute() {
        return execute(null);
    }

    /// @param recorded the instance that is run again; null for a run
    private RunResult execute(@Nullable RecordedInstance recorded) {
        try (PluginCatalog plugins = plugins()) {
            Loaded loaded = load(plugins);
            List<Threshold> thresholds = recorded == null ? thresholds(loaded) : List.of();
            if (recorded != null) {
                known(loaded, recorded);
                tellOfChanges(loaded, recorded);
            }
            Workload workload = workload(loaded);
            loaded.warnOfSmallPools(workload);
            RunInfo info = info(plugins, loaded, workload);
            Path folder = request.output == null ? Path.of("runs", info.runId()) : request.output;
            warn(loaded);
            if (request.shard != null && !thresholds.isEmpty()) {
                tell("Shard " + request.shard + ": thresholds are judged when 'turbulence merge' has all parts.");
            }
            try (Registry registry = loaded.registry(info.runId(), info.concurrency())
                    .traceLeases(request.traceLeases)
                    .longestClose(request.patience.close())
                    .build()) {
                LiveCounts counts = new LiveCounts(info, registry::figures);
                try (Observers observers = observers(plugins, info, counts);
                        MetricsEndpoint metrics = metrics(info, counts);
                        RunRecorder recorder = RunRecorder.open(info, options(folder, thresholds), pools(registry))) {
                    boolean counted = metrics != null || !observers.isEmpty();
                    RunListener listener = observers.before(counted ? counts.before(recorder) : recorder);
                    return run(loaded, workload, info, folder, registry, recorder, listener);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e.getMessage(), e);
            }
        }
    }

    void stop() {
        synchronized (lock) {
            asked = true;
        }
        end();
    }

    /// As [#stop], for a reason of the run's own: that is no interruption.
    private void end() {
        synchronized (lock) {
            stopped = true;
            if (running != null) {
                running.stop();
            }
        }
    }

    void halt() {
        synchronized (lock) {
            asked = true;
            stopped = true;
            halted = true;
            if (running != null) {
                running.halt();
            }
        }
    }

    private @Nullable MetricsEndpoint metrics(RunInfo info, LiveCounts counts) {
        if (request.metrics == null) {
            return null;
        }
        MetricsEndpoint endpoint = MetricsEndpoint.open(request.metrics, info, counts);
        tell("Metrics at " + endpoint.uri());
        return endpoint;
    }

    private Observers observers(PluginCatalog plugins, RunInfo info, LiveCounts counts) {
        return Observers.open(
                plugins.plugins(),
                info,
                () -> Variables.merge(request.environmentFiles, request.variables),
                counts,
                new Observers.Voice(this::tell, this::warn));
    }

    /// Told in any case, where there is no console in the log.
    private void warn(String line) {
        if (request.console == TurbulenceRun.Console.QUIET) {
            System.getLogger(RunSession.class.getName()).log(System.Logger.Level.WARNING, line);
        } else {
            tell(line);
        }
    }

    private RunResult run(
            Loaded loaded,
            Workload workload,
            RunInfo info,
            Path folder,
            Registry registry,
            RunRecorder recorder,
            RunListener listener) {
        Ended ended = carryOut(loaded, workload, info, folder, registry, listener);
        RunSummary summary = recorder.finish(
                new RunEnd(
                        Instant.now(),
                        ended.interrupted(),
                        RunEnd.Validity.VALID,
                        List.of(),
                        request.requireValid,
                        ended.failure()),
                registry.subscriptions(),
                registry.outages());
        return RunResult.of(summary);
    }

    /// Why it is not good; null when it is.
    static @Nullable String why(RunSummary summary) {
        boolean byThreshold = summary.exitCode() == ExitCode.THRESHOLD;
        if ((summary.message() != null && !byThreshold) || summary.exitCode() == ExitCode.GOOD) {
            return summary.message();
        }
        List<String> lines = new ArrayList<>();
        if (summary.message() != null) {
            lines.add(summary.message());
        }
        RunSummary.Instances instances = summary.instances();
        lines.add("%d of %d passed, %d failed, %d aborted"
                .formatted(instances.passed(), instances.total(), instances.failed(), instances.aborted()));
        summary.errors().stream()
                .limit(FAILURES_TOLD)
                .map(error -> "%d × %s%s%s"
                        .formatted(
                                error.count(),
                                error.step() == null ? "" : error.step().name() + ": ",
                                error.message(),
                                error.more().stream()
                                        .map(more -> "\n  and " + more)
                                        .collect(Collectors.joining())))
                .forEach(lines::add);
        summary.thresholds().stream()
                .filter(result -> !result.holds())
                .map(result ->
                        "'%s' does not hold: %s".formatted(result.threshold().expression(), result.actualText()))
                .forEach(lines::add);
        return String.join("\n", lines);
    }

    /// Runs an instance of an earlier run again.
    ReplayResult replay(RunReplay.Builder wanted) {
        try {
            RecordedInstance recorded = RecordedInstance.read(wanted.run.path(), wanted.instance);
            request.seed = recorded.seed();
            request.replay = recorded.replay(wanted.offline);
            return wanted.offline ? evaluate(recorded) : again(recorded);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private ReplayResult again(RecordedInstance recorded) throws IOException {
        if (!recorded.hasSteps()) {
            tell("Instance " + recorded.number() + " was not recorded with its steps: its inputs come from the seed,"
                    + " but now() tells the time of today.");
        }
        RunResult result = execute(recorded);
        List<StepOutcome> now = RecordedInstance.read(result.folder(), Long.toString(recorded.number()))
                .outcomes();
        return told(recorded, now, result.exitCode(), result.folder());
    }

    /// Gives the instance the answers that it got then. Nothing is opened and nothing is sent.
    private ReplayResult evaluate(RecordedInstance recorded) throws IOException {
        if (!recorded.hasSteps()) {
            throw new IllegalArgumentException(
                    "instance %d of '%s' was not recorded with its steps, so its answers are not known; run with --record all to keep those of every instance"
                            .formatted(recorded.number(), recorded.folder()));
        }
        try (PluginCatalog plugins = plugins()) {
            Loaded loaded = load(plugins);
            known(loaded, recorded);
            warn(loaded);
            recorded.warnings().forEach(this::tell);
            RunInfo info = info(plugins, loaded, Workload.once(), recorded.runId());
            OutcomeListener listener = new OutcomeListener(info, options(recorded.folder(), List.of()));
            try (Registry registry = loaded.registry(info.runId(), 1).build()) {
                Run.Ending ending = loaded.run(new Run.Setup(
                                info,
                                registry,
                                listener,
                                Workload.once(),
                                request.grace,
                                InstantSource.system(),
                                request.verbose,
                                true,
                                request.replay,
                                request.patience))
                        .execute();
                RunEnd.Stopped failure = failure(ending);
                if (failure != null) {
                    tell(failure.message());
                    return new ReplayResult(failure.code().number(), recorded.number(), null, 0);
                }
                return told(recorded, listener.outcomes(), listener.exitCode(), null);
            }
        }
    }

    private ReplayResult told(RecordedInstance recorded, List<StepOutcome> now, int exitCode, @Nullable Path folder) {
        List<StepOutcome.Pair> pairs = StepOutcome.pairs(recorded.outcomes(), now);
        if (recorded.hasSteps()) {
            new ReplayView(request.colour, request.width)
                    .render(recorded, pairs)
                    .forEach(this::tell);
        }
        return new ReplayResult(
                exitCode,
                recorded.number(),
                folder,
                pairs.stream().filter(StepOutcome.Pair::differs).count());
    }

    /// The scenario must be there; whether it is as it was matters to who asks the system again.
    private void known(Loaded loaded, RecordedInstance recorded) {
        String wanted = recorded.scenario();
        List<String> ids =
                loaded.scenarios().stream().map(RunInfo.ScenarioFile::id).toList();
        if (wanted == null && ids.size() > 1) {
            throw new IllegalArgumentException(
                    "instance %d of '%s' was not recorded, so which of %s it ran is not known; choose one with --only"
                            .formatted(recorded.number(), recorded.folder(), String.join(", ", ids)));
        }
        if (wanted != null && !ids.contains(wanted)) {
            throw new IllegalArgumentException(
                    "instance %d of '%s' ran the scenario '%s', which is not among those loaded: %s; name its file with --scenarios"
                            .formatted(recorded.number(), recorded.folder(), wanted, String.join(", ", ids)));
        }
    }

    private void tellOfChanges(Loaded loaded, RecordedInstance recorded) {
        for (RunInfo.ScenarioFile scenario : loaded.scenarios()) {
            String then = recorded.checksums().get(scenario.id());
            if (then != null && !then.equals(scenario.sha256())) {
                tell("'" + scenario.file() + "' has changed since the run: the instance may do something else.");
            }
        }
    }

    /// Measures instead of recording.
    BenchmarkResult measure(Benchmark.Builder wanted) {
        BenchmarkFile baseline = baseline(wanted);
        try (PluginCatalog plugins = plugins()) {
            Loaded loaded = load(plugins);
            Workload workload = wanted.workload();
            loaded.warnOfSmallPools(workload);
            RunInfo info = info(plugins, loaded, workload);
            warn(loaded);
            BenchmarkWatch watch = new BenchmarkWatch(info.runId());
            BenchmarkRecorder recorder = new BenchmarkRecorder(info, wanted.levels, round -> {
                watch.measuring(round > 0);
                tell(round == 0 ? "warming up" : "round " + round + " of " + wanted.rounds());
            });
            Ended ended;
            try (watch;
                    Registry registry =
                            loaded.registry(info.runId(), info.concurrency()).build()) {
                ended = carryOut(loaded, workload, info, wanted.folder.resolve("benchmark"), registry, recorder);
            }
            if (ended.failure() != null || ended.interrupted()) {
                return unfinished(ended);
            }
            Path file = wanted.folder.resolve("benchmark-results-" + TIMESTAMP.format(info.startedAt()) + ".json");
            BenchmarkReport report =
                    BenchmarkReport.of(info, recorder.levels(), wanted.targetsOrDefault(), file, baseline, watch);
            write(report);
            new BenchmarkView(request.colour, request.width).render(report).forEach(this::tell);
            return new BenchmarkResult(report.exitCode().number(), file, report.advice(), null);
        }
    }

    private static @Nullable BenchmarkFile baseline(Benchmark.Builder wanted) {
        if (wanted.baseline == null) {
            return null;
        }
        try {
            BenchmarkFile baseline = BenchmarkFile.read(wanted.baseline);
            boolean common = baseline.levels().stream().anyMatch(level -> wanted.levels.contains(level.concurrency()));
            if (!common) {
                throw new IllegalArgumentException("'" + wanted.baseline + "' has no level in common with "
                        + wanted.levels + "; choose some of its own with --levels");
            }
            return baseline;
        } catch (IOException e) {
            throw new UncheckedIOException("'" + wanted.baseline + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static BenchmarkResult unfinished(Ended ended) {
        RunEnd.Stopped failure = ended.failure();
        return failure != null
                ? new BenchmarkResult(failure.code().number(), null, List.of(), failure.message())
                : new BenchmarkResult(
                        ExitCode.INTERRUPTED.number(), null, List.of(), "interrupted; nothing is written");
    }

    private static void write(BenchmarkReport report) {
        try {
            Path folder = report.file().toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            BenchmarkFile.write(report);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + report.file() + "' cannot be written: " + e.getMessage(), e);
        }
    }

    private void tell(String line) {
        if (request.console != TurbulenceRun.Console.QUIET) {
            request.out.println(line);
            request.out.flush();
        }
    }

    private record Ended(boolean interrupted, RunEnd.@Nullable Stopped failure) {}

    /// Launches, opens, runs and closes.
    private Ended carryOut(
            Loaded loaded, Workload workload, RunInfo info, Path folder, Registry registry, RunListener listener) {
        RunEnd.Stopped failure = null;
        boolean interrupted = false;
        try (Launcher launcher = new Launcher(folder.resolve("launch"))) {
            try {
                for (LaunchPlan plan : loaded.launches()) {
                    listener.waitingFor("starting '" + plan.name() + "'");
                    launcher.start(plan);
                }
                listener.waitingFor("opening the services");
                registry.open(Deadline.after(OPEN_WITHIN, "opening"));
                askPeers(loaded, registry);
                listener.waitingFor(null);
                Run run = loaded.run(new Run.Setup(
                        info,
                        registry,
                        listener,
                        workload,
                        request.grace,
                        InstantSource.system(),
                        request.verbose,
                        isWithoutLoad(loaded) && !(workload instanceof Workload.Rounds),
                        request.replay,
                        request.patience));
                Run.Ending ending = start(run);
                interrupted = ending.interrupted() && !endedByItself();
                failure = failure(ending);
            } catch (InvalidDefinitionException e) {
                failure = new RunEnd.Stopped(ExitCode.DEFINITION, String.valueOf(e.getMessage()));
            } catch (LaunchFailedException | RegistryOpenException e) {
                failure = new RunEnd.Stopped(ExitCode.START, String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                interrupted = true;
                Thread.currentThread().interrupt();
            }
            closeConnections(registry);
        }
        return new Ended(interrupted, failure);
    }

    /// What a service that cannot be reached would have said, its steps meet when they run: they may be meant to wait
    /// for it, or to find it away.
    private void askPeers(Loaded loaded, Registry registry) throws InterruptedException {
        List<Problem> known = loaded.warnings();
        loaded.askPeers(
                registry,
                request.patience.load(),
                (service, why) -> warn(
                        "Service '%s' could not be asked about its steps before the run, so that they are checked when they run: %s"
                                .formatted(service, why)));
        loaded.warnings().stream()
                .filter(warning -> !known.contains(warning))
                .forEach(warning -> warn(loaded.printer().print(warning)));
    }

    private boolean endedByItself() {
        synchronized (lock) {
            return stopped && !asked;
        }
    }

    private Run.Ending start(Run run) {
        synchronized (lock) {
            running = run;
            if (halted) {
                run.halt();
            } else if (stopped) {
                run.stop();
            }
        }
        return run.execute();
    }

    private static RunEnd.@Nullable Stopped failure(Run.Ending ending) {
        if (ending.beforeRunFailed() != null) {
            return new RunEnd.Stopped(
                    ExitCode.START,
                    "before_run failed at step '%s': %s"
                            .formatted(
                                    ending.beforeRunFailed().failedStep(),
                                    ending.beforeRunFailed().error()));
        }
        if (ending.broken() instanceof PluginException broken) {
            return new RunEnd.Stopped(ExitCode.PLUGIN, String.valueOf(broken.getMessage()));
        }
        if (ending.broken() != null) {
            return new RunEnd.Stopped(
                    ExitCode.INTERNAL, "a fault of Turbulence or a plugin broke instances off: " + ending.broken());
        }
        return null;
    }

    private void closeConnections(Registry registry) {
        try {
            registry.drain(Deadline.after(request.patience.drain(), "draining"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try {
            registry.close();
        } catch (RuntimeException e) {
            System.getLogger(RunSession.class.getName())
                    .log(System.Logger.Level.WARNING, "some connections did not close well", e);
        }
    }

    private PluginCatalog plugins() {
        return request.catalog != null
                ? request.catalog
                : PluginCatalog.load(RunSession.class.getClassLoader(), request.pluginFolders);
    }

    private Loaded load(PluginCatalog plugins) {
        if (request.scenarios.isEmpty()) {
            throw new IllegalArgumentException("no scenario to run; name one with scenario(...)");
        }
        Map<String, String> values = Variables.merge(request.environmentFiles, request.variables);
        Sources sources = new Sources(
                request.system,
                request.scenarios,
                request.profile,
                values,
                request.only,
                request.skip,
                Variables.integer(values, Variables.POOL_MAX),
                Variables.duration(values, TIMEOUT, DEFAULT_TIMEOUT));
        try {
            return new Loader(plugins, sources, request.patience.load()).load();
        } catch (InvalidDefinitionException e) {
            throw new DefinitionException(e);
        }
    }

    /// Then each scenario runs once, as a test does.
    private boolean isWithoutLoad(Loaded loaded) {
        return request.workload() == null && loaded.workload().isEmpty();
    }

    private Workload workload(Loaded loaded) {
        Workload whole = whole(loaded);
        return request.shard == null ? whole : whole.of(request.shard);
    }

    private Workload whole(Loaded loaded) {
        Workload asked = request.workload();
        Workload workload = asked != null
                ? asked
                : loaded.workload()
                        .orElseGet(() ->
                                new Workload.Closed((long) loaded.scenarios().size(), null, 1, Duration.ZERO));
        return asked == null ? workload.adjusted(request.concurrency, request.warmUp) : workload;
    }

    private List<Threshold> thresholds(Loaded loaded) {
        Threshold.Names names = new Threshold.Names(
                loaded.steps().stream()
                        .map(step -> new Threshold.Names.Step(step.scenario(), step.name()))
                        .toList(),
                loaded.protocols().keySet());
        List<Threshold> thresholds = new ArrayList<>();
        Problems problems = loaded.problems();
        ThresholdReader reader = new ThresholdReader(names, problems);
        Map<Path, Integer> read = new HashMap<>();
        for (YamlNode node : loaded.thresholds()) {
            int index = read.merge(node.location().file(), 1, Integer::sum) - 1;
            reader.read(node, "thresholds[" + index + "]").ifPresent(thresholds::add);
        }
        try {
            problems.throwIfErrors();
        } catch (InvalidDefinitionException e) {
            throw new DefinitionException(e);
        }
        try {
            request.thresholds.forEach(text -> thresholds.add(Threshold.parse(text, names)));
            request.failures.forEach(text -> thresholds.add(Threshold.parseFailure(text, names)));
        } catch (InvalidThresholdException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        return thresholds;
    }

    private RunInfo info(PluginCatalog plugins, Loaded loaded, Workload workload) {
        byte[] suffix = new byte[2];
        new SecureRandom().nextBytes(suffix);
        return info(
                plugins,
                loaded,
                workload,
                TIMESTAMP.format(Instant.now()) + "-" + HexFormat.of().formatHex(suffix));
    }

    private RunInfo info(PluginCatalog plugins, Loaded loaded, Workload workload, String runId) {
        Instant now = Instant.now();
        Map<String, String> versions = new LinkedHashMap<>();
        for (LoadedPlugin plugin : plugins.plugins()) {
            versions.put(plugin.name(), plugin.info().version());
        }
        return new RunInfo(
                runId,
                request.seed == null ? new SecureRandom().nextLong() >>> 1 : request.seed,
                now,
                version(),
                versions,
                request.system == null ? null : request.system.file(),
                loaded.scenarios(),
                loaded.profile(),
                request.flags,
                loaded.steps(),
                workload.plannedInstances(),
                withWarmUp(workload),
                workload.mostAtOnce(),
                loaded.secrets(),
                loaded.protocols(),
                request.shard,
                WorkloadText.of(request.shard == null ? workload : whole(loaded)));
    }

    private static @Nullable Duration withWarmUp(Workload workload) {
        Duration planned = workload.plannedDuration();
        return planned == null ? null : planned.plus(workload.warmUp());
    }

    private static String version() {
        String version = RunSession.class.getPackage().getImplementationVersion();
        return version == null ? "(not packaged)" : version;
    }

    private RecorderOptions options(Path folder, List<Threshold> thresholds) {
        RecorderOptions.ConsoleMode mode = switch (request.console) {
            case TERMINAL -> RecorderOptions.ConsoleMode.TERMINAL;
            case LINES -> RecorderOptions.ConsoleMode.LINES;
            case QUIET -> RecorderOptions.ConsoleMode.QUIET;
        };
        return RecorderOptions.quiet()
                .withFolder(folder)
                .withPolicy(request.recording.policy())
                .withThresholds(thresholds)
                .withConsole(mode, request.out, request.width, request.colour)
                .withVerbose(request.verbose)
                .onBroken(this::end)
                .onAbort(reason -> {
                    request.out.println(reason);
                    request.out.flush();
                    end();
                });
    }

    private void warn(Loaded loaded) {
        if (request.console == TurbulenceRun.Console.QUIET) {
            return;
        }
        for (Problem warning : loaded.warnings()) {
            request.out.println(loaded.printer().print(warning));
        }
        request.out.flush();
    }

    private static Supplier<Map<String, PoolFigures>> pools(Registry registry) {
        return () -> {
            Map<String, PoolFigures> figures = new LinkedHashMap<>();
            registry.figures().forEach(one -> figures.put(one.service(), one));
            return figures;
        };
    }
}
