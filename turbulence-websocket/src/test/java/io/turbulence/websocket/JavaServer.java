package io.turbulence.websocket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.java_websocket.WebSocket;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.extensions.IExtension;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.ClientHandshake;
import org.java_websocket.protocols.IProtocol;
import org.java_websocket.protocols.Protocol;
import org.java_websocket.server.WebSocketServer;

/// A server on a free port of 127.0.0.1 that sends back what it gets, and does what a text tells it to.
class JavaServer extends WebSocketServer implements AutoCloseable {

    private static final int BACKLOG = 4096;

    private final CountDownLatch started = new CountDownLatch(1);
    final List<String> closings = new CopyOnWriteArrayList<>();
    final List<String> pongs = new CopyOnWriteArrayList<>();
    final List<String> handshakes = new CopyOnWriteArrayList<>();

    JavaServer(boolean deflate, String... subprotocols) {
        super(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1, List.of(draft(deflate, subprotocols)));
        setReuseAddr(true);
        setConnectionLostTimeout(0);
        setMaxPendingConnections(BACKLOG);
    }

    static JavaServer start(boolean deflate, String... subprotocols) throws Exception {
        JavaServer server = new JavaServer(deflate, subprotocols);
        server.begin();
        return server;
    }

    final void begin() throws Exception {
        start();
        if (!started.await(10, TimeUnit.SECONDS)) {
            throw new TimeoutException("the server did not start within 10 s");
        }
    }

    private static Draft draft(boolean deflate, String... subprotocols) {
        List<IProtocol> protocols = new java.util.ArrayList<>();
        for (String each : subprotocols) {
            protocols.add(new Protocol(each));
        }
        protocols.add(new Protocol(""));
        List<IExtension> extensions = deflate ? List.of(new PerMessageDeflateExtension()) : List.of();
        return new Draft_6455(extensions, protocols);
    }

    String url() {
        return "ws://127.0.0.1:" + getPort() + "/chat?v=1";
    }

    @Override
    public void onStart() {
        started.countDown();
    }

    @Override
    public void onOpen(WebSocket socket, ClientHandshake handshake) {
        handshakes.add(handshake.getResourceDescriptor() + " " + handshake.getFieldValue("X-User") + " "
                + handshake.getFieldValue("X-Correlation-ID"));
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
        String[] words = text.split(" ", 3);
        switch (words[0]) {
            case "!close" -> socket.close(Integer.parseInt(words[1]), words.length > 2 ? words[2] : "");
            case "!drop" -> ((org.java_websocket.WebSocketImpl) socket).closeConnection(1006, "");
            case "!ping" -> {
                org.java_websocket.framing.PingFrame ping = new org.java_websocket.framing.PingFrame();
                ping.setPayload(ByteBuffer.wrap(words[1].getBytes(java.nio.charset.StandardCharsets.UTF_8)));
                socket.sendFrame(ping);
            }
            case "!push" -> {
                for (int i = 0; i < Integer.parseInt(words[1]); i++) {
                    socket.send(words[2].replace("#", String.valueOf(i)));
                }
            }
            case "!all" -> broadcast(text.substring(5));
            case "!fragments" -> {
                // With a ping in the middle of the message
                socket.sendFragmentedFrame(
                        Opcode.TEXT, ByteBuffer.wrap(new byte[] {'o', 'n', 'e', ' ', (byte) 0xe2}), false);
                socket.sendPing();
                socket.sendFragmentedFrame(Opcode.TEXT, ByteBuffer.wrap(new byte[] {(byte) 0x82, (byte) 0xac}), false);
                socket.sendFragmentedFrame(Opcode.TEXT, ByteBuffer.wrap(new byte[] {'!'}), true);
            }
            case "!silent" -> {
                // As it says
            }
            default -> socket.send(text);
        }
    }

    @Override
    public void onMessage(WebSocket socket, ByteBuffer content) {
        socket.send(content);
    }

    @Override
    public void onWebsocketPong(WebSocket socket, Framedata pong) {
        super.onWebsocketPong(socket, pong);
        pongs.add(java.nio.charset.StandardCharsets.UTF_8
                .decode(pong.getPayloadData())
                .toString());
    }

    @Override
    public void onClose(WebSocket socket, int code, String reason, boolean remote) {
        closings.add(code + (remote ? " by client" : ""));
    }

    @Override
    public void onError(WebSocket socket, Exception e) {
        // A client that breaks off is what some tests are about
    }

    /// Waits until so many connections stand.
    void awaitOpen(int expected) throws Exception {
        await(() -> getConnections().size(), expected, "connections stand");
    }

    /// Waits until so many handshakes were seen: the client knows of one before this server's program does.
    List<String> awaitHandshakes(int expected) throws Exception {
        await(handshakes::size, expected, "handshakes were made");
        return handshakes;
    }

    /// Waits until it was told of so many ends.
    List<String> awaitClosings(int expected) throws Exception {
        await(closings::size, expected, "connections were closed");
        return closings;
    }

    private static void await(IntSupplier count, int expected, String what) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (count.getAsInt() != expected) {
            if (System.nanoTime() - until > 0) {
                throw new TimeoutException(count.getAsInt() + " " + what + ", not " + expected);
            }
            Thread.sleep(5);
        }
    }

    @Override
    public void close() throws Exception {
        stop(100);
    }
}
