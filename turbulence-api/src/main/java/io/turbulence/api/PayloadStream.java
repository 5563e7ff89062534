package io.turbulence.api;

import org.jspecify.annotations.Nullable;

/// Messages of one exchange, pulled one at a time so that a slow reader holds the peer back instead
/// of filling memory.
///
/// [#next] is called by one thread at a time, the instance's own. [#close] may come from any thread,
/// more than once, and ends a `next` that is waiting.
public interface PayloadStream extends AutoCloseable {

    /// The next message; null when the peer ended the stream, after which [#ending] is known.
    ///
    /// @throws java.util.concurrent.TimeoutException when the deadline passed first; the stream stays usable
    /// @throws InterruptedException when the instance is cancelled
    /// @throws Exception            when the stream broke; it is over then
    @Nullable
    Frame next(Deadline deadline) throws Exception;

    /// How the stream ended. Called after `next` returned null; a plugin whose protocol says nothing
    /// at the end leaves the default.
    default Ending ending() {
        return Ending.NONE;
    }

    /// What is added when a bound that the user set ends the stream well, before it is closed. Nothing is added when
    /// its time runs out or it breaks.
    default Metadata leaving() {
        return Metadata.empty();
    }

    /// Gives up: cancels upstream when the peer has not ended the stream.
    @Override
    void close();

    /// What the end of a stream adds to its observation.
    ///
    /// @param outcome  replaces the observation's outcome; null keeps it
    /// @param metadata is added to the observation's metadata
    record Ending(@Nullable Outcome outcome, Metadata metadata) {
        /// Adds nothing.
        public static final Ending NONE = new Ending(null, Metadata.empty());
    }
}
