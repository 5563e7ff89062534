package io.turbulence.testkit;

/// All faults of a proxy at one moment.
///
/// @param latencyNanos delay of every byte, each way
/// @param jitterNanos  most that is added to it
/// @param blackHole    whether all bytes are swallowed
record Faults(long latencyNanos, long jitterNanos, boolean blackHole, OneWay toServer, OneWay toClient) {

    static final Faults NONE = new Faults(0, 0, false, OneWay.NONE, OneWay.NONE);

    OneWay of(FaultProxy.Way way) {
        return switch (way) {
            case TO_SERVER -> toServer;
            case TO_CLIENT -> toClient;
        };
    }

    Faults with(FaultProxy.Way way, OneWay faults) {
        return switch (way) {
            case TO_SERVER -> new Faults(latencyNanos, jitterNanos, blackHole, faults, toClient);
            case TO_CLIENT -> new Faults(latencyNanos, jitterNanos, blackHole, toServer, faults);
        };
    }

    Faults withLatency(long latency, long jitter) {
        return new Faults(latency, jitter, blackHole, toServer, toClient);
    }

    Faults withBlackHole(boolean on) {
        return new Faults(latencyNanos, jitterNanos, on, toServer, toClient);
    }

    /// The faults of one way.
    ///
    /// @param bytesPerSecond 0 for no limit
    /// @param endAfter       bytes after which a connection ends; -1 for never
    /// @param endByReset     whether it ends by a reset
    /// @param paused         whether nothing is read
    record OneWay(long bytesPerSecond, long endAfter, boolean endByReset, boolean paused) {

        static final OneWay NONE = new OneWay(0, -1, false, false);

        OneWay withBandwidth(long limit) {
            return new OneWay(limit, endAfter, endByReset, paused);
        }

        OneWay withEnd(long after, boolean byReset) {
            return new OneWay(bytesPerSecond, after, byReset, paused);
        }

        OneWay withPaused(boolean on) {
            return new OneWay(bytesPerSecond, endAfter, endByReset, on);
        }
    }
}
