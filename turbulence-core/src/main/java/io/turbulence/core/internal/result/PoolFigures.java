package io.turbulence.core.internal.result;

import java.util.Map;

/// How a service's pool did in a run, and how it stands now. The names are the contract's.
///
/// @param max     most connections at once; 0 when not known
/// @param inUse   lent now
/// @param waiting callers that wait now
/// @param waits   for a connection in milliseconds
/// @param hosts   the same by `host:port`; empty for one host and inside of it
public record PoolFigures(
        int max,
        int inUse,
        int idle,
        int waiting,
        long opened,
        long closed,
        long openFailed,
        long leases,
        long reused,
        double reuseRate,
        double errorRate,
        int inUseMax,
        int waitingMax,
        Wait waits,
        Evicted evicted,
        long leaked,
        Map<String, PoolFigures> hosts) {

    /// Waits in milliseconds.
    public record Wait(double mean, double p50, double p99, double max) {}

    /// Connections closed by policy, by reason.
    public record Evicted(long idle, long lifetime, long unhealthy, long overLimit) {}
}
