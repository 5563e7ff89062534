package io.turbulence.core;

import static java.util.Objects.requireNonNull;

import io.turbulence.core.internal.definition.binding.Durations;
import io.turbulence.core.internal.engine.workload.Workload;
import io.turbulence.core.internal.result.benchmark.BenchmarkTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A baseline of a scenario: how long an instance takes, and how many go through, with one at a time and with
/// more, and how much that varies by itself.
///
/// ```java
/// BenchmarkResult result = Benchmark.of(TurbulenceRun.builder()
///                 .system(Path.of("shop/system.yaml"))
///                 .scenario(Path.of("shop/checkout.yaml")))
///         .levels(List.of(1, 10, 25))
///         .target("p95 < 800ms")
///         .baseline(Path.of("baseline.json"))
///         .build()
///         .execute();
/// ```
///
/// After a round that counts for nothing there are five rounds of each level in turn, over the same connections. What
/// the rounds differ by is the noise: a difference to the baseline counts only beyond it.
///
/// [#execute] blocks its caller; [#stop] and [#halt] may be called from any thread.
public final class Benchmark implements Stoppable {

    private static final int ROUNDS = 5;

    private final RunSession session;
    private final Builder builder;

    private Benchmark(Builder builder) {
        this.builder = builder;
        this.session = new RunSession(builder.definitions);
    }

    /// @param definitions what is run; of workload, thresholds and recording nothing is used
    public static Builder of(TurbulenceRun.Builder definitions) {
        return new Builder(definitions);
    }

    /// Measures to the end and writes `benchmark-results-<timestamp>.json`.
    ///
    /// @throws io.turbulence.api.TurbulenceException when a definition is wrong or a plugin is broken: nothing
    ///                                               was run then
    /// @throws java.io.UncheckedIOException          when the baseline cannot be read or the result cannot be
    ///                                               written
    public BenchmarkResult execute() {
        return session.measure(builder);
    }

    @Override
    public void stop() {
        session.stop();
    }

    @Override
    public void halt() {
        session.halt();
    }

    /// Collects what is measured and how. Not thread-safe.
    public static final class Builder {

        final TurbulenceRun.Builder definitions;
        List<Integer> levels = List.of(1, 10, 25);
        final List<BenchmarkTarget> targets = new ArrayList<>();
        Duration duration = Duration.ofSeconds(10);

        @Nullable
        Long instances;

        @Nullable
        Path baseline;

        Path folder = Path.of("");

        private Builder(TurbulenceRun.Builder definitions) {
            this.definitions = requireNonNull(definitions, "definitions");
        }

        /// How many instances at a time, each measured by itself; 1, 10 and 25 unless said otherwise.
        public Builder levels(List<Integer> all) {
            if (all.isEmpty() || all.stream().anyMatch(level -> level < 1)) {
                throw new IllegalArgumentException("levels were " + all + " but each must be at least 1");
            }
            this.levels = all.stream().distinct().sorted().toList();
            return this;
        }

        /// What must hold at each level, such as `p95 < 800ms`, `throughput > 100/s` or `error_rate < 1%`. Without
        /// any it is `p50 < 5s`.
        public Builder target(String text) {
            targets.add(BenchmarkTarget.parse(text));
            return this;
        }

        /// How long each level is measured in all; 10 seconds unless said otherwise. There are at least as many
        /// instances in each round as go at a time, however long they take.
        ///
        /// @throws IllegalArgumentException when it is not longer than nothing
        public Builder duration(Duration length) {
            if (!length.isPositive()) {
                throw new IllegalArgumentException(
                        "duration was " + Durations.text(length) + " but it must be longer than 0s, such as 10s");
            }
            this.duration = requireNonNull(length, "length");
            return this;
        }

        /// How many instances of each level, instead of a time; at least as many in each round as go at a time.
        public Builder instances(long number) {
            if (number < 1) {
                throw new IllegalArgumentException("instances was " + number + " but it must be at least 1");
            }
            this.instances = number;
            return this;
        }

        /// An earlier result to compare with.
        public Builder baseline(@Nullable Path file) {
            this.baseline = file;
            return this;
        }

        /// Where the result is written; the working directory unless said otherwise.
        public Builder folder(Path where) {
            this.folder = requireNonNull(where, "where");
            return this;
        }

        public Benchmark build() {
            return new Benchmark(this);
        }

        List<BenchmarkTarget> targetsOrDefault() {
            return targets.isEmpty() ? List.of(BenchmarkTarget.DEFAULT) : List.copyOf(targets);
        }

        int rounds() {
            return ROUNDS;
        }

        /// Levels take turns, so that what changes on the machine meanwhile meets all of them.
        Workload.Rounds workload() {
            List<Workload.Round> rounds = new ArrayList<>();
            for (int round = 0; round <= ROUNDS; round++) {
                for (int level : levels) {
                    rounds.add(round(level));
                }
            }
            return new Workload.Rounds(rounds);
        }

        private Workload.Round round(int level) {
            if (instances == null) {
                return new Workload.Round(level, level, Long.MAX_VALUE, duration.dividedBy(ROUNDS));
            }
            long each = Math.max(level, (instances + ROUNDS - 1) / ROUNDS);
            return new Workload.Round(level, each, each, Duration.ZERO);
        }
    }
}
