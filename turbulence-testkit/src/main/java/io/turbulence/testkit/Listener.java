package io.turbulence.testkit;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// A listening socket and the thread that accepts on it.
final class Listener {

    private final ServerSocket socket;
    private final Consumer<Socket> accepted;
    private final Thread acceptor;

    Listener(String name, ServerSocket socket, Consumer<Socket> accepted) {
        this.socket = socket;
        this.accepted = accepted;
        this.acceptor = Thread.ofVirtual().name(name + "-accept").start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    /// Stops listening: when it returns, nothing is accepted any more.
    void close() {
        try {
            socket.close();
            // The system goes on listening until the thread in accept has noticed
            acceptor.join();
        } catch (IOException e) {
            // It no longer listens either way
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                accepted.accept(socket.accept());
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    // Out of file descriptors: do not spin
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                }
            }
        }
    }
}
