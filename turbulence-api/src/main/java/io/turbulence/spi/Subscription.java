package io.turbulence.spi;

import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One channel that delivers messages by itself: a topic, a queue.
///
/// [#poll] and [#close] are called by one platform thread that the host owns; [#wakeup] by any.
public interface Subscription extends AutoCloseable {

    /// Waits up to `most` for messages and hands each to the consumer, in order. The consumer does not
    /// block.
    ///
    /// @throws Exception when the channel is broken for good; what passes is retried inside
    void poll(Duration most, Consumer<Frame> consumer) throws Exception;

    /// Why nothing can be received at present although it is tried again and again: the peer is away. Null while
    /// the peer answers. Asked after each [#poll] by the same thread.
    ///
    /// A wait whose time is over meanwhile fails with it, since nobody knows what was published; and the host tells
    /// it as an outage.
    default @Nullable Interruption interruption() {
        return null;
    }

    /// Why nothing is received.
    ///
    /// @param why   as the host would classify it
    /// @param loses whether what the peer sends meanwhile never comes, as over a connection that is gone: then waits
    ///              in progress fail at once, and it is said once. A topic or a queue keeps it.
    record Interruption(Outcome.Failed why, boolean loses) {}

    /// Ends a `poll` that is waiting, now or the next one.
    void wakeup();

    @Override
    void close() throws Exception;
}
