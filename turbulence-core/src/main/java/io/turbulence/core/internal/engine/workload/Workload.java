package io.turbulence.core.internal.engine.workload;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// How many instances are started, and when.
public sealed interface Workload {

    /// One instance, as a test.
    static Workload once() {
        return new Closed(1L, null, 1, Duration.ZERO);
    }

    /// Most instances at once of an open workload that does not say.
    int DEFAULT_MAX_CONCURRENCY = 5000;

    /// Run first and recorded, but in no result.
    Duration warmUp();

    /// Instances in all; null when only the time is known.
    default @Nullable Long plannedInstances() {
        return switch (this) {
            case Closed closed -> closed.instances();
            case Open open -> null;
            case Rounds rounds -> null;
            case Several several -> several.plannedTotal();
        };
    }

    /// How long instances are started; null when only their number is known.
    default @Nullable Duration plannedDuration() {
        return switch (this) {
            case Closed closed -> closed.duration();
            case Open open -> open.duration();
            case Rounds rounds -> null;
            case Several several -> several.plannedEnd();
        };
    }

    default int mostAtOnce() {
        return switch (this) {
            case Closed closed ->
                closed.instances() == null
                        ? closed.concurrency()
                        : Math.clamp(closed.instances(), 1, closed.concurrency());
            case Open open -> open.maxConcurrency();
            case Rounds rounds ->
                rounds.rounds().stream().mapToInt(Round::concurrency).max().orElse(1);
            case Several several ->
                several.parts().stream()
                        .mapToInt(part -> part.workload().mostAtOnce())
                        .sum();
        };
    }

    /// Most instances at once of what is closed: of arrivals it is only a limit, which they are not meant to reach.
    default int mostSlots() {
        return switch (this) {
            case Closed closed -> closed.mostAtOnce();
            case Open open -> 0;
            case Rounds rounds -> rounds.mostAtOnce();
            case Several several ->
                several.parts().stream()
                        .mapToInt(part -> part.workload().mostSlots())
                        .sum();
        };
    }

    /// The same with another concurrency or warm-up, where one is given.
    default Workload adjusted(@Nullable Integer concurrency, @Nullable Duration warmUp) {
        Duration warm = warmUp == null ? warmUp() : warmUp;
        return switch (this) {
            case Closed closed ->
                new Closed(
                        closed.instances(),
                        closed.duration(),
                        concurrency == null ? closed.concurrency() : concurrency,
                        warm,
                        closed.pacing());
            case Open open ->
                new Open(
                        open.stages(), concurrency == null ? open.maxConcurrency() : concurrency, warm, open.spacing());
            case Rounds rounds -> rounds;
            case Several several -> several.each(part -> part.adjusted(concurrency, warmUp));
        };
    }

    /// What falls to a part of the run; see [Shard]. Its concurrency is the whole's share too, at least one.
    default Workload of(Shard shard) {
        return switch (this) {
            case Closed closed ->
                new Closed(
                        closed.instances() == null ? null : Long.valueOf(shard.share(closed.instances())),
                        closed.duration(),
                        concurrency(shard, closed.concurrency()),
                        closed.warmUp(),
                        closed.pacing());
            case Open open ->
                new Open(open.stages(), concurrency(shard, open.maxConcurrency()), open.warmUp(), open.spacing());
            case Several several -> several.each(part -> part.of(shard));
            case Rounds rounds -> throw new IllegalArgumentException("a benchmark has no shards");
        };
    }

    private static int concurrency(Shard shard, int whole) {
        return (int) Math.max(1, shard.share(whole));
    }

    /// Arrivals at one rate.
    static Workload constant(double perSecond, Duration duration, Duration warmUp) {
        return new Open(List.of(new Stage(perSecond, perSecond, duration)), DEFAULT_MAX_CONCURRENCY, warmUp);
    }

    /// Arrivals per second of a text such as `200/s` or `90/m`; empty when it is none.
    static OptionalDouble perSecond(String text) {
        return WorkloadReader.rate(text);
    }

