package io.turbulence.core;

import static java.util.Objects.requireNonNull;

import io.turbulence.core.internal.engine.Patience;
import io.turbulence.core.internal.engine.Replay;
import io.turbulence.core.internal.engine.load.Source;
import io.turbulence.core.internal.engine.workload.Shard;
import io.turbulence.core.internal.engine.workload.Workload;
import io.turbulence.core.internal.plugin.PatientCall;
import io.turbulence.core.internal.plugin.PluginCatalog;
import io.turbulence.core.internal.result.files.RecordPolicy;
import io.turbulence.spi.ProtocolPlugin;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// One run of scenarios against a system: loaded, executed once, recorded.
///
/// ```java
/// RunResult result = TurbulenceRun.builder()
///         .system(Path.of("shop/system.yaml"))
///         .scenario(Path.of("shop/checkout.yaml"))
///         .instances(200)
///         .concurrency(20)
///         .build()
///         .execute();
/// ```
///
/// [#execute] blocks its caller; [#stop] and [#halt] may be called from any thread.
public final class TurbulenceRun implements Stoppable {

    private final RunSession session;

    private TurbulenceRun(Builder builder) {
        this.session = new RunSession(builder);
    }

    /// Collects what a run is made of.
    public static Builder builder() {
        return new Builder();
    }

    /// Loads and checks everything without sending anything.
    ///
    /// @return warnings, as they are printed
    /// @throws DefinitionException when a system or scenario is wrong; the message tells everything that is
    /// @throws io.turbulence.api.TurbulenceException when a plugin is broken
    /// @throws IllegalArgumentException when the builder was given something that cannot be: a threshold that is none,
    ///     a rate without a duration, or no scenario at all
    public List<String> check() {
        return session.check();
    }

