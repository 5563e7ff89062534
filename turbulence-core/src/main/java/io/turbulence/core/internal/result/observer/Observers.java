package io.turbulence.core.internal.result.observer;

import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.connection.WaitBuckets;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.RunListener;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.plugin.LoadedPlugin;
import io.turbulence.core.internal.result.figures.LiveCounts;
import io.turbulence.core.internal.result.figures.PassedOn;
import io.turbulence.core.internal.result.figures.StepCounters;
import io.turbulence.core.internal.result.json.SecretMask;
import io.turbulence.spi.ObservedRun;
import io.turbulence.spi.RunFigures;
import io.turbulence.spi.RunObserver;
import io.turbulence.spi.StepEnd;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The observers that plugins bring, for one run. From [#open] to [#close]; thread-safe.
public final class Observers implements AutoCloseable {

    private final List<ObserverFeed> feeds;

    private Observers(List<ObserverFeed> feeds) {
        this.feeds = feeds;
    }

    /// How lines reach who started the run.
    ///
    /// @param tell what is good to know
    /// @param warn what somebody should know
    public record Voice(Consumer<String> tell, Consumer<String> warn) {}

    /// Asks each observer whether it is wanted in this run. One that cannot do what it was asked to is told of.
    ///
    /// @param environment what `env` finds; asked for when there is an observer
    /// @param counts      hear what the run tells before these do
    public static Observers open(
            List<LoadedPlugin> plugins,
            RunInfo run,
            Supplier<Map<String, String>> environment,
            LiveCounts counts,
            Voice voice) {
        List<ObserverFeed> feeds = new ArrayList<>();
        ObservedEvents events = new ObservedEvents(run.secrets());
        for (LoadedPlugin plugin : plugins) {
            if (plugin.observers().isEmpty()) {
                continue;
            }
            Observed observed = new Observed(run, Map.copyOf(environment.get()), counts, events.mask(), voice);
            for (RunObserver observer : plugin.observers()) {
                session(plugin, observer, observed).ifPresent(session -> {
                    feeds.add(new ObserverFeed(run.runId(), observer.name(), session, events, observed::warn));
                });
            }
        }
        return new Observers(List.copyOf(feeds));
    }

    private static Optional<RunObserver.Session> session(LoadedPlugin plugin, RunObserver observer, Observed observed) {
        try {
            return plugin.scope().call(() -> observer.observe(observed));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (Exception | LinkageError e) {
            observed.warn("%s does not observe this run: %s".formatted(observer.name(), reason(e)));
            return Optional.empty();
        }
    }

    private static String reason(Throwable thrown) {
        return thrown.getMessage() == null ? thrown.toString() : thrown.getMessage();
    }

    /// Whether nobody observes.
    public boolean isEmpty() {
        return feeds.isEmpty();
    }

    /// Passes on what the run tells, and tells the observers.
    public RunListener before(RunListener next) {
        if (feeds.isEmpty()) {
            return next;
        }
        return new PassedOn(next) {

            @Override
            public void instanceStarted(InstanceInfo instance) {
                super.instanceStarted(instance);
                feeds.forEach(feed -> feed.instanceStarted(instance));
            }

            @Override
            public void stepFinished(StepResult result) {
                super.stepFinished(result);
                feeds.forEach(feed -> feed.stepEnded(result));
            }

            @Override
            public void instanceFinished(InstanceResult result) {
                super.instanceFinished(result);
                feeds.forEach(feed -> feed.instanceEnded(result));
            }
        };
    }

    /// Lets all of them send what they have, for as long as that may take. Idempotent.
    @Override
    public void close() {
        feeds.forEach(ObserverFeed::close);
    }

    private static RunFigures figures(LiveCounts counts) {
        List<RunFigures.PoolFigures> pools = new ArrayList<>();
        for (PoolFigures service : counts.pools()) {
            service.hosts().forEach((host, pool) -> pools.add(pool(service.service(), host, pool)));
        }
        return new RunFigures(counts.steps().stream().map(Observers::step).toList(), pools);
    }

    private static RunFigures.StepFigures step(StepCounters step) {
        return new RunFigures.StepFigures(
                step.info().scenario(),
                step.info().name(),
                step.info().type(),
                histogram(step.ok()),
                histogram(step.failed()),
                step.kinds().stream()
                        .map(counted -> new RunFigures.Count(
                                switch (counted.kind().verdict()) {
                                    case OK -> StepEnd.Result.OK;
                                    case FAILED -> StepEnd.Result.FAILED;
                                    case SKIPPED -> StepEnd.Result.SKIPPED;
                                },
                                counted.kind().status(),
                                counted.kind().error(),
                                counted.count()))
                        .toList());
    }

    private static RunFigures.PoolFigures pool(String service, String host, PoolFigures pool) {
        return new RunFigures.PoolFigures(
                service,
                host,
                pool.idle(),
                pool.inUse(),
                pool.waiting(),
                histogram(pool.waitMs().buckets()),
                pool.opened(),
                pool.closed(),
                pool.openFailed(),
                pool.evicted().idle()
                        + pool.evicted().lifetime()
                        + pool.evicted().unhealthy()
                        + pool.evicted().overLimit(),
                pool.leaked());
    }

    private static RunFigures.Histogram histogram(WaitBuckets buckets) {
        List<Long> counts = new ArrayList<>(WaitBuckets.BOUNDS.size() + 1);
        long before = 0;
        for (long upTo : buckets.counts()) {
            counts.add(upTo - before);
            before = upTo;
        }
        counts.add(buckets.count() - before);
        return new RunFigures.Histogram(WaitBuckets.BOUNDS, counts, buckets.seconds());
    }

    private record Observed(
            RunInfo run, Map<String, String> environment, LiveCounts counts, SecretMask mask, Voice voice)
            implements ObservedRun {

        @Override
        public String runId() {
            return run.runId();
        }

        @Override
        public long seed() {
            return run.seed();
        }

        @Override
        public Instant startedAt() {
            return run.startedAt();
        }

        @Override
        public String version() {
            return run.turbulenceVersion();
        }

        @Override
        public List<String> scenarios() {
            return run.scenarios().stream().map(RunInfo.ScenarioFile::id).toList();
        }

        @Override
        public Optional<String> profile() {
            return Optional.ofNullable(run.profile());
        }

        @Override
        public Optional<String> shard() {
            return Optional.ofNullable(run.shard()).map(Object::toString);
        }

        @Override
        public RunFigures figures() {
            return Observers.figures(counts);
        }

        @Override
        public void tell(String line) {
            voice.tell().accept(mask.text(line));
        }

        @Override
        public void warn(String line) {
            voice.warn().accept(mask.text(line));
        }
    }
}