    /// So many at a time, each started when an earlier one ended.
    ///
    /// @param instances how many in all; null until the duration is over
    /// @param duration  how long instances are started; null until the number is reached
    /// @param pacing    from one start to the next of the same slot; null for at once
    record Closed(
            @Nullable Long instances,
            @Nullable Duration duration,
            int concurrency,
            Duration warmUp,
            @Nullable Pacing pacing)
            implements Workload {
        public Closed(@Nullable Long instances, @Nullable Duration duration, int concurrency, Duration warmUp) {
            this(instances, duration, concurrency, warmUp, null);
        }

        public Closed {
            if (instances == null && duration == null) {
                throw new IllegalArgumentException("a closed workload needs a number of instances or a duration");
            }
            if (concurrency < 1) {
                throw new IllegalArgumentException("concurrency was " + concurrency + " but it must be at least 1");
            }
        }
    }

    /// Arrivals at a rate, whether or not earlier instances have ended.
    ///
    /// @param maxConcurrency arrivals beyond it are dropped and counted
    record Open(List<Stage> stages, int maxConcurrency, Duration warmUp, Spacing spacing) implements Workload {
        public Open {
            stages = List.copyOf(stages);
        }

        public Open(List<Stage> stages, int maxConcurrency, Duration warmUp) {
            this(stages, maxConcurrency, warmUp, Spacing.EVEN);
        }

        public Duration duration() {
            return stages.stream().map(Stage::duration).reduce(Duration.ZERO, Duration::plus);
        }
    }

    /// Closed workloads one after another in one run; each begins when all instances of the one before have
    /// ended.
    record Rounds(List<Round> rounds) implements Workload {
        public Rounds {
            rounds = List.copyOf(rounds);
        }

        @Override
        public Duration warmUp() {
            return Duration.ZERO;
        }
    }

    /// How arrivals of the same rate follow one another.
    enum Spacing {
        /// The n-th when the integral of the rate reaches n.
        EVEN,
        /// Independent of each other, as those of many users are: gaps that are exponentially distributed.
        POISSON
    }

    /// Least time from one start to the next, drawn evenly for each.
    record Pacing(Duration least, Duration most) {
        Duration mean() {
            return least.plus(most).dividedBy(2);
        }
    }

    /// A workload for each scenario, all in one run.
    record Several(List<Part> parts) implements Workload {
        public Several {
            parts = List.copyOf(parts);
        }

        /// The longest one.
        @Override
        public Duration warmUp() {
            return parts.stream()
                    .map(part -> part.workload().warmUp())
                    .max(Comparator.naturalOrder())
                    .orElse(Duration.ZERO);
        }

        /// The same, each workload changed alike.
        Several each(UnaryOperator<Workload> change) {
            return new Several(parts.stream()
                    .map(part -> new Part(part.scenario(), change.apply(part.workload()), part.delay(), part.after()))
                    .toList());
        }

        private @Nullable Long plannedTotal() {
            long total = 0;
            for (Part part : parts) {
                Long instances = part.workload().plannedInstances();
                if (instances == null) {
                    return null;
                }
                total += instances;
            }
            return total;
        }

        private @Nullable Duration plannedEnd() {
            Duration end = Duration.ZERO;
            for (Part part : parts) {
                Duration length = part.workload().plannedDuration();
                if (length == null || part.after() != null) {
                    return null;
                }
                Duration ends = part.delay().plus(length);
                end = ends.compareTo(end) > 0 ? ends : end;
            }
            return end;
        }
    }

    /// The workload of one scenario.
    ///
    /// @param delay from the start of the run, or from the end of the other scenario
    /// @param after the scenario whose workload ends before this one begins; null for none
    record Part(
            String scenario,
            Workload workload,
            Duration delay,
            @Nullable String after) {}

    /// So many at a time, until both the time is over and the least number was started, or the greatest was.
    ///
    /// @param least fewest instances, however long they take
    /// @param most  most instances, however soon they end
    record Round(int concurrency, long least, long most, Duration duration) {
        public Round {
            if (concurrency < 1 || least < 0 || most < least) {
                throw new IllegalArgumentException("a round of %d to %d instances, %d at a time, cannot be run"
                        .formatted(least, most, concurrency));
            }
        }
    }

    /// A stretch of time in which the rate goes evenly from one value to another.
    ///
    /// @param fromPerSecond arrivals per second at its start
    /// @param toPerSecond   arrivals per second at its end
    record Stage(double fromPerSecond, double toPerSecond, Duration duration) {}
}
