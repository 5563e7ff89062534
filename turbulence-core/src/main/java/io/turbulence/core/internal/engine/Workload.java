package io.turbulence.core.internal.engine;

import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
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
        return this instanceof Closed closed ? closed.instances() : null;
    }

    /// How long instances are started; null when only their number is known.
    default @Nullable Duration plannedDuration() {
        return switch (this) {
            case Closed closed -> closed.duration();
            case Open open -> open.duration();
            case Rounds rounds -> null;
        };
    }

    default int mostAtOnce() {
        return switch (this) {
            case Closed closed ->
                closed.instances() == null
                        ? closed.concurrency()
                        : (int) Math.min(closed.concurrency(), closed.instances());
            case Open open -> open.maxConcurrency();
            case Rounds rounds ->
                rounds.rounds().stream().mapToInt(Round::concurrency).max().orElse(1);
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
                        warm);
            case Open open -> new Open(open.stages(), concurrency == null ? open.maxConcurrency() : concurrency, warm);
            case Rounds rounds -> rounds;
        };
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
    record Closed(@Nullable Long instances, @Nullable Duration duration, int concurrency, Duration warmUp)
            implements Workload {
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
    record Open(List<Stage> stages, int maxConcurrency, Duration warmUp) implements Workload {
        public Open {
            stages = List.copyOf(stages);
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
