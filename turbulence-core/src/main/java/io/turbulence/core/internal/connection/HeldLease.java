package io.turbulence.core.internal.connection;

import io.turbulence.api.Outcome;
import io.turbulence.spi.Lease;
import io.turbulence.spi.Phase;

/// A lease with what it took to get it. Times are in nanoseconds; -1 where there was nothing to time.
public interface HeldLease<C> extends Lease<C> {

    /// How long the holder waited for a connection to become free, opening one not included.
    long waitNanos();

    /// How long opening took; -1 when the connection was open already.
    long openNanos();

    /// When this phase of opening ended, counted from the start of opening; -1 when the connection was open
    /// already or the plugin did not mark it.
    long phaseNanos(Phase phase);

    /// Says that the connection connected anew in its place so many times, as one does that finds that the peer has
    /// closed it: counted as closed and opened.
    void reconnected(int times);

    /// Says what a call came to over a connection that many share.
    void told(Outcome outcome);

    /// Whether the connection was open already.
    default boolean reused() {
        return openNanos() < 0;
    }
}