    /// Runs to the end. An interrupt of the caller is as [#stop]: running instances may end, `finally` runs, results
    /// are
    /// kept, and the thread is interrupted when this returns. A second one is as [#halt].
    ///
    /// @throws DefinitionException when a system or scenario is wrong: nothing was run then
    /// @throws io.turbulence.api.TurbulenceException when a plugin is broken: nothing was run then
    /// @throws IllegalArgumentException when the builder was given something that cannot be: a threshold that is none,
    ///     a rate without a duration, or no scenario at all
    /// @throws java.io.UncheckedIOException when the folder for the results cannot be written
    public RunResult execute() {
        FutureTask<RunResult> run = new FutureTask<>(session::execute);
        Thread.ofPlatform().name("turbulence-run").start(run);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return run.get();
                } catch (InterruptedException e) {
                    if (interrupted) {
                        halt();
                    } else {
                        stop();
                    }
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw PatientCall.unchecked(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void stop() {
        session.stop();
    }

    @Override
    public void halt() {
        session.halt();
    }

    /// How much of a run is written down.
    public enum Recording {
        /// The first 10,000 instances whole, then failures, ten full examples of a kind.
        STANDARD,
        ALL,
        FAILURES,
        NONE;

        RecordPolicy policy() {
            return switch (this) {
                case STANDARD -> RecordPolicy.DEFAULT;
                case ALL -> RecordPolicy.ALL;
                case FAILURES -> RecordPolicy.FAILURES;
                case NONE -> RecordPolicy.NONE;
            };
        }
    }

    /// What is shown while a run goes on.
    public enum Console {
        /// A block that is drawn again and again.
        TERMINAL,
        /// A line every few seconds.
        LINES,
        /// Nothing.
        QUIET
    }

    /// Collects what a run is made of. Not thread-safe.
    public static final class Builder {

        @Nullable
        Source system;

        final List<Source> scenarios = new ArrayList<>();

        @Nullable
        String profile;

        final Map<String, String> variables = new LinkedHashMap<>();
        final List<Path> environmentFiles = new ArrayList<>();
        final Set<String> only = new LinkedHashSet<>();
        final Set<String> skip = new LinkedHashSet<>();

        @Nullable
        Long instances;

        @Nullable
        Integer concurrency;

        @Nullable
        String rate;

        @Nullable
        Duration duration;

        @Nullable
        Duration warmUp;

        @Nullable
        Long seed;

        @Nullable
        Shard shard;

        @Nullable
        Replay replay;

        @Nullable
        Path output;

        Recording recording = Recording.STANDARD;
        final List<String> thresholds = new ArrayList<>();
        final List<String> failures = new ArrayList<>();
        final List<String> flags = new ArrayList<>();
        Duration grace = Duration.ofSeconds(30);
        Patience patience = Patience.DEFAULT;
        boolean requireValid;
        boolean verbose;
        boolean traceLeases;

        @Nullable
        InetSocketAddress metrics;

        Console console = Console.QUIET;
        PrintWriter out = new PrintWriter(Writer.nullWriter());
        int width = 100;
        boolean colour;

        @Nullable
        PluginCatalog catalog;

        final List<Path> pluginFolders = new ArrayList<>();

        private Builder() {}

        /// The system file.
        public Builder system(Path file) {
            this.system = new Source.InFile(requireNonNull(file, "file"));
            return this;
        }

        /// The system, built in Java.
        public Builder system(SystemUnderTest built) {
            this.system = new Source.InCode(requireNonNull(built, "built").node());
            return this;
        }

        /// A scenario file, or a folder of them. May be called several times.
        public Builder scenario(Path fileOrFolder) {
            scenarios.add(new Source.InFile(requireNonNull(fileOrFolder, "fileOrFolder")));
            return this;
        }

        /// A scenario that was built in Java. May be called several times, also beside files.
        public Builder scenario(Scenario built) {
            scenarios.add(new Source.InCode(requireNonNull(built, "built").node()));
            return this;
        }

        /// The profile of the system file; without it its default.
        public Builder profile(@Nullable String name) {
            this.profile = name;
            return this;
        }

        /// What `{{env.NAME}}` finds, over the environment and environment files.
        public Builder variable(String name, String value) {
            variables.put(name, value);
            return this;
        }

        /// A file of `NAME=value` lines, over the environment.
        public Builder environmentFile(Path file) {
            environmentFiles.add(file);
            return this;
        }

        /// Only scenarios with this tag or id.
        public Builder only(String tagOrId) {
            only.add(tagOrId);
            return this;
        }

        /// No scenarios with this tag or id.
        public Builder skip(String tagOrId) {
            skip.add(tagOrId);
            return this;
        }

        /// How many instances in all. Replaces a file's `load` of another kind.
        public Builder instances(long number) {
            this.instances = number;
            return this;
        }

        /// How many at a time; 10 when there is more than one instance.
        public Builder concurrency(int number) {
            this.concurrency = number;
            return this;
        }

        /// Arrivals, such as `200/s`: an open workload.
        public Builder rate(String arrivals) {
            this.rate = arrivals;
            return this;
        }

        /// How long instances are started.
        public Builder duration(Duration length) {
            this.duration = length;
            return this;
        }

        /// Run before and recorded, but in no result.
        public Builder warmUp(Duration length) {
            this.warmUp = length;
            return this;
        }

        /// What all randomness comes from; without it a new one, which the results tell.
        public Builder seed(long number) {
            this.seed = number;
            return this;
        }

        /// Runs a part of the whole: of each `count` instances that follow one another one, with the whole's numbers
        /// and inputs, at the whole's share of the concurrency or of the arrivals. The parts of a run need the same
        /// seed; [RunMerge] puts their results together, and judges the thresholds, which a part leaves alone.
        ///
        /// @param index from 1
        /// @throws IllegalArgumentException when there is no such part
        public Builder shard(int index, int count) {
            this.shard = new Shard(index, count);
            return this;
        }

        /// The folder for the results; without it `runs/<run_id>`.
        public Builder output(@Nullable Path folder) {
            this.output = folder;
            return this;
        }

        public Builder recording(Recording how) {
            this.recording = requireNonNull(how, "how");
            return this;
        }

        /// A condition that must hold, such as `p95_latency_ms < 500`.
        public Builder threshold(String condition) {
            thresholds.add(condition);
            return this;
        }

        /// A condition that fails the run: the opposite sense.
        public Builder failOn(String condition) {
            failures.add(condition);
            return this;
        }

        /// How long running instances have to end after [TurbulenceRun#stop].
        public Builder grace(Duration length) {
            this.grace = length;
            return this;
        }

        /// How long to wait for what does not end, in tests of that.
        Builder patience(Patience length) {
            this.patience = length;
            return this;
        }

        /// Whether a run whose figures cannot be believed fails.
        public Builder requireValid(boolean required) {
            this.requireValid = required;
            return this;
        }

        /// Whether every exchange is printed.
        public Builder verbose(boolean all) {
            this.verbose = all;
            return this;
        }

        /// Whether every lease remembers the stack that took it, for reports of leaks. Costly.
        public Builder traceLeases(boolean trace) {
            this.traceLeases = trace;
            return this;
        }

        /// Where figures are shown to Prometheus while the run goes on, under `/metrics`; port 0 for any that is
        /// free, which is then printed. Without it nowhere.
        public Builder metrics(@Nullable InetSocketAddress address) {
            this.metrics = address;
            return this;
        }

        /// What the run was started with, for its manifest.
        public Builder flags(List<String> all) {
            flags.addAll(all);
            return this;
        }

        /// Where the run is shown; without it nowhere.
        public Builder console(Console how, PrintWriter writer, int columns, boolean inColour) {
            this.console = how;
            this.out = writer;
            this.width = columns;
            this.colour = inColour;
            return this;
        }

        /// These plugins alone, instead of those found on the class path and in folders.
        public Builder plugins(ProtocolPlugin... plugins) {
            this.catalog = PluginCatalog.of(plugins);
            return this;
        }

        /// A folder that holds a folder for each plugin, with its jars.
        public Builder pluginFolder(Path folder) {
            pluginFolders.add(folder);
            return this;
        }

        public TurbulenceRun build() {
            return new TurbulenceRun(this);
        }

        /// The workload that was asked for here; null for the files' own.
        @Nullable
        Workload workload() {
            Duration warm = warmUp == null ? Duration.ZERO : warmUp;
            if (rate != null) {
                if (instances != null) {
                    throw new IllegalArgumentException(
                            "instances was %d beside a rate of %s; instances arrive at a rate for a duration, or so many in all are run"
                                    .formatted(instances, rate));
                }
                double perSecond = Workload.perSecond(rate)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "rate was '" + rate + "' but it must be one such as 200/s or 90/m"));
                if (duration == null) {
                    throw new IllegalArgumentException("a rate needs a duration");
                }
                return Workload.constant(perSecond, duration, warm).adjusted(concurrency, null);
            }
            if (instances != null || duration != null) {
                int most = concurrency != null ? concurrency : instances != null && instances == 1 ? 1 : 10;
                return new Workload.Closed(instances, duration, most, warm);
            }
            return null;
        }
    }
}
