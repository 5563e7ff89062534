package io.turbulence.spi;

/// The end of a phase of an exchange or of opening a connection. The plugin says when; the host takes
/// the time.
public enum Phase {
    /// A name was resolved to addresses.
    RESOLVED,
    /// The transport connection stands.
    CONNECTED,
    /// The TLS handshake is done.
    SECURED,
    /// The request, or the last message to send, was handed to the network.
    SENT,
    /// The first byte, or the first message, of the answer arrived.
    FIRST_BYTE
}
