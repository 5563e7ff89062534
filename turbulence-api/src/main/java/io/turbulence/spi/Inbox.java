package io.turbulence.spi;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Messages of one channel, as one instance sees them. Used on that instance's thread.
public interface Inbox {

    /// Takes the oldest message that matches and that this instance has not taken, whether it came before
    /// or comes while waiting.
    ///
    /// @return null when the deadline passed first. That nothing came is known only when [Arrivals#overflowed] is
    ///     zero, too
    /// @throws InterruptedException when the instance is cancelled
    /// @throws io.turbulence.api.FailureException when the channel is broken, or when the deadline passed while
    ///     nothing could be received ([Subscription#interruption])
    @Nullable
    Frame take(Matcher matcher, Deadline deadline) throws InterruptedException;

    /// What came on the channel, to explain a wait that ran out.
    Arrivals arrivals(Matcher matcher);

    /// What came on the channel since this instance began to wait.
    ///
    /// @param count      messages that came
    /// @param overflowed messages that were dropped, because the buffer was full, before this instance looked at
    ///                   them; those that came between its start and this wait are among them
    /// @param nearest    a few that came nearest to matching, shortened, for the message
    record Arrivals(long count, long overflowed, List<String> nearest) {
        public Arrivals {
            nearest = List.copyOf(nearest);
        }
    }
}
