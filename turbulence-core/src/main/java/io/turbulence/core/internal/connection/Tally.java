package io.turbulence.core.internal.connection;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Adds figures up, of one host or of all hosts of a service. Not thread-safe.
final class Tally {

    long opened;
    long closed;
    long openFailed;
    long refused;
    long leases;
    long reused;

    /// Of the reused ones, how many had to connect anew for their holder.
    long anew;

    long waited;
    long idle;
    long inUse;
    long inUseMax;
    long waiting;
    long waitingMax;
    long evictedIdle;
    long evictedLifetime;
    long evictedUnhealthy;
    long evictedOverLimit;
    long leaked;
    long max;
    final Histogram waits = new Histogram(TimeUnit.HOURS.toMicros(1), 2);

    void add(Tally other) {
        opened += other.opened;
        closed += other.closed;
        openFailed += other.openFailed;
        refused += other.refused;
        leases += other.leases;
        reused += other.reused;
        anew += other.anew;
        idle += other.idle;
        inUse += other.inUse;
        inUseMax += other.inUseMax;
        waiting += other.waiting;
        waitingMax += other.waitingMax;
        evictedIdle += other.evictedIdle;
        evictedLifetime += other.evictedLifetime;
        evictedUnhealthy += other.evictedUnhealthy;
        evictedOverLimit += other.evictedOverLimit;
        leaked += other.leaked;
        max += other.max;
        waits.add(other.waits);
    }

    PoolFigures figures(String service, Map<String, PoolFigures> hosts) {
        Histogram all = waits.copy();
        // Who did not wait is not recorded one by one
        long atOnce = leases - all.getTotalCount();
        if (atOnce > 0) {
            all.recordValueWithCount(0, atOnce);
        }
        long requests = leases + refused;
        // They gave their holders nothing that was there before
        long kept = Math.max(0, reused - anew);
        return new PoolFigures(
                service,
                opened,
                closed,
                openFailed,
                leases,
                kept,
                leases == 0 ? 0 : (double) kept / leases,
                requests == 0 ? 0 : (double) refused / requests,
                idle,
                inUseMax,
                waitingMax,
                PoolFigures.WaitFigures.of(all),
                new PoolFigures.Evicted(evictedIdle, evictedLifetime, evictedUnhealthy, evictedOverLimit),
                leaked,
                hosts,
                max,
                inUse,
                waiting);
    }
}
