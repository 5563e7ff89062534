package io.turbulence.api;

import java.time.Duration;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// When the host stops pulling messages from a stream that the peer does not end. Whatever comes
/// first ends it well and cancels upstream; only the step's own deadline is a failure.
///
/// @param maxMessages stop after so many; 0 for no limit
/// @param idleTimeout stop when nothing came for so long; null for no limit
/// @param until       stop after the first message that matches; null for none. When the peer ends the stream before,
/// that
///                    is a failure; a [io.turbulence.spi.Matcher] is asked why
public record StreamBounds(
        long maxMessages,
        @Nullable Duration idleTimeout,
        @Nullable Predicate<Frame> until) {

    /// Only the peer or the step's deadline ends it.
    public static final StreamBounds NONE = new StreamBounds(0, null, null);

    public StreamBounds {
        if (maxMessages < 0) {
            throw new IllegalArgumentException("maxMessages was " + maxMessages + " but it must not be negative");
        }
    }
}
