package io.turbulence.core;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/// One instance of an earlier run, run again with the same inputs: seed, row of data, choices and what `now()` told.
/// What is new in every run stays new: `run_id`, `instance_id`, `correlation_id` and `traceparent`.
///
/// ```java
/// ReplayResult result = RunReplay.of(
///                 TurbulenceRun.builder()
///                         .system(Path.of("shop/system.yaml"))
///                         .scenario(Path.of("shop/checkout.yaml")),
///                 RunFolder.find(Path.of("runs"), "latest"))
///         .instance("17")
///         .build()
///         .execute();
/// ```
///
/// [#execute] blocks its caller; [#stop] and [#halt] may be called from any thread.
public final class RunReplay implements Stoppable {

    private final RunSession session;
    private final Builder builder;

    private RunReplay(Builder builder) {
        this.builder = builder;
        builder.definitions.instances = 1L;
        builder.definitions.concurrency = 1;
        builder.definitions.recording = TurbulenceRun.Recording.ALL;
        this.session = new RunSession(builder.definitions);
    }

    /// @param definitions what is run; of workload, seed, thresholds and recording nothing is used
    /// @param run         the run that the instance was part of
    public static Builder of(TurbulenceRun.Builder definitions, RunFolder run) {
        return new Builder(definitions, run);
    }

    /// Runs the instance to its end.
    ///
    /// @throws DefinitionException           when a system or scenario is wrong: nothing was run then
    /// @throws IllegalArgumentException      when the run has no such instance, or its answers are wanted and were not
    ///                                       recorded
    /// @throws java.io.UncheckedIOException  when the folder holds no run, or a file cannot be read or written
    /// @throws io.turbulence.api.TurbulenceException when a plugin is broken: nothing was run then
    public ReplayResult execute() {
        return session.replay(builder);
    }

    @Override
    public void stop() {
        session.stop();
    }

    @Override
    public void halt() {
        session.halt();
    }

    /// Collects what is run again, and how. Not thread-safe.
    public static final class Builder {

        final TurbulenceRun.Builder definitions;
        final RunFolder run;

        @Nullable
        String instance;

        boolean offline;

        private Builder(TurbulenceRun.Builder definitions, RunFolder run) {
            this.definitions = requireNonNull(definitions, "definitions");
            this.run = requireNonNull(run, "run");
        }

        /// Its number or its id; without it the first that failed.
        public Builder instance(@Nullable String numberOrId) {
            this.instance = numberOrId;
            return this;
        }

        /// Whether it gets the answers that it got then, so that nothing is opened or sent: what an edited scenario
        /// makes of them is seen at once.
        public Builder offline(boolean recordedAnswers) {
            this.offline = recordedAnswers;
            return this;
        }

        public RunReplay build() {
            return new RunReplay(this);
        }
    }
}
