package io.turbulence.core.internal.result.figures;

import io.turbulence.core.internal.check.Figure;
import io.turbulence.core.internal.check.Figures;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.result.figures.RunSummary.Times;
import io.turbulence.core.internal.result.figures.StepStatistics.Counts;
import io.turbulence.core.internal.result.figures.StepStatistics.Time;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.HdrHistogram.AbstractHistogram;
import org.jspecify.annotations.Nullable;

/// Everything that is counted and timed in a run, warm-up left out. Size depends on the number of
/// steps alone.
///
/// Recording is thread-safe. [#drain] and what reads figures take turns by the object's monitor, so
/// figures are those of the newest drain.
public final class Statistics implements Figures {

    /// Apart from the first byte, which stands for itself.
    private static final List<Time> PHASES = List.of(Time.DNS, Time.CONNECT, Time.TLS, Time.TRANSFER);

    private final LongSupplier nanoTime;
    private final List<StepStatistics> steps = new ArrayList<>();
    private final Map<String, ScenarioStatistics> scenarios = new ConcurrentHashMap<>();
    private final LongAdder running = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final ScheduleLag lag = new ScheduleLag();
    private final LongAdder warmUp = new LongAdder();
    private final AtomicLong firstStart = new AtomicLong(Long.MIN_VALUE);
    private volatile long lastEnd = Long.MIN_VALUE;
    private volatile boolean allStarted;

    /// Guarded by this: the action steps together.
    private final Counts actions = Counts.wide();

    /// Guarded by this.
    private final Counts actionsInterval = Counts.narrow();

    /// Guarded by this.
    private final Counts stepInterval = Counts.narrow();

    /// Guarded by this.
    private Map<String, PoolFigures> pools = Map.of();

