package io.turbulence.core.internal.connection;

import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/// How the connections of one service did, or of one host of it. The components up to `hosts` are those of
/// `pools` in `summary.json`. What holders asked for and got (`leases`, `reused`, both rates, `waitingMax`, `waitMs`)
/// is of
/// those who count, so of no warm-up; the rest is of the pool's whole life.
///
/// @param service    the service's name
/// @param opened     connections that were opened
/// @param closed     of these, how many were closed
/// @param openFailed attempts to open one that failed
/// @param leases     how often a connection was lent
/// @param reused     of these, how often it was open already
/// @param reuseRate  reused by leases, 0 to 1; 0 when nothing was lent
/// @param errorRate  requests for a connection that got none (timed out or could not be opened), by all
///                   requests, 0 to 1
/// @param idle       connections that are open and not lent
/// @param inUseMax   most that were lent, or being opened for a holder, at once
/// @param waitingMax most that waited at once
/// @param waitMs     how long those who got a connection had waited for it
/// @param leaked     leases that were reported as held for too long or never given back
/// @param hosts      the same for each `host:port`; empty in the figures of a host
/// @param max        most connections that may be open at once; of the service: the sum over its hosts
/// @param inUse      connections that are lent now, or being opened for a holder
/// @param waiting    who waits now
public record PoolFigures(
        String service,
        long opened,
        long closed,
        long openFailed,
        long leases,
        long reused,
        double reuseRate,
        double errorRate,
        long idle,
        long inUseMax,
        long waitingMax,
        WaitFigures waitMs,
        Evicted evicted,
        long leaked,
        Map<String, PoolFigures> hosts,
        long max,
        long inUse,
        long waiting) {

    /// Connections that are open now.
    public long open() {
        return opened - closed;
    }

    /// Milliseconds.
    ///
    /// @param buckets the same waits, for monitoring
    /// @param micros  the same waits in microseconds, for who puts figures together; nobody changes it. Null where they
    ///                are not known
    public record WaitFigures(
            double mean,
            double p50,
            double p99,
            double max,
            WaitBuckets buckets,
            @Nullable Histogram micros) {

        /// Where single waits are not known.
        public WaitFigures(double mean, double p50, double p99, double max, WaitBuckets buckets) {
            this(mean, p50, p99, max, buckets, null);
        }

        /// @param micros microseconds
        public static WaitFigures of(Histogram micros) {
            return new WaitFigures(
                    micros.getMean() / 1000,
                    micros.getValueAtPercentile(50) / 1000.0,
                    micros.getValueAtPercentile(99) / 1000.0,
                    micros.getMaxValue() / 1000.0,
                    WaitBuckets.of(micros),
                    micros);
        }
    }

    /// Why idle connections were closed.
    ///
    /// @param idle      not used for `idle_timeout`
    /// @param lifetime  open for `max_lifetime`
    /// @param unhealthy found broken by a check, or not fit to be lent again
    /// @param overLimit closed so that another could be opened within `max`
    public record Evicted(long idle, long lifetime, long unhealthy, long overLimit) {}
}
