package io.turbulence.api;

/// Why there was no valid answer.
public enum Failure {
    /// A name could not be resolved to an address.
    RESOLVE,
    /// No connection could be established: refused, unreachable, no route.
    CONNECT,
    /// The TLS handshake failed, or a certificate was not accepted by either side.
    TLS,
    /// A time limit passed before the answer was complete.
    TIMEOUT,
    /// The peer closed or reset the connection before the answer was complete.
    CLOSED,
    /// No connection became free in time; the peer was not asked.
    POOL,
    /// The answer, or what should be sent, exceeds a size limit.
    TOO_LARGE,
    /// What the peer sent does not follow the protocol, or what should be sent cannot be expressed in it.
    PROTOCOL,
    /// The exchange was cancelled from our side.
    CANCELLED
}
