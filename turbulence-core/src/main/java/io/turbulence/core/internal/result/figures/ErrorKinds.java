package io.turbulence.core.internal.result.figures;

import io.turbulence.core.internal.engine.event.StepInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Failures sorted by signature and step. Thread-safe. As many kinds as fit, however many failures:
/// a step with many kinds gets coarser ones, and in the end all others are one.
public final class ErrorKinds {

    private static final int FINE_FOR_A_STEP = 20;
    private static final int MOST = 500;
    private static final long RARE = 100;
    private static final String OTHERS = "(other failures)";

    private final ConcurrentMap<Key, Kind> kinds = new ConcurrentHashMap<>();
    private final ConcurrentMap<Integer, AtomicInteger> kindsOfStep = new ConcurrentHashMap<>();

    /// Counts a failure.
    ///
    /// @param message already masked
    public Kind add(@Nullable StepInfo step, String message, String instanceId) {
        return add(step, message, List::of, instanceId);
    }

    /// As [#add(StepInfo, String, String)], of a step at which more was wrong.
    ///
    /// @param more masked; asked for of the first failure of a kind
    public Kind add(@Nullable StepInfo step, String message, Supplier<List<String>> more, String instanceId) {
        Kind kind = kind(step, message, more, instanceId);
        kind.count.increment();
        return kind;
    }

    /// The most frequent first. Where kinds of a step became coarser, the few failures that came before and were told
    /// apart by no more than a number are put to the others of their shape.
    public List<RunSummary.ErrorKind> summaries() {
        Map<Kind, Long> counts = new HashMap<>();
        kinds.forEach((key, kind) -> {
            long count = kind.count.sum();
            if (count > 0) {
                counts.merge(shape(key, kind, count), count, Long::sum);
            }
        });
        List<RunSummary.ErrorKind> summaries = new ArrayList<>();
        counts.forEach((kind, count) -> summaries.add(new RunSummary.ErrorKind(
                kind.signature, count, kind.step, kind.exampleInstance, kind.message, kind.more)));
        summaries.sort(Comparator.comparingLong(RunSummary.ErrorKind::count)
                .reversed()
                .thenComparing(RunSummary.ErrorKind::signature));
        return summaries;
    }

    /// The coarse kind of the same step that is a hundred times as frequent; the kind itself where there is none.
    private Kind shape(Key key, Kind kind, long count) {
        AtomicInteger ofStep = kindsOfStep.get(key.step());
        if (ofStep == null || ofStep.get() < FINE_FOR_A_STEP) {
            return kind;
        }
        Kind coarse = kinds.get(new Key(key.step(), Signature.coarse(kind.message)));
        return coarse != null && coarse.count.sum() >= RARE * count ? coarse : kind;
    }

    private Kind kind(@Nullable StepInfo step, String message, Supplier<List<String>> more, String instanceId) {
        int index = step == null ? -1 : step.index();
        String signature = Signature.of(message);
        Kind known = kinds.get(new Key(index, signature));
        if (known != null) {
            return known;
        }
        AtomicInteger ofStep = kindsOfStep.computeIfAbsent(index, ignored -> new AtomicInteger());
        if (ofStep.get() >= FINE_FOR_A_STEP) {
            signature = Signature.coarse(message);
            known = kinds.get(new Key(index, signature));
            if (known != null) {
                return known;
            }
        }
        if (kinds.size() >= MOST) {
            return kinds.computeIfAbsent(
                    new Key(-2, OTHERS), ignored -> new Kind(OTHERS, null, instanceId, message, List.of()));
        }
        String chosen = signature;
        return kinds.computeIfAbsent(new Key(index, chosen), ignored -> {
            ofStep.incrementAndGet();
            return new Kind(chosen, step, instanceId, message, more.get());
        });
    }

    private record Key(int step, String signature) {}

    /// Failures that count as the same.
    public static final class Kind {

        private static final int EXAMPLES = 10;

        private final String signature;
        private final @Nullable StepInfo step;
        private final String exampleInstance;
        private final String message;
        private final List<String> more;
        private final LongAdder count = new LongAdder();
        private final AtomicInteger examples = new AtomicInteger();

        private Kind(
                String signature, @Nullable StepInfo step, String exampleInstance, String message, List<String> more) {
            this.signature = signature;
            this.step = step;
            this.exampleInstance = exampleInstance;
            this.message = message;
            this.more = List.copyOf(more);
        }

        public String signature() {
            return signature;
        }

        /// Whether one more whole example is wanted; says so ten times.
        public boolean takeExample() {
            return examples.get() < EXAMPLES && examples.getAndIncrement() < EXAMPLES;
        }
    }
}
