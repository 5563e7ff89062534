package io.turbulence.websocket;

import org.java_websocket.WebSocket;
import org.java_websocket.framing.Framedata;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/// [InteropKit] against servers of several makes.
class InteropTest {

    @Nested
    class OfJavaWebSocket extends InteropKit {

        @Override
        AutoCloseable start() throws Exception {
            JavaServer server = new JavaServer(true) {
                @Override
                public void onWebsocketPong(WebSocket socket, Framedata pong) {
                    super.onWebsocketPong(socket, pong);
                    if (!pongs.getLast().isEmpty()) {
                        socket.send("pong " + pongs.getLast());
                    }
                }
            };
            server.begin();
            return server;
        }

        @Override
        String url(AutoCloseable running) {
            return ((JavaServer) running).url();
        }

        @Override
        boolean compresses() {
            return true;
        }
    }

    @Nested
    class OfJetty extends InteropKit {

        @Override
        AutoCloseable start() throws Exception {
            return JettyServer.start();
        }

        @Override
        String url(AutoCloseable running) {
            return ((JettyServer) running).url();
        }

        @Override
        boolean compresses() {
            return true;
        }
    }

    @Nested
    @Tag("servers")
    class OfNode extends InteropKit {

        @Override
        AutoCloseable start() throws Exception {
            return NodeServer.start();
        }

        @Override
        String url(AutoCloseable running) {
            return ((NodeServer) running).url();
        }

        @Override
        boolean compresses() {
            return true;
        }
    }
}
