package io.turbulence.spi;

import java.util.List;

/// How a run stands at a moment: everything is counted from the run's beginning. The warm-up, `before_run` and
/// `after_run` are in none of it.
///
/// @param steps in the order of the files
/// @param pools one for each host of each service
public record RunFigures(List<StepFigures> steps, List<PoolFigures> pools) {

    public RunFigures {
        steps = List.copyOf(steps);
        pools = List.copyOf(pools);
    }

    /// One step of a scenario.
    ///
    /// @param ok     service times of the good ones
    /// @param failed service times of the others
    /// @param counts how they ended, skipped ones included
    public record StepFigures(
            String scenario, String step, String type, Histogram ok, Histogram failed, List<Count> counts) {

        public StepFigures {
            counts = List.copyOf(counts);
        }
    }

    /// Executions that ended alike.
    ///
    /// @param status what the peer answered; empty when it gave no valid answer
    /// @param error  why there was no valid answer; empty when there was one
    public record Count(StepEnd.Result result, String status, String error, long count) {}

    /// The connections to one host.
    ///
    /// @param waits   how long those who got a connection had waited for it; none of the warm-up
    /// @param evicted idle ones that were closed: too old, broken, or over the limit
    public record PoolFigures(
            String service,
            String host,
            long idle,
            long inUse,
            long waiting,
            Histogram waits,
            long opened,
            long closed,
            long openFailed,
            long evicted,
            long leaked) {}

    /// Times in classes.
    ///
    /// @param bounds  seconds, ascending: the upper end of each class but the last, which has none
    /// @param counts  of each class alone, so one more than bounds
    /// @param seconds all times together
    public record Histogram(List<Double> bounds, List<Long> counts, double seconds) {

        public Histogram {
            bounds = List.copyOf(bounds);
            counts = List.copyOf(counts);
            if (counts.size() != bounds.size() + 1) {
                throw new IllegalArgumentException("there were " + counts.size() + " counts but there must be "
                        + (bounds.size() + 1) + ", one more than bounds");
            }
        }

        public long count() {
            return counts.stream().mapToLong(Long::longValue).sum();
        }
    }
}
