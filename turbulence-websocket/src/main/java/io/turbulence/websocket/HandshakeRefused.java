package io.turbulence.websocket;

import io.turbulence.api.Observation;

/// The server answered the handshake by its own rules, and not with a WebSocket.
final class HandshakeRefused extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Observation observation;

    HandshakeRefused(Observation observation) {
        super("the handshake was refused", null, false, false);
        this.observation = observation;
    }

    /// What the step comes to.
    Observation observation() {
        return observation;
    }
}
