package io.turbulence.core.internal.result.comparison;

import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.result.figures.StepStatistics.Counts;
import io.turbulence.core.internal.result.figures.StepStatistics.Time;
import io.turbulence.core.internal.result.files.RecordedRun;
import io.turbulence.core.internal.result.files.ShardSeconds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;

/// A run cut into some 20 to 40 stretches of time of the same length. Size depends on the number of steps, not on how
/// long the run took.
final class Stretches {

    private static final int MOST = 40;

    private final List<Map<Integer, Counts>> stretches = new ArrayList<>();
    private int secondsOfAStretch = 1;
    private Map<Integer, Counts> current = new HashMap<>();
    private int seconds;

    private Stretches() {}

    static Stretches of(RecordedRun run) throws IOException {
        Stretches all = new Stretches();
        try (ShardSeconds reader = new ShardSeconds(run, run.startedAt(), run.steps())) {
            for (long next = reader.next(); next != Long.MAX_VALUE; next = reader.next()) {
                reader.take(next, all::add);
                all.endSecond();
            }
        }
        all.end();
        return all;
    }

    /// The stretches of a step, neighbours put together so that each has at least so many executions; without the
    /// rest that has fewer.
    List<Counts> of(StepInfo step, long least) {
        List<Counts> all = new ArrayList<>();
        Counts open = Counts.wide();
        for (Map<Integer, Counts> stretch : stretches) {
            Counts counts = stretch.get(step.index());
            if (counts != null) {
                open.add(counts);
            }
            if (open.executed() >= least) {
                all.add(open);
                open = Counts.wide();
            }
        }
        return all;
    }

    static List<AbstractHistogram> latencies(List<Counts> stretches) {
        List<AbstractHistogram> latencies = new ArrayList<>(stretches.size());
        for (Counts stretch : stretches) {
            AbstractHistogram latency = stretch.histogram(Time.LATENCY);
            latencies.add(latency == null ? new Histogram(2) : latency);
        }
        return latencies;
    }

    private void add(StepInfo step, Counts counts) {
        current.computeIfAbsent(step.index(), ignored -> Counts.wide()).add(counts);
    }

    private void endSecond() {
        if (++seconds < secondsOfAStretch) {
            return;
        }
        stretches.add(current);
        current = new HashMap<>();
        seconds = 0;
        if (stretches.size() == MOST) {
            halve();
        }
    }

    /// What is left is no whole stretch.
    private void end() {
        if (stretches.isEmpty() && !current.isEmpty()) {
            stretches.add(current);
        }
    }

    private void halve() {
        for (int i = 0; i < MOST / 2; i++) {
            Map<Integer, Counts> both = stretches.get(i);
            stretches
                    .remove(i + 1)
                    .forEach((step, counts) ->
                            both.computeIfAbsent(step, ignored -> Counts.wide()).add(counts));
        }
        secondsOfAStretch *= 2;
    }
}
