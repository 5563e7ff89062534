package io.turbulence.http;

/// The connection must not be used again: its last answer ended it.
final class ConnectionSpent extends Exception {

    private static final long serialVersionUID = 1L;

    ConnectionSpent(String message) {
        // No stack trace: this is how a peer's `Connection: close` is told to the pool, thousands of times
        super(message, null, false, false);
    }
}
