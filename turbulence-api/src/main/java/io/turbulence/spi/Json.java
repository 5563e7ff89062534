package io.turbulence.spi;

import org.jspecify.annotations.Nullable;

/// JSON without a library of the plugin's own. Thread-safe.
///
/// A tree is text, number, boolean, null, a [java.util.List] or a [java.util.Map] of these; numbers
/// are read as Integer, Long, BigInteger, Double or BigDecimal, whatever holds them without loss.
public interface Json {

    /// @throws IllegalArgumentException when it is no JSON; the message says where
    @Nullable
    Object read(byte[] utf8);

    /// @throws IllegalArgumentException when it is no JSON; the message says where
    @Nullable
    Object read(String text);

    /// Compact, in UTF-8. Accepts any tree; other objects by their text.
    byte[] write(@Nullable Object tree);

    /// Compact text.
    String writeText(@Nullable Object tree);
}
