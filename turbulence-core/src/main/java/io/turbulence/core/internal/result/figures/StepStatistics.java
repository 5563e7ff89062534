package io.turbulence.core.internal.result.figures;

import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.PhaseTimes;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/* Stripes, each with its own lock, take the values of the running interval: a thread tries them in turn from
 * the one its id points to and so hardly ever waits. Once a second the stripes are emptied into the
 * interval and the interval into the totals, by one thread. Nothing is kept for each virtual thread. */

/// Times and counts of one step. [#record] is thread-safe; the rest belongs to one thread at a time.
public final class StepStatistics {

    /// The times taken.
    public enum Time {
        LATENCY,
        SCHEDULED_LATENCY,
        POOL_WAIT,
        FIRST_BYTE,
        PROPAGATION,
        DNS,
        CONNECT,
        TLS,
        TRANSFER
    }

    public static final long LONGEST_MICROS = 3_600_000_000L;
    private static final int DIGITS = 3;
    private static final Time[] TIMES = Time.values();

    private final StepInfo info;
    private final Stripe[] stripes;
    private final Counts total = Counts.wide();

    /// @param stripes a power of two
    StepStatistics(StepInfo info, int stripes) {
        this.info = info;
        this.stripes = new Stripe[stripes];
        for (int i = 0; i < stripes; i++) {
            this.stripes[i] = new Stripe();
        }
    }

    public StepInfo info() {
        return info;
    }

    void record(StepResult result) {
        int first = (int) Thread.currentThread().threadId() & (stripes.length - 1);
        for (int i = 0; i < stripes.length; i++) {
            Stripe stripe = stripes[(first + i) & (stripes.length - 1)];
            if (stripe.lock.tryLock()) {
                stripe.recordAndUnlock(result);
                return;
            }
        }
        stripes[first].lock.lock();
        stripes[first].recordAndUnlock(result);
    }

    /// Ends the running interval and adds it to the totals.
    ///
    /// @param interval gets what came in since the last call
    void drainInto(Counts interval) {
        interval.clear();
        for (Stripe stripe : stripes) {
            stripe.drainInto(interval);
        }
        total.add(interval);
    }

    Counts total() {
        return total;
    }

    /// Counts and times together. Not thread-safe.
    public static final class Counts {

        public long ok;
        public long failed;
        public long skipped;
        private final boolean wide;
        private final Map<Time, AbstractHistogram> histograms = new EnumMap<>(Time.class);

        private Counts(boolean wide) {
            this.wide = wide;
        }

        /// For a whole run.
        public static Counts wide() {
            return new Counts(true);
        }

        /// For a while: half the size, at most 2 billion of a kind.
        public static Counts narrow() {
            return new Counts(false);
        }

        public long executed() {
            return ok + failed;
        }

        public boolean isEmpty() {
            return ok + failed + skipped == 0;
        }

        /// Null when there is no such time.
        @Nullable
        public AbstractHistogram histogram(Time time) {
            return histograms.get(time);
        }

        public void record(StepResult result) {
            Exchange exchange = result.exchange();
            if (result.skipped()) {
                skipped++;
                return;
            }
            if (result.ok()) {
                ok++;
            } else {
                failed++;
            }
            if (exchange == null) {
                return;
            }
            record(Time.LATENCY, exchange.latencyNanos());
            record(Time.SCHEDULED_LATENCY, exchange.scheduledLatencyNanos());
            record(Time.POOL_WAIT, exchange.poolWaitNanos());
            record(Time.FIRST_BYTE, exchange.firstByteNanos());
            Exchange.Propagation propagation = exchange.propagation();
            if (propagation != null) {
                record(Time.PROPAGATION, propagation.nanos());
            }
            PhaseTimes phases = PhaseTimes.of(exchange.metadata());
            if (phases != null) {
                record(Time.DNS, phases.dns());
                record(Time.CONNECT, phases.connect());
                record(Time.TLS, phases.tls());
                record(Time.TRANSFER, phases.transfer());
            }
        }

        public void record(Time time, long nanos) {
            if (nanos >= 0) {
                writable(time).recordValue(micros(nanos));
            }
        }

        /// @param micros microseconds
        public void add(Time time, AbstractHistogram micros) {
            if (micros.getTotalCount() > 0) {
                writable(time).add(micros);
            }
        }

        public void add(Counts other) {
            ok += other.ok;
            failed += other.failed;
            skipped += other.skipped;
            for (Time time : TIMES) {
                AbstractHistogram histogram = other.histogram(time);
                if (histogram != null && histogram.getTotalCount() > 0) {
                    writable(time).add(histogram);
                }
            }
        }

        void clear() {
            ok = 0;
            failed = 0;
            skipped = 0;
            for (AbstractHistogram histogram : histograms.values()) {
                if (histogram.getTotalCount() > 0) {
                    histogram.reset();
                }
            }
        }

        private AbstractHistogram writable(Time time) {
            AbstractHistogram histogram = histograms.get(time);
            if (histogram == null) {
                // grows with the longest time, up to that of an hour
                histogram = wide ? new Histogram(DIGITS) : new IntCountsHistogram(DIGITS);
                histograms.put(time, histogram);
            }
            return histogram;
        }

        private static long micros(long nanos) {
            return Math.clamp((nanos + 500) / 1000, 1, LONGEST_MICROS);
        }
    }

    private static final class Stripe {

        private final ReentrantLock lock = new ReentrantLock();

        /// Guarded by the lock.
        private final Counts counts = Counts.narrow();

        /// The lock is held when it is called.
        void recordAndUnlock(StepResult result) {
            try {
                counts.record(result);
            } finally {
                lock.unlock();
            }
        }

        void drainInto(Counts target) {
            lock.lock();
            try {
                if (!counts.isEmpty()) {
                    target.add(counts);
                    counts.clear();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
