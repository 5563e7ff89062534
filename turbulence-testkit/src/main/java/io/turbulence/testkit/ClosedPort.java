package io.turbulence.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A port on 127.0.0.1 on which nobody listens: connecting is refused. It is held until closed, so
/// that no other process can begin to listen there meanwhile.
public final class ClosedPort implements AutoCloseable {

    private final Socket holder;

    private ClosedPort(Socket holder) {
        this.holder = holder;
    }

    public static ClosedPort reserve() throws IOException {
        Socket holder = new Socket();
        holder.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
        return new ClosedPort(holder);
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return holder.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        holder.close();
    }
}