    public Statistics(RunInfo run, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        int stripes = Integer.highestOneBit(Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4));
        for (StepInfo step : run.steps()) {
            steps.add(new StepStatistics(step, stripes));
        }
        for (RunInfo.ScenarioFile scenario : run.scenarios()) {
            scenarios.put(scenario.id(), new ScenarioStatistics());
        }
    }

    public void instanceStarted(boolean isWarmUp) {
        running.increment();
        if (!isWarmUp && firstStart.get() == Long.MIN_VALUE) {
            firstStart.compareAndExchange(Long.MIN_VALUE, nanoTime.getAsLong());
        }
    }

    public void instanceFinished(InstanceResult result) {
        running.decrement();
        if (result.instance().warmUp()) {
            warmUp.increment();
            return;
        }
        lastEnd = nanoTime.getAsLong();
        of(result.instance().scenario()).record(result);
    }

    private ScenarioStatistics of(String scenario) {
        return scenarios.computeIfAbsent(scenario, ignored -> new ScenarioStatistics());
    }

    public void stepFinished(StepResult result) {
        steps.get(result.step().index()).record(result);
    }

    public void arrivalDropped(String scenario) {
        dropped.increment();
        of(scenario).dropped.increment();
    }

    public void arrived(String scenario, long lateNanos) {
        lag.record(lateNanos);
        of(scenario).arrived.increment();
    }

    /// What became of the arrivals of each scenario that had some.
    public Map<String, ScenarioArrivals> arrivals() {
        Map<String, ScenarioArrivals> arrivals = new TreeMap<>();
        scenarios.forEach((id, scenario) -> {
            ScenarioArrivals ofScenario = new ScenarioArrivals(scenario.arrived.sum(), scenario.dropped.sum());
            if (ofScenario.total() > 0) {
                arrivals.put(id, ofScenario);
            }
        });
        return arrivals;
    }

    public ScheduleLag scheduleLag() {
        return lag;
    }

    public RunSummary.Lag lag() {
        return lag.figures();
    }

    public void allStarted() {
        allStarted = true;
    }

    /// Whether nothing more is started.
    public boolean isAllStarted() {
        return allStarted;
    }

    /// Whether what is in the results has begun.
    public boolean isMeasuring() {
        return firstStart.get() != Long.MIN_VALUE;
    }

    /// When the first measured instance started, on the clock; meaningless before.
    public long measuringSince() {
        return firstStart.get();
    }

    /// How many values a figure rests on.
    public synchronized long samples(Figure.OfSteps figure) {
        return switch (figure.figure()) {
            case Figure.StepCount count -> selected(figure).executed();
            case Figure.Time time -> {
                AbstractHistogram histogram = selected(figure).histogram(StepFigures.time(time.measure()));
                yield histogram == null ? 0 : histogram.getTotalCount();
            }
        };
    }

    /// What came in since the last drain.
    public interface DrainListener {

        void step(StepStatistics step, Counts interval);

        void actions(Counts interval);
    }

    public synchronized void drain(Map<String, PoolFigures> poolFigures, DrainListener listener) {
        pools = poolFigures;
        actionsInterval.clear();
        for (StepStatistics step : steps) {
            step.drainInto(stepInterval);
            if (step.info().kind() == StepInfo.Kind.ACTION) {
                actionsInterval.add(stepInterval);
            }
            listener.step(step, stepInterval);
        }
        actions.add(actionsInterval);
        for (ScenarioStatistics scenario : scenarios.values()) {
            scenario.drain();
        }
        listener.actions(actionsInterval);
    }

    public long running() {
        return running.sum();
    }

    public long dropped() {
        return dropped.sum();
    }

    public long warmUp() {
        return warmUp.sum();
    }

    public RunSummary.Instances instances() {
        long passed = 0;
        long failed = 0;
        long aborted = 0;
        for (ScenarioStatistics scenario : scenarios.values()) {
            passed += scenario.passed.sum();
            failed += scenario.failed.sum();
            aborted += scenario.aborted.sum();
        }
        return new RunSummary.Instances(passed + failed + aborted, passed, failed, aborted);
    }

    /// From the first measured start to the newest measured end, in nanoseconds.
    public long measuredNanos() {
        long first = firstStart.get();
        long last = lastEnd;
        return first == Long.MIN_VALUE || last == Long.MIN_VALUE ? 0 : Math.max(0, last - first);
    }

    /// When the first measured instance started, in seconds from a moment on the clock; 0 when none did.
    public double measuredFrom(long nanos) {
        long first = firstStart.get();
        return first == Long.MIN_VALUE ? 0 : (first - nanos) / 1e9;
    }

    /// How long the instances of each scenario took, in microseconds.
    public synchronized Map<String, AbstractHistogram> durations() {
        Map<String, AbstractHistogram> durations = new LinkedHashMap<>();
        scenarios.forEach((id, scenario) -> {
            AbstractHistogram histogram = scenario.total.histogram(Time.LATENCY);
            if (histogram != null) {
                durations.put(id, histogram);
            }
        });
        return durations;
    }

    /// Takes in what was counted elsewhere.
    ///
    /// @param step its index
    public synchronized void put(int step, Counts counts) {
        StepStatistics statistics = steps.get(step);
        statistics.total().add(counts);
        if (statistics.info().kind() == StepInfo.Kind.ACTION) {
            actions.add(counts);
        }
    }

    /// Takes in instances that ended elsewhere.
    ///
    /// @param micros how long they took; null when it is not known
    public synchronized void putInstances(
            String scenario, RunSummary.Instances ended, @Nullable AbstractHistogram micros) {
        ScenarioStatistics statistics = of(scenario);
        statistics.passed.add(ended.passed());
        statistics.failed.add(ended.failed());
        statistics.aborted.add(ended.aborted());
        if (micros != null) {
            statistics.total.add(Time.LATENCY, micros);
        }
    }

    /// Takes in arrivals of a scenario that were dropped elsewhere. Their sum over all scenarios is that of
    /// [#putMoment].
    public void putDropped(String scenario, long more) {
        of(scenario).dropped.add(more);
    }

    /// Takes in how a run stands that goes on elsewhere.
    public synchronized void putMoment(
            long nowRunning, long nowDropped, long warmedUp, Map<String, PoolFigures> poolFigures) {
        running.add(nowRunning - running.sum());
        dropped.add(nowDropped - dropped.sum());
        warmUp.add(warmedUp - warmUp.sum());
        pools = poolFigures;
    }

    /// Takes in when instances were measured elsewhere.
    public void putMeasured(long fromNanos, long toNanos) {
        firstStart.set(fromNanos);
        lastEnd = toNanos;
    }

    /// Steps in the order of their index.
    public List<StepStatistics> steps() {
        return List.copyOf(steps);
    }

    /// Finished instances per second.
    public double rate() {
        long nanos = measuredNanos();
        return nanos == 0 ? 0 : instances().total() * 1e9 / nanos;
    }

    /// Passed of those that ended by themselves; one that was aborted neither passed nor failed.
    public double passRate() {
        RunSummary.Instances instances = instances();
        long ended = instances.passed() + instances.failed();
        return ended == 0 ? 0 : (double) instances.passed() / ended;
    }

    public synchronized Times latency() {
        return times(actions.histogram(Time.LATENCY));
    }

    public synchronized Map<String, PoolFigures> pools() {
        return pools;
    }

    public synchronized List<RunSummary.Step> stepSummaries() {
        List<RunSummary.Step> summaries = new ArrayList<>(steps.size());
        for (StepStatistics step : steps) {
            Counts total = step.total();
            summaries.add(new RunSummary.Step(
                    step.info(),
                    total.executed(),
                    total.ok,
                    total.failed,
                    total.skipped,
                    times(total.histogram(Time.LATENCY)),
                    times(total.histogram(Time.SCHEDULED_LATENCY)),
                    times(total.histogram(Time.POOL_WAIT)),
                    times(total.histogram(Time.FIRST_BYTE)),
                    times(total.histogram(Time.PROPAGATION)),
                    phases(total)));
        }
        return summaries;
    }

    private static Map<String, Times> phases(Counts total) {
        Map<String, Times> phases = new LinkedHashMap<>();
        for (Time time : PHASES) {
            Times times = times(total.histogram(time));
            if (times.count() > 0) {
                phases.put(time.name().toLowerCase(Locale.ROOT), times);
            }
        }
        return phases;
    }

    public synchronized Map<String, RunSummary.Scenario> scenarioSummaries(List<RunInfo.ScenarioFile> order) {
        Map<String, RunSummary.Scenario> summaries = new LinkedHashMap<>();
        for (RunInfo.ScenarioFile file : order) {
            ScenarioStatistics scenario = scenarios.get(file.id());
            if (scenario != null && scenario.isUsed()) {
                summaries.put(file.id(), scenario.summary());
            }
        }
        return summaries;
    }

    /// Calls back with every step and the totals.
    public synchronized void totals(DrainListener listener) {
        for (StepStatistics step : steps) {
            listener.step(step, step.total());
        }
        listener.actions(actions);
    }

    @Override
    public OptionalDouble figure(Figure figure) {
        return switch (figure) {
            case Figure.OfRun ofRun -> figure(ofRun);
            case Figure.OfSteps ofSteps -> figure(ofSteps);
            case Figure.OfPool ofPool -> figure(ofPool);
        };
    }

    /// As [#figure], while the run goes on: nothing that ends is a rate of 0, and not the one of when something last
    /// ended.
    public OptionalDouble figureNow(Figure figure) {
        if (figure != Figure.OfRun.RATE_PER_S || !isMeasuring() || allStarted) {
            return figure(figure);
        }
        long nanos = nanoTime.getAsLong() - firstStart.get();
        return nanos <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(instances().total() * 1e9 / nanos);
    }

    private OptionalDouble figure(Figure.OfRun figure) {
        RunSummary.Instances instances = instances();
        boolean none = instances.passed() + instances.failed() == 0;
        return switch (figure) {
            case PASS_RATE -> none ? OptionalDouble.empty() : OptionalDouble.of(passRate());
            case ERROR_COUNT -> OptionalDouble.of((double) instances.failed());
            case RATE_PER_S -> none ? OptionalDouble.empty() : OptionalDouble.of(rate());
        };
    }

    private synchronized OptionalDouble figure(Figure.OfSteps figure) {
        return StepFigures.of(selected(figure), figure.figure());
    }

    /// The totals of the steps that a figure names, together.
    private Counts selected(Figure.OfSteps figure) {
        if (figure.step() == null) {
            return actions;
        }
        Counts selected = Counts.wide();
        for (StepStatistics step : steps) {
            if (StepFigures.names(figure, step.info())) {
                selected.add(step.total());
            }
        }
        return selected;
    }

    private synchronized OptionalDouble figure(Figure.OfPool figure) {
        PoolFigures pool = pools.get(figure.service());
        if (pool == null || pool.leases() + pool.opened() + pool.openFailed() == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(
                switch (figure.figure()) {
                    case WAIT_P50_MS -> pool.waitMs().p50();
                    case WAIT_P99_MS -> pool.waitMs().p99();
                    case WAIT_MEAN_MS -> pool.waitMs().mean();
                    case WAIT_MAX_MS -> pool.waitMs().max();
                    case OPENED -> pool.opened();
                    case OPEN_FAILED -> pool.openFailed();
                    case LEASES -> pool.leases();
                    case REUSE_RATE -> pool.reuseRate();
                    case ERROR_RATE -> pool.errorRate();
                    case IN_USE_MAX -> pool.inUseMax();
                    case WAITING_MAX -> pool.waitingMax();
                    case LEAKED -> pool.leaked();
                });
    }

    public static Times times(@Nullable AbstractHistogram histogram) {
        if (histogram == null || histogram.getTotalCount() == 0) {
            return Times.NONE;
        }
        return new Times(
                histogram.getTotalCount(),
                millis(histogram.getMinValue()),
                Math.round(histogram.getMean()) / 1000.0,
                millis(histogram.getValueAtPercentile(50)),
                millis(histogram.getValueAtPercentile(90)),
                millis(histogram.getValueAtPercentile(95)),
                millis(histogram.getValueAtPercentile(99)),
                millis(histogram.getValueAtPercentile(99.9)),
                millis(histogram.getMaxValue()));
    }

    public static double millis(long micros) {
        return micros / 1000.0;
    }

    private static final class ScenarioStatistics {

        final LongAdder passed = new LongAdder();
        final LongAdder failed = new LongAdder();
        final LongAdder aborted = new LongAdder();
        final LongAdder arrived = new LongAdder();
        final LongAdder dropped = new LongAdder();
        private final ReentrantLock lock = new ReentrantLock();

        /// Guarded by the lock.
        private final Counts interval = Counts.narrow();

        private final Counts total = Counts.wide();

        void record(InstanceResult result) {
            switch (result.status()) {
                case PASSED -> passed.increment();
                case FAILED -> failed.increment();
                case ABORTED -> aborted.increment();
            }
            lock.lock();
            try {
                interval.record(Time.LATENCY, result.durationNanos());
            } finally {
                lock.unlock();
            }
        }

        void drain() {
            lock.lock();
            try {
                total.add(interval);
                interval.clear();
            } finally {
                lock.unlock();
            }
        }

        boolean isUsed() {
            return passed.sum() + failed.sum() + aborted.sum() + dropped.sum() > 0;
        }

        RunSummary.Scenario summary() {
            long passedNow = passed.sum();
            long failedNow = failed.sum();
            long abortedNow = aborted.sum();
            return new RunSummary.Scenario(
                    new RunSummary.Instances(passedNow + failedNow + abortedNow, passedNow, failedNow, abortedNow),
                    times(total.histogram(Time.LATENCY)),
                    dropped.sum());
        }
    }
}
