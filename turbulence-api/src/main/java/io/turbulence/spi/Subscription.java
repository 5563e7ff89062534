package io.turbulence.spi;

import io.turbulence.api.Frame;
import java.time.Duration;
import java.util.function.Consumer;

/// One channel that delivers messages by itself: a topic, a queue.
///
/// [#poll] and [#close] are called by one platform thread that the host owns; [#wakeup] by any.
public interface Subscription extends AutoCloseable {

    /// Waits up to `most` for messages and hands each to the consumer, in order. The consumer does not
    /// block.
    ///
    /// @throws Exception when the channel is broken for good; what passes is retried inside
    void poll(Duration most, Consumer<Frame> consumer) throws Exception;

    /// Ends a `poll` that is waiting, now or the next one.
    void wakeup();

    @Override
    void close() throws Exception;
}
