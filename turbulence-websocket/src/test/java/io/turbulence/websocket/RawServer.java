package io.turbulence.websocket;

import io.turbulence.testkit.LocalServer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A server that agrees to any handshake and then sends bytes as they are given, whatever RFC 6455 says of them. Told
/// are
/// the frames that the client sends.
final class RawServer implements AutoCloseable {

    private final LocalServer server;
    private final BlockingQueue<ClientFrame> frames = new LinkedBlockingQueue<>();

    private RawServer(String answer, byte[] bytes, int chunk) throws IOException {
        server = LocalServer.start(socket -> talk(socket, answer, bytes, chunk));
    }

    @SuppressWarnings("ArrayRecordComponent")
    record ClientFrame(int first, boolean masked, byte[] content) {

        /// `8:1002`, `10:content`.
        String describe() {
            int opcode = first & 0x0f;
            boolean close = opcode == 8 && content.length >= 2;
            return opcode + ":"
                    + (close
                            ? String.valueOf(((content[0] & 0xff) << 8) | (content[1] & 0xff))
                            : new String(content, StandardCharsets.UTF_8));
        }
    }

    static RawServer sending(byte[]... frames) throws IOException {
        return new RawServer("", join(frames), Integer.MAX_VALUE);
    }

    /// Sends byte by byte.
    static RawServer trickling(byte[]... frames) throws IOException {
        return new RawServer("", join(frames), 1);
    }

    /// Adds lines to its answer to the handshake.
    static RawServer answering(String lines, byte[]... frames) throws IOException {
        return new RawServer(lines, join(frames), Integer.MAX_VALUE);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /// A frame with a first byte and its content, not masked.
    static byte[] frame(int first, byte[] content) {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(first);
        if (content.length < 126) {
            frame.write(content.length);
        } else if (content.length < 65_536) {
            frame.write(126);
            frame.write(content.length >> 8);
            frame.write(content.length);
        } else {
            frame.write(127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                frame.write((int) ((long) content.length >> shift));
            }
        }
        frame.writeBytes(content);
        return frame.toByteArray();
    }

    static byte[] frame(int first, String content) {
        return frame(first, content.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    String url() {
        return "ws://127.0.0.1:" + server.port() + "/raw";
    }

    /// The next frame of the client's.
    String nextFrame() throws InterruptedException {
        ClientFrame frame = frames.poll(10, TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("the client sent no frame within 10 s");
        }
        if (!frame.masked()) {
            throw new AssertionError("the client sent a frame that is not masked: " + frame.describe());
        }
        return frame.describe();
    }

    private void talk(Socket socket, String answer, byte[] bytes, int chunk) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        String key = head.toString().split("Sec-WebSocket-Key: ", -1)[1].split("\r\n", -1)[0];
        socket.getOutputStream()
                .write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                + "Sec-WebSocket-Accept: " + accept(key) + "\r\n" + answer + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        for (int at = 0; at < bytes.length; at += Math.min(chunk, bytes.length)) {
            socket.getOutputStream().write(Arrays.copyOfRange(bytes, at, (int)
                    Math.min(bytes.length, at + (long) chunk)));
            socket.getOutputStream().flush();
        }
        while (true) {
            frames.add(read(in));
        }
    }

    private static ClientFrame read(DataInputStream in) throws IOException {
        int first = in.readUnsignedByte();
        int second = in.readUnsignedByte();
        int length = second & 0x7f;
        long size = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
        byte[] mask = new byte[4];
        if ((second & 0x80) != 0) {
            in.readFully(mask);
        }
        byte[] content = new byte[(int) size];
        in.readFully(content);
        for (int i = 0; i < content.length; i++) {
            content[i] ^= mask[i % 4];
        }
        return new ClientFrame(first, (second & 0x80) != 0, content);
    }

    private static String accept(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
