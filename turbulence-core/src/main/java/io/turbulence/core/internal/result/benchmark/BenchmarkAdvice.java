package io.turbulence.core.internal.result.benchmark;

import io.turbulence.core.internal.result.benchmark.BenchmarkLevel.Figure;
import io.turbulence.core.internal.result.text.Style;
import java.util.ArrayList;
import java.util.List;

/// What a benchmark's figures suggest, in sentences.
final class BenchmarkAdvice {

    /// Where this part fails, times say nothing.
    private static final double MOSTLY = 0.5;

    private static final double WAITED_MUCH = 0.1;
    private static final double GAINED_LITTLE = 0.2;
    private static final double LONG_TAIL = 5;
    private static final double NOISY = 0.2;
    private static final long FEW = 100;

    private final List<BenchmarkLevel> levels;
    private final List<String> advice = new ArrayList<>();

    private BenchmarkAdvice(List<BenchmarkLevel> levels) {
        this.levels = levels;
    }

    static List<String> of(List<BenchmarkLevel> levels, List<BenchmarkTarget> targets) {
        return new BenchmarkAdvice(levels).all(targets);
    }

    private List<String> all(List<BenchmarkTarget> targets) {
        failures();
        targets.forEach(this::missed);
        if (levels.stream().allMatch(level -> level.errorRate() < MOSTLY)) {
            waiting();
            saturation();
            tail();
            noise();
        }
        if (levels.stream().anyMatch(level -> level.passed() > 0)) {
            few();
        }
        return advice;
    }

    private void failures() {
        if (levels.stream().allMatch(level -> level.passed() == 0 && level.failed() > 0)) {
            advice.add(
                    "No instance passed, so nothing was measured: the times above are those of failures. Most often: %s"
                            .formatted(levels.getFirst().failure()));
            return;
        }
        for (BenchmarkLevel level : levels) {
            if (level.failed() > 0) {
                advice.add("%s %s of %s instances failed, so its times are not those of the work done. Most often: %s"
                        .formatted(
                                at(level),
                                Style.count(level.failed()),
                                Style.count(level.instances()),
                                level.failure()));
                return;
            }
        }
    }

    private void missed(BenchmarkTarget target) {
        List<Integer> missed = new ArrayList<>(target.missedAt(levels));
        missed.removeAll(target.unmeasuredAt(levels));
        for (BenchmarkLevel level : levels) {
            if (missed.contains(level.concurrency()) && level.instances() > 0) {
                String where = level.slowest() == null
                        ? ""
                        : " Begin with step '%s': %s of an instance's time is spent there."
                                .formatted(level.slowest(), Style.percent(rounded(level.slowestShare())));
                advice.add("%s '%s' is missed: %s is %s.%s"
                        .formatted(
                                at(level),
                                target.text(),
                                target.figure().key(),
                                target.figure().text(level.figure(target.figure())),
                                where));
                return;
            }
        }
    }

    private void waiting() {
        for (BenchmarkLevel level : levels) {
            if (level.waitedFor() != null && level.waitedShare() >= WAITED_MUCH) {
                advice.add(
                        "%s %s of an instance's time is spent waiting for a connection of '%s'. Raise its pool.max, unless that is what is measured."
                                .formatted(at(level), Style.percent(rounded(level.waitedShare())), level.waitedFor()));
                return;
            }
        }
    }

    private void saturation() {
        for (int i = 1; i < levels.size(); i++) {
            BenchmarkLevel lower = levels.get(i - 1);
            BenchmarkLevel higher = levels.get(i);
            double load = (double) higher.concurrency() / lower.concurrency();
            double gain = lower.throughput() == 0 ? 0 : higher.throughput() / lower.throughput();
            if (load > 1 && gain > 0 && gain - 1 < (load - 1) * GAINED_LITTLE) {
                advice.add(
                        "From %d to %d at a time throughput goes from %s/s to %s/s while the median goes from %s to %s ms: something is used up at about %d at a time."
                                .formatted(
                                        lower.concurrency(),
                                        higher.concurrency(),
                                        Style.rate(lower.throughput()),
                                        Style.rate(higher.throughput()),
                                        Style.millis(lower.latency().p50()),
                                        Style.millis(higher.latency().p50()),
                                        lower.concurrency()));
                return;
            }
        }
    }

    private void tail() {
        for (BenchmarkLevel level : levels) {
            double times = level.latency().p50() == 0
                    ? 0
                    : level.latency().p99() / level.latency().p50();
            if (level.instances() >= FEW && times >= LONG_TAIL) {
                advice.add(
                        "%s one instance in a hundred takes %.0f times the median or longer: look for pauses, retries, locks."
                                .formatted(at(level), times));
                return;
            }
        }
    }

    private void noise() {
        for (BenchmarkLevel level : levels) {
            double part = level.median(Figure.P50) == 0 ? 0 : level.noise(Figure.P50) / level.median(Figure.P50);
            if (part > NOISY) {
                advice.add(
                        "%s the rounds' medians differ by %s: smaller changes cannot be seen. Use a quieter machine or a longer --duration."
                                .formatted(at(level), Style.percent(rounded(part))));
                return;
            }
        }
    }

    private void few() {
        for (BenchmarkLevel level : levels) {
            if (level.instances() > 0 && level.instances() < FEW) {
                advice.add("%s p99 rests on %d instances only. Use a longer --duration for one that can be relied on."
                        .formatted(at(level), level.instances()));
                return;
            }
        }
    }

    private static String at(BenchmarkLevel level) {
        return level.concurrency() == 1 ? "One at a time:" : level.concurrency() + " at a time:";
    }

    private static double rounded(double share) {
        return Math.round(share * 100) / 100.0;
    }
}
