package io.turbulence.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// A port on 127.0.0.1 for a server that must be told which to take. It is not held: the server is to bind it. Ports of
/// outgoing connections are taken from higher ones (from 32768 on Linux, from 49152 elsewhere), so none of these, of
/// whatever process, comes between. A server that can take port 0 and tell what it got needs none of this.
public final class FreePort {

    private static final int FIRST = 20_000;
    private static final int BEYOND_LAST = 32_000;
    private static final int ATTEMPTS = 100;

    private FreePort() {}

    /// @throws IOException when a hundred at random were all taken
    public static int choose() throws IOException {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND_LAST);
            try (ServerSocket socket = new ServerSocket()) {
                socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 1);
                return port;
            } catch (IOException taken) {
                last = taken;
            }
        }
        throw new IOException("no free port from " + FIRST + " to " + (BEYOND_LAST - 1), last);
    }
}
