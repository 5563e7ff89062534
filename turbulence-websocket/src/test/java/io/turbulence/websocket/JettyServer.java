package io.turbulence.websocket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/// Jetty, which does what [JavaServer] does.
final class JettyServer implements AutoCloseable {

    private static final int LARGEST = 32 << 20;

    private final Server server;

    private JettyServer(Server server) {
        this.server = server;
    }

    static JettyServer start() throws Exception {
        Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        server.setHandler(WebSocketUpgradeHandler.from(server, container -> {
            container.setMaxTextMessageSize(LARGEST);
            container.setMaxBinaryMessageSize(LARGEST);
            container.setMaxFrameSize(LARGEST);
            container.addMapping("/*", (request, response, callback) -> new Echo());
        }));
        server.start();
        return new JettyServer(server);
    }

    String url() {
        return "ws://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort() + "/";
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    /// One conversation.
    public static final class Echo extends Session.Listener.AbstractAutoDemanding {

        @Override
        public void onWebSocketText(String text) {
            String[] words = text.split(" ", 3);
            switch (words[0]) {
                case "!close" ->
                    getSession().close(Integer.parseInt(words[1]), words.length > 2 ? words[2] : "", Callback.NOOP);
                case "!ping" ->
                    getSession().sendPing(ByteBuffer.wrap(words[1].getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
                case "!fragments" ->
                    getSession()
                            .sendPartialText(
                                    "one ",
                                    false,
                                    Callback.from(
                                            () -> getSession()
                                                    .sendPing(
                                                            ByteBuffer.allocate(0),
                                                            Callback.from(
                                                                    () -> getSession()
                                                                            .sendPartialText("€!", true, Callback.NOOP),
                                                                    thrown -> getSession()
                                                                            .disconnect())),
                                            thrown -> getSession().disconnect()));
                default -> getSession().sendText(text, Callback.NOOP);
            }
        }

        @Override
        public void onWebSocketPong(ByteBuffer content) {
            if (content.hasRemaining()) {
                getSession().sendText("pong " + StandardCharsets.UTF_8.decode(content), Callback.NOOP);
            }
        }

        @Override
        public void onWebSocketBinary(ByteBuffer content, Callback callback) {
            ByteBuffer copy =
                    ByteBuffer.allocate(content.remaining()).put(content).flip();
            callback.succeed();
            getSession().sendBinary(copy, Callback.NOOP);
        }
    }
}
