package io.turbulence.http;

import java.io.IOException;

/// What the peer sent does not follow the protocol.
final class Malformed extends IOException {

    private static final long serialVersionUID = 1L;

    /// @param why goes on from "sent no valid HTTP/1.1: "
    Malformed(String why) {
        super(why);
    }
}
