package io.turbulence.spi.skeletons;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.Lease;
import io.turbulence.spi.Mailbox;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// WebSocket: a connection to which the peer pushes by itself (a mailbox), a conversation, a redirect to
/// a second endpoint, and beside it a negotiated factory for the upgrade over HTTP/2.
@SuppressWarnings("DoNotCallSuggester")
public final class WebSocketSkeleton implements ProtocolPlugin {

    private static final Transport WS = Transport.of("ws");
    private static final Sessions SESSIONS = new Sessions();
    private static final Upgrades UPGRADES = new Upgrades();

    @Override
    public PluginInfo info() {
        return PluginInfo.of("websocket", "1", API_LEVEL);
    }

    @Override
    public List<ServiceType<?>> services() {
        return List.of(ServiceType.of("ws", Server.class).defaultAction("ws.exchange"));
    }

    @Override
    public List<ProtocolAction<?, ?>> actions() {
        return List.of(new Exchange(), new Upgrade());
    }

    record Server(@Setting("ws:// or wss://.") String url) {}

    record Conversation(
            @Setting("What is said and expected, in order.") List<Line> messages) {}

    record Line(
            @Setting("What to send.") @Nullable Object send,
            @Setting("What must come.") @Nullable Matcher expect) {}

    record Elsewhere(@Setting("Where the upgrade leads.") String url) {}

    private static final class Exchange implements ProtocolAction<Conversation, Session> {

        @Override
        public String type() {
            return "ws.exchange";
        }

        @Override
        public Class<Conversation> settings() {
            return Conversation.class;
        }

        @Override
        public ConnectionFactory<?, Session> connection() {
            return SESSIONS;
        }

        @Override
        public Observation execute(Conversation conversation, Session session, ActionContext context) throws Exception {
            Frame last = Frame.of(Payload.empty());
            for (Line line : conversation.messages()) {
                if (line.send() != null) {
                    session.socket().send(context.json().write(line.send()));
                }
                if (line.expect() != null) {
                    Frame frame = session.mailbox().take(line.expect(), context.deadline());
                    if (frame == null) {
                        return Observation.failed(
                                WS, Failure.TIMEOUT, line.expect().describe() + " did not come", null);
                    }
                    last = frame;
                }
            }
            return Observation.answered(WS, true, "OK", last.metadata(), last.payload());
        }
    }

    private static final class Upgrade implements ProtocolAction<Elsewhere, Socket> {

        @Override
        public String type() {
            return "ws.upgrade";
        }

        @Override
        public Class<Elsewhere> settings() {
            return Elsewhere.class;
        }

        @Override
        public ConnectionFactory<?, Socket> connection() {
            return UPGRADES;
        }

        @Override
        public Endpoint endpoint(Elsewhere settings, Endpoint ofService) {
            return settings.url().isEmpty() ? ofService : at(settings.url());
        }

        @Override
        public Observation execute(Elsewhere settings, Socket socket, ActionContext context) throws Exception {
            String token = context.runState("token", String.class, () -> "fetched once");
            try (Lease<Socket> redirected = context.lease(UPGRADES, at(settings.url()))) {
                redirected.connection().send(token.getBytes(java.nio.charset.StandardCharsets.UTF_8));
                return Observation.answered(WS, true, "101", Metadata.of("status_code", 101), Payload.empty());
            }
        }
    }

    private static final class Sessions implements ConnectionFactory.Exclusive<Server, Session> {

        @Override
        public Class<Server> settings() {
            return Server.class;
        }

        @Override
        public Endpoint endpoint(Server server) {
            return at(server.url());
        }

        @Override
        public Session open(Server server, OpenContext context) throws Exception {
            Mailbox mailbox = context.mailbox("messages");
            Socket socket = Socket.connect(
                    context.endpoint(),
                    message -> mailbox.deliver(Frame.of(Payload.bytes(message, "application/json"))),
                    reason -> mailbox.fail(new Outcome.Failed(Failure.CLOSED, reason, null)),
                    context.deadline());
            return new Session(socket, mailbox);
        }

        @Override
        public void close(Session session) throws Exception {
            try (Mailbox mailbox = session.mailbox()) {
                session.socket().close();
            }
        }
    }

    private static final class Upgrades implements ConnectionFactory.Negotiated<Server, Socket> {

        @Override
        public Class<Server> settings() {
            return Server.class;
        }

        @Override
        public Endpoint endpoint(Server server) {
            return at(server.url());
        }

        @Override
        public String name() {
            return "upgrade";
        }

        @Override
        public Socket open(Server server, OpenContext context) throws Exception {
            return Socket.connect(context.endpoint(), message -> {}, reason -> {}, context.deadline());
        }

        @Override
        public void close(Socket socket) throws Exception {
            socket.close();
        }

        @Override
        public int capacity(Socket socket) {
            return socket.multiplexed() ? 100 : 1;
        }
    }

    private static Endpoint at(String url) {
        URI uri = URI.create(url);
        return Endpoint.of(uri.getScheme(), uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
    }

    record Session(Socket socket, Mailbox mailbox) {}

    interface Socket extends AutoCloseable {
        static Socket connect(
                Endpoint endpoint, Consumer<byte[]> received, Consumer<String> closed, Deadline deadline) {
            throw new UnsupportedOperationException(endpoint + " " + received + closed + deadline);
        }

        void send(byte[] message);

        boolean multiplexed();
    }
}
