package io.turbulence.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A TCP server for a test: each connection is given to a handler on a virtual thread of its own and
/// closed when the handler returns or throws.
///
/// Closing stops listening and closes every connection, which ends handlers that read or write.
public final class LocalServer implements AutoCloseable {

    private final Listener listener;
    private final Handler handler;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();

    private LocalServer(ServerSocket socket, Handler handler) {
        this.handler = handler;
        this.listener = new Listener("local-server-" + socket.getLocalPort(), socket, this::accept);
    }

    /// Starts a server on a free port of 127.0.0.1.
    public static LocalServer start(Handler handler) throws IOException {
        return new LocalServer(new ServerSocket(0, 1024, InetAddress.ofLiteral("127.0.0.1")), handler);
    }

    /// A server that accepts connections, reads what comes and never answers.
    public static LocalServer silent() throws IOException {
        return start(socket -> {
            byte[] buffer = new byte[8192];
            while (socket.getInputStream().read(buffer) >= 0) {
                // What a client says is not heard
            }
        });
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return listener.port();
    }

    /// How many connections are open now.
    public int open() {
        return open.size();
    }

    /// How many connections were ever accepted.
    public int accepted() {
        return accepted.get();
    }

    /// Closes the connections that are open now and goes on listening.
    public void disconnectAll() {
        open.forEach(Sockets::close);
    }

    @Override
    public void close() {
        listener.close();
        disconnectAll();
    }

    private void accept(Socket socket) {
        open.add(socket);
        int number = accepted.incrementAndGet();
        Thread.ofVirtual().name("local-server-" + port() + "-" + number).start(() -> serve(socket));
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            handler.handle(socket);
        } catch (Exception e) {
            // A client that goes away is part of many tests; what matters is seen on its side
        } finally {
            open.remove(socket);
        }
    }

    /// What is done with one connection.
    @FunctionalInterface
    public interface Handler {

        void handle(Socket socket) throws Exception;
    }
}
