package io.turbulence.spi;

import java.time.Instant;

/// A connection lent for a while. Closing gives it back; closing twice is fine.
///
/// Used by the thread that took it. Whoever does not close it leaks it, and the registry says so with
/// the holder's name.
public interface Lease<C> extends AutoCloseable {

    C connection();

    /// When the connection was opened.
    Instant createdAt();

    /// When it was last given back; when it was opened, before its first use.
    Instant lastUsedAt();

    /// How many times it was lent, this time included.
    long uses();

    /// Says that the connection must not be lent again. An exclusive one is closed when it is given back;
    /// a shared one is replaced while its other holders finish.
    void invalidate();

    @Override
    void close();
}
