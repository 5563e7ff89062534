package io.turbulence.core.internal.connection;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Matcher;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// An instance's inbox for one step, which remembers when the newest message that was taken had come. For one
/// thread.
public final class WatchedInbox implements Inbox {

    private final TimedInbox inbox;
    private TimedInbox.@Nullable Arrival newest;

    WatchedInbox(TimedInbox inbox) {
        this.inbox = inbox;
    }

    @Override
    public @Nullable Frame take(Matcher matcher, Deadline deadline) throws InterruptedException {
        TimedInbox.Arrival arrival = inbox.takeTimed(matcher, deadline);
        if (arrival == null) {
            return null;
        }
        newest = arrival;
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
        return newest == null ? OptionalLong.empty() : OptionalLong.of(newest.at());
    }

    /// The header `traceparent` of the newest message that was taken; null when it has none.
    public @Nullable String traceparent() {
        return newest != null
                        && newest.frame().metadata().get("headers") instanceof Map<?, ?> headers
                        && headers.get("traceparent") instanceof String text
                ? text
                : null;
    }
}
