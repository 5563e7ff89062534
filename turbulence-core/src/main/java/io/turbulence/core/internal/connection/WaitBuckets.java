package io.turbulence.core.internal.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.AbstractHistogram;

/// How many waited at most how long: the form in which monitoring adds waits up over time and places.
///
/// @param counts  for each of [#BOUNDS] how many waited at most so many seconds
/// @param count   how many there were in all
/// @param seconds what they waited together
public record WaitBuckets(List<Long> counts, long count, double seconds) {

    /// Seconds, ascending; what took longer is in the count alone.
    public static final List<Double> BOUNDS =
            List.of(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0);

    public static final WaitBuckets NONE =
            new WaitBuckets(BOUNDS.stream().map(bound -> 0L).toList(), 0, 0);

    public WaitBuckets {
        counts = List.copyOf(counts);
    }

    /// @param micros microseconds
    static WaitBuckets of(AbstractHistogram micros) {
        long total = micros.getTotalCount();
        if (total == 0) {
            return NONE;
        }
        List<Long> counts = new ArrayList<>(BOUNDS.size());
        for (double bound : BOUNDS) {
            long most = Math.round(bound * TimeUnit.SECONDS.toMicros(1));
            counts.add(micros.getCountBetweenValues(0, most));
        }
        return new WaitBuckets(counts, total, micros.getMean() * total / TimeUnit.SECONDS.toMicros(1));
    }
}
