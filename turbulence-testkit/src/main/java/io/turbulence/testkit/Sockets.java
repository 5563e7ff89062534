package io.turbulence.testkit;

import java.io.IOException;
import java.net.Socket;

/// Closing sockets without caring how it went.
final class Sockets {

    private Sockets() {}

    static void close(Socket socket) {
        try {
            if (socket.isConnected() && !socket.isOutputShutdown()) {
                // So that an orderly end is seen even where bytes were not read, which would make it a reset
                socket.shutdownOutput();
            }
        } catch (IOException e) {
            // Closed already
        }
        closeNow(socket);
    }

    /// Closes with a TCP reset: the peer loses what it has not read.
    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // Closed already
        }
        closeNow(socket);
    }

    private static void closeNow(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way
        }
    }
}
