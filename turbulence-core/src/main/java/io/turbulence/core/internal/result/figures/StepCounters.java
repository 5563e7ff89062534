package io.turbulence.core.internal.result.figures;

import io.turbulence.api.Outcome;
import io.turbulence.core.internal.connection.WaitBuckets;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.observation.Exchange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts of one step for monitoring. Size has a bound whatever a peer answers. Thread-safe.
public final class StepCounters {

    /// What stands for the answers of a step past the first so many.
    public static final String OTHER = "other";

    public static final int MOST_KINDS = 50;

    private static final long[] BOUND_NANOS = WaitBuckets.BOUNDS.stream()
            .mapToLong(seconds -> Math.round(seconds * 1e9))
            .toArray();

    private final StepInfo info;
    private final Times ok = new Times();
    private final Times failed = new Times();
    private final Map<Kind, LongAdder> kinds = new ConcurrentHashMap<>();

    public StepCounters(StepInfo info) {
        this.info = info;
    }

    /// How a step's execution ended.
    public enum Verdict {
        OK,
        FAILED,
        SKIPPED
    }

    /// Executions that ended alike.
    ///
    /// @param status what the peer answered; empty when it gave no valid answer
    /// @param error  why there was no valid answer; empty when there was one
    public record Kind(Verdict verdict, String status, String error) {}

    /// Executions of a kind.
    public record Counted(Kind kind, long count) {}

    public StepInfo info() {
        return info;
    }

    public void record(StepResult result) {
        Exchange exchange = result.exchange();
        adder(kind(result)).increment();
        if (exchange != null && !result.skipped()) {
            (result.ok() ? ok : failed).record(exchange.latencyNanos());
        }
    }

    public WaitBuckets ok() {
        return ok.buckets();
    }

    public WaitBuckets failed() {
        return failed.buckets();
    }

    /// In an order that stays.
    public List<Counted> kinds() {
        List<Counted> counted = new ArrayList<>();
        kinds.forEach((kind, count) -> counted.add(new Counted(kind, count.sum())));
        counted.sort(Comparator.comparing(
                Counted::kind,
                Comparator.comparing(Kind::verdict).thenComparing(Kind::status).thenComparing(Kind::error)));
        return counted;
    }

    private LongAdder adder(Kind kind) {
        LongAdder known = kinds.get(kind);
        if (known != null) {
            return known;
        }
        // A few more when many meet here at once
        Kind kept = kinds.size() < MOST_KINDS ? kind : new Kind(kind.verdict(), OTHER, kind.error());
        return kinds.computeIfAbsent(kept, any -> new LongAdder());
    }

    private static Kind kind(StepResult result) {
        if (result.skipped()) {
            return new Kind(Verdict.SKIPPED, "", "");
        }
        Verdict verdict = result.ok() ? Verdict.OK : Verdict.FAILED;
        Exchange exchange = result.exchange();
        if (exchange == null || exchange.transport() == null) {
            return new Kind(verdict, "", "");
        }
        return switch (exchange.outcome()) {
            case Outcome.Completed completed -> new Kind(verdict, completed.status(), "");
            case Outcome.Failed none -> new Kind(verdict, "", none.failure().name());
        };
    }

    private static final class Times {

        private final LongAdder[] within = new LongAdder[BOUND_NANOS.length + 1];
        private final LongAdder nanos = new LongAdder();

        Times() {
            for (int i = 0; i < within.length; i++) {
                within[i] = new LongAdder();
            }
        }

        void record(long time) {
            int place = 0;
            while (place < BOUND_NANOS.length && time > BOUND_NANOS[place]) {
                place++;
            }
            within[place].increment();
            nanos.add(Math.max(0, time));
        }

        WaitBuckets buckets() {
            List<Long> counts = new ArrayList<>(BOUND_NANOS.length);
            long count = 0;
            for (int i = 0; i < BOUND_NANOS.length; i++) {
                count += within[i].sum();
                counts.add(count);
            }
            count += within[BOUND_NANOS.length].sum();
            return new WaitBuckets(counts, count, nanos.sum() / 1e9);
        }
    }
}
