package io.turbulence.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that does exactly what a test tells it to, however wrong that is.
final class Script implements AutoCloseable {

    /// Plays one connection.
    interface Part {
        void play(Peer peer) throws Exception;
    }

    final AtomicInteger connections = new AtomicInteger();
    final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final ServerSocket server;

    Script(Part part) throws IOException {
        server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("script").start(() -> accept(part));
    }

    /// Gives every request of every connection this answer.
    static Script answering(String answer) throws IOException {
        return new Script(peer -> {
            while (peer.request()) {
                peer.send(answer);
            }
        });
    }

    /// Gives one request of each connection this answer, then closes.
    static Script closingAfter(String answer) throws IOException {
        return new Script(peer -> {
            peer.request();
            peer.send(answer);
        });
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept(Part part) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                int number = connections.incrementAndGet();
                sockets.add(socket);
                Thread.ofVirtual().name("script peer").start(() -> play(part, socket, number));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void play(Part part, Socket socket, int number) {
        try (socket) {
            part.play(new Peer(socket, number));
        } catch (Exception e) {
            // The client went, which some tests want it to
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /// The server's end of one connection.
    final class Peer {

        final int number;
        private final Socket socket;
        private String last = "";

        private Peer(Socket socket, int number) {
            this.socket = socket;
            this.number = number;
        }

        /// Reads one request with its body; false at the end of the stream.
        boolean request() throws IOException {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    return false;
                }
                head.write(next);
            }
            String text = head.toString(StandardCharsets.ISO_8859_1);
            int length = text.lines()
                    .filter(line -> line.startsWith("Content-Length: "))
                    .mapToInt(line -> Integer.parseInt(line.substring(16)))
                    .findFirst()
                    .orElse(0);
            last = text + new String(in.readNBytes(length), StandardCharsets.UTF_8);
            requests.add(last);
            return true;
        }

        /// The request that was read last on this connection.
        String last() {
            return last;
        }

        void send(String text) throws IOException {
            send(text.getBytes(StandardCharsets.ISO_8859_1));
        }

        void send(byte[] bytes) throws IOException {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
        }

        /// Has the connection end with a reset instead of a close.
        void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        /// Does nothing more until the client is gone.
        void hang() throws IOException {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
        }

        Socket socket() {
            return socket;
        }
    }
}
