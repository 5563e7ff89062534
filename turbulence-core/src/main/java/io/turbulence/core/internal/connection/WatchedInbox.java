package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Matcher;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// An instance's inbox for one step, which remembers when the newest message that was taken had come. For one
/// thread.
public final class WatchedInbox implements Inbox {

    private final TimedInbox inbox;
    private boolean taken;
    private long cameAt;

    WatchedInbox(TimedInbox inbox) {
        this.inbox = inbox;
    }

    @Override
    public @Nullable Frame take(Matcher matcher, Deadline deadline) throws InterruptedException {
        TimedInbox.Arrival arrival = inbox.takeTimed(matcher, deadline);
        if (arrival == null) {
            return null;
        }
        taken = true;
        cameAt = arrival.at();
        return arrival.frame();
    }

    @Override
    public Arrivals arrivals(Matcher matcher) {
        return inbox.arrivals(matcher);
    }

    /// Messages that were dropped, because the buffer was full, before this instance could look at them.
    public long overflowed() {
        return inbox.overflowed();
    }

    /// The instance's inbox itself.
    Inbox inbox() {
        return inbox;
    }

    /// When the newest message that was taken had come, on the run's nano clock; empty when none was taken.
    public OptionalLong cameAt() {
        return taken ? OptionalLong.of(cameAt) : OptionalLong.empty();
    }
}
