package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/// One byte stream to a peer, with or without TLS. Read by one thread and written by one; closed by any, which ends
/// both.
final class Wire implements Closeable {

    private final Socket socket;
    private final Socket outer;
    private final InputStream in;
    private final OutputStream out;

    /// @param outer the socket itself, or TLS over it
    Wire(Socket socket, Socket outer) throws IOException {
        this.socket = socket;
        this.outer = outer;
        this.in = outer.getInputStream();
        this.out = outer.getOutputStream();
    }

    /// The longest wait of a read from now on; 0 for no limit.
    void patience(int millis) throws IOException {
        outer.setSoTimeout(millis);
    }

    /// Reads within what is left.
    ///
    /// @throws java.net.SocketTimeoutException when nothing came
    int read(byte[] into, int from, int length, Deadline deadline) throws IOException {
        patience(deadline.timeoutMillis());
        return in.read(into, from, length);
    }

    int read(byte[] into) throws IOException {
        return in.read(into);
    }

    void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
    }

    /// The socket itself: a goodbye of TLS could wait for a writer that is stuck.
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(Wire.class.getName()).log(System.Logger.Level.DEBUG, "a socket could not be closed", e);
        }
    }
}
