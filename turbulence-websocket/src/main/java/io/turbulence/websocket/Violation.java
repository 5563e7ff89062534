package io.turbulence.websocket;

import io.turbulence.api.Failure;

/// The peer sent what cannot be taken: the connection is to be closed with this code.
final class Violation extends Exception {

    private static final long serialVersionUID = 1L;

    private final Failure failure;
    private final int closeCode;

    /// @param message what it sent, as it goes on after `the server sent`
    Violation(Failure failure, int closeCode, String message) {
        super(message, null, false, false);
        this.failure = failure;
        this.closeCode = closeCode;
    }

    static Violation of(String message) {
        return new Violation(Failure.PROTOCOL, CloseCodes.PROTOCOL_ERROR, message);
    }

    Failure failure() {
        return failure;
    }

    int closeCode() {
        return closeCode;
    }
}
