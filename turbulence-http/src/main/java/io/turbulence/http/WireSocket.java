package io.turbulence.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import org.jspecify.annotations.Nullable;

/// A wire as the JDK's TLS wants to see it. Its limits are the wire's own, so socket timeouts mean
/// nothing here.
final class WireSocket extends Socket {

    private final Wire wire;

    WireSocket(Wire wire) throws SocketException {
        super((SocketImpl) null);
        this.wire = wire;
    }

    @Override
    public InputStream getInputStream() {
        return new Input(wire);
    }

    @Override
    public OutputStream getOutputStream() {
        return new Output(wire);
    }

    @Override
    public void close() {
        wire.closeChannel();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return !wire.channel().isOpen();
    }

    @Override
    public boolean isInputShutdown() {
        return false;
    }

    @Override
    public boolean isOutputShutdown() {
        return false;
    }

    @Override
    public void shutdownInput() {}

    @Override
    public void shutdownOutput() {}

    @Override
    public @Nullable InetAddress getInetAddress() {
        return wire.channel().socket().getInetAddress();
    }

    @Override
    public int getPort() {
        return wire.channel().socket().getPort();
    }

    @Override
    public int getLocalPort() {
        return wire.channel().socket().getLocalPort();
    }

    @Override
    public @Nullable SocketAddress getRemoteSocketAddress() {
        return wire.channel().socket().getRemoteSocketAddress();
    }

    @Override
    public int getSoTimeout() {
        return 0;
    }

    @Override
    public void setSoTimeout(int timeout) {}

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setSoLinger(boolean on, int linger) {}

    @Override
    public String toString() {
        return "WireSocket " + wire.channel();
    }

    private static final class Input extends InputStream {

        private final Wire wire;

        private Input(Wire wire) {
            this.wire = wire;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return wire.readAhead(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return length == 0 ? 0 : wire.readAhead(into, offset, length);
        }
    }

    private static final class Output extends OutputStream {

        private final Wire wire;

        private Output(Wire wire) {
            this.wire = wire;
        }

        @Override
        public void write(int b) throws IOException {
            wire.writeRaw(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            wire.writeRaw(from, offset, length);
        }
    }
}
