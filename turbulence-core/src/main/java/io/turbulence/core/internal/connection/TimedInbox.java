package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Matcher;
import org.jspecify.annotations.Nullable;

/// An inbox that knows when its messages came.
interface TimedInbox extends Inbox {

    /// As [#take].
    @Nullable
    Arrival takeTimed(Matcher matcher, Deadline deadline) throws InterruptedException;

    /// Forgets what came before, and that some of it was dropped.
    void restart();

    /// Messages that were dropped before they could be looked at, as [Inbox.Arrivals#overflowed].
    long overflowed();

    /// A message and when it came, on the run's nano clock.
    record Arrival(Frame frame, long at) {}
}
