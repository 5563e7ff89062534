package io.turbulence.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/// A port on 127.0.0.1 on which connecting hangs, as behind a firewall that drops packets: its
/// backlog is full and nobody accepts. Relies on how Linux and macOS treat a full backlog.
public final class StuckPort implements AutoCloseable {

    private static final int MOST_FILLERS = 256;
    private static final int CONNECT_MILLIS = 200;

    private final ServerSocket listener;
    private final List<Socket> fillers = new ArrayList<>();

    private StuckPort(ServerSocket listener) {
        this.listener = listener;
    }

    /// @throws IOException when the backlog could not be filled
    public static StuckPort open() throws IOException {
        StuckPort port = new StuckPort(new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1")));
        try {
            port.fill();
            return port;
        } catch (IOException e) {
            port.close();
            throw e;
        }
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        fillers.forEach(Sockets::close);
        listener.close();
    }

    private void fill() throws IOException {
        for (int i = 0; i < MOST_FILLERS; i++) {
            Socket filler = new Socket();
            fillers.add(filler);
            try {
                filler.connect(new InetSocketAddress(InetAddress.ofLiteral(host()), port()), CONNECT_MILLIS);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
        throw new IOException("the backlog of port " + port() + " was not full after " + MOST_FILLERS
                + " connections: this system does not drop them");
    }
}
