package io.turbulence.core.internal.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/// A port on the loopback interface that was free a moment ago, for a program that has yet to bind it. Systems give
/// outgoing connections higher ones (from 32768 on Linux, from 49152 elsewhere), so none of these comes between.
public final class FreePort {

    private static final int FIRST = 20_000;
    private static final int BEYOND_LAST = 32_000;
    private static final int ATTEMPTS = 100;

    private FreePort() {}

    /// @throws UncheckedIOException when a hundred at random were all taken
    public static int choose() {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, BEYOND_LAST);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                last = taken;
            }
        }
        throw new UncheckedIOException(
                new IOException("no free port from " + FIRST + " to " + (BEYOND_LAST - 1), last));
    }
}
