package io.turbulence.core.internal.result.benchmark;

import io.turbulence.core.internal.engine.event.AssertionResult;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.RunListener;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.result.benchmark.BenchmarkLevel.Figure;
import io.turbulence.core.internal.result.figures.ErrorKinds;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.Statistics;
import io.turbulence.core.internal.result.figures.StepStatistics;
import io.turbulence.core.internal.result.json.SecretMask;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// Measures the rounds of a benchmark: first one of each level that counts for nothing, so that the program, the
/// system and the connections are warm, then round after round one of each level. Thread-safe.
public final class BenchmarkRecorder implements RunListener {

    private static final int DIGITS = 3;

    private final SecretMask mask;
    private final List<LevelSoFar> levels = new ArrayList<>();
    private final IntConsumer onRound;
    private final Object lock = new Object();

    // Guarded by the lock
    private @Nullable LevelSoFar current;
    private @Nullable RoundSoFar round;

    /// @param onRound told the number of each round when its first level begins; 0 is the warm-up
    public BenchmarkRecorder(RunInfo run, List<Integer> levels, IntConsumer onRound) {
        this.mask = new SecretMask(run.secrets());
        this.onRound = onRound;
        levels.forEach(level -> this.levels.add(new LevelSoFar(level)));
    }

    @Override
    public void roundStarted(int index) {
        synchronized (lock) {
            endRound();
            current = index < levels.size() ? null : levels.get(index % levels.size());
            round = new RoundSoFar(System.nanoTime());
        }
        if (index % levels.size() == 0) {
            onRound.accept(index / levels.size());
        }
    }

    @Override
    public void instanceStarted(InstanceInfo instance) {}

    @Override
    public void assertionChecked(AssertionResult result) {}

    @Override
    public void stepFinished(StepResult result) {
        Exchange exchange = result.exchange();
        StepInfo.Kind kind = result.step().kind();
        boolean speaks = kind == StepInfo.Kind.ACTION || kind == StepInfo.Kind.POLLING;
        if (exchange == null || !speaks || result.instance().phase() != InstanceInfo.Phase.INSTANCE) {
            return;
        }
        synchronized (lock) {
            if (current != null) {
                current.step(result.step(), exchange);
            }
        }
    }

    @Override
    public void instanceFinished(InstanceResult result) {
        if (result.instance().phase() != InstanceInfo.Phase.INSTANCE
                || result.status() == InstanceResult.Status.ABORTED) {
            return;
        }
        synchronized (lock) {
            if (current != null && round != null) {
                round.instance(result);
                current.instance(result, mask);
            }
        }
    }

    /// What was measured. Called when the run has ended.
    public List<BenchmarkLevel> levels() {
        synchronized (lock) {
            endRound();
            return levels.stream().map(LevelSoFar::done).toList();
        }
    }

    private void endRound() {
        if (current != null && round != null && round.count() > 0) {
            current.add(round);
        }
        round = null;
    }

    private static double millis(long micros) {
        return micros / 1000.0;
    }

    private static final class RoundSoFar {

        private final Histogram micros = new Histogram(DIGITS);
        private final long startNanos;
        private long endNanos;
        private long failed;

        RoundSoFar(long startNanos) {
            this.startNanos = startNanos;
        }

        void instance(InstanceResult result) {
            endNanos = System.nanoTime();
            failed += result.ok() ? 0 : 1;
            micros.recordValue(Math.clamp((result.durationNanos() + 500) / 1000, 1, StepStatistics.LONGEST_MICROS));
        }

        long count() {
            return micros.getTotalCount();
        }

        double seconds() {
            return (endNanos - startNanos) / 1e9;
        }

        BenchmarkLevel.Round done() {
            Map<Figure, Double> figures = new EnumMap<>(Figure.class);
            figures.put(Figure.P50, millis(micros.getValueAtPercentile(50)));
            figures.put(Figure.P95, millis(micros.getValueAtPercentile(95)));
            figures.put(Figure.P99, millis(micros.getValueAtPercentile(99)));
            figures.put(Figure.THROUGHPUT, count() / seconds());
            figures.put(Figure.ERROR_RATE, (double) failed / count());
            return new BenchmarkLevel.Round(figures);
        }
    }

    private static final class LevelSoFar {

        private final int concurrency;
        private final Histogram micros = new Histogram(DIGITS);
        private final List<BenchmarkLevel.Round> rounds = new ArrayList<>();
        private final Map<String, Long> stepNanos = new HashMap<>();
        private final Map<String, Long> waitNanos = new HashMap<>();
        private final ErrorKinds errors = new ErrorKinds();
        private long instanceNanos;
        private long passed;
        private long failed;
        private double seconds;

        LevelSoFar(int concurrency) {
            this.concurrency = concurrency;
        }

        void step(StepInfo step, Exchange exchange) {
            stepNanos.merge(step.name(), Math.max(0, exchange.latencyNanos()), Long::sum);
            if (step.service() != null && exchange.poolWaitNanos() > 0) {
                waitNanos.merge(step.service(), exchange.poolWaitNanos(), Long::sum);
            }
        }

        void instance(InstanceResult result, SecretMask mask) {
            instanceNanos += result.durationNanos();
            if (result.ok()) {
                passed++;
                return;
            }
            failed++;
            String error = result.error() == null ? "failed" : result.error();
            String message = mask.with(result.secrets()).text(error);
            String step = result.failedStep();
            boolean named = step == null || message.contains(step);
            errors.add(
                    null,
                    named ? message : step + ": " + message,
                    result.instance().instanceId());
        }

        void add(RoundSoFar round) {
            micros.add(round.micros);
            seconds += round.seconds();
            rounds.add(round.done());
        }

        BenchmarkLevel done() {
            String slowest = greatest(stepNanos);
            String waitedFor = greatest(waitNanos);
            List<RunSummary.ErrorKind> kinds = errors.summaries();
            return new BenchmarkLevel(
                    concurrency,
                    passed,
                    failed,
                    seconds,
                    Statistics.times(micros),
                    rounds,
                    slowest,
                    share(stepNanos, slowest),
                    waitedFor,
                    share(waitNanos, waitedFor),
                    kinds.isEmpty() ? null : kinds.getFirst().message());
        }

        private double share(Map<String, Long> nanos, @Nullable String name) {
            return name == null || instanceNanos == 0 ? 0 : (double) nanos.getOrDefault(name, 0L) / instanceNanos;
        }

        private static @Nullable String greatest(Map<String, Long> nanos) {
            return nanos.entrySet().stream()
                    .max(Map.Entry.comparingByValue())
                    .map(Map.Entry::getKey)
                    .orElse(null);
        }
    }
}
