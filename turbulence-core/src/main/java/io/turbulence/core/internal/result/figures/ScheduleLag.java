package io.turbulence.core.internal.result.figures;

import java.util.concurrent.locks.ReentrantLock;
import org.HdrHistogram.Histogram;

/// How much later than due the arrivals of an open workload began. Thread-safe.
public final class ScheduleLag {

    private final ReentrantLock lock = new ReentrantLock();

    /// Guarded by the lock: microseconds.
    private final Histogram histogram = new Histogram(3);

    void record(long nanos) {
        long micros = Math.clamp(nanos / 1000, 0, StepStatistics.LONGEST_MICROS);
        lock.lock();
        try {
            histogram.recordValue(micros);
        } finally {
            lock.unlock();
        }
    }

    /// As it stands, in microseconds.
    public Histogram histogram() {
        lock.lock();
        try {
            return histogram.copy();
        } finally {
            lock.unlock();
        }
    }

    /// Takes in what was recorded elsewhere.
    public void add(Histogram micros) {
        lock.lock();
        try {
            histogram.add(micros);
        } finally {
            lock.unlock();
        }
    }

    RunSummary.Lag figures() {
        lock.lock();
        try {
            return histogram.getTotalCount() == 0
                    ? RunSummary.Lag.NONE
                    : new RunSummary.Lag(
                            histogram.getTotalCount(),
                            Statistics.millis(histogram.getValueAtPercentile(50)),
                            Statistics.millis(histogram.getValueAtPercentile(99)),
                            Statistics.millis(histogram.getMaxValue()));
        } finally {
            lock.unlock();
        }
    }
}
