package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.Capability;
import io.turbulence.tck.PluginContractTck;
import io.turbulence.tck.SharedConnectionTck;
import io.turbulence.testkit.FakeActionContext;
import io.turbulence.testkit.FakeMatcher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/// The kits.
class WebSocketTckTest {

    private static JavaServer server;

    @BeforeAll
    static void open() throws Exception {
        server = JavaServer.start(false);
    }

    @AfterAll
    static void close() throws Exception {
        server.close();
    }

    @Nested
    class Contract extends PluginContractTck {

        @Override
        protected ProtocolPlugin plugin() {
            return new WebSocketPlugin();
        }
    }

    /// A connection that all instances share is opened with its handshake, and replaced when it is lost.
    @Nested
    class SharedByAll extends SharedConnectionTck<WebSocketService, Session> {

        @Override
        protected ConnectionFactory.Shared<WebSocketService, Session> factory() {
            return new Sockets(PoolSettings.Scope.RUN);
        }

        @Override
        protected WebSocketService settings() {
            return WebSocketHost.service(server.url());
        }

        @Override
        protected void exchange(Session session) throws Exception {
            send(session);
        }

        @Override
        protected Set<Capability> capabilities() {
            return Capability.allBut(Capability.RECONNECTING);
        }
    }

    /// One that belongs to an instance is opened as far as the network; what became of it is for the steps to see.
    @Nested
    class OfOneInstance extends SharedConnectionTck<WebSocketService, Session> {

        @Override
        protected ConnectionFactory.Shared<WebSocketService, Session> factory() {
            return new Sockets(PoolSettings.Scope.INSTANCE);
        }

        @Override
        protected WebSocketService settings() {
            return WebSocketHost.service(server.url());
        }

        @Override
        protected void exchange(Session session) throws Exception {
            send(session);
        }

        @Override
        protected Set<Capability> capabilities() {
            return Capability.allBut(Capability.HANDSHAKE, Capability.HEALTH, Capability.RECONNECTING);
        }
    }

    private static final AtomicLong NUMBERS = new AtomicLong();
    private static final Set<String> HEARD = ConcurrentHashMap.newKeySet();

    /// Sends a message and waits for it to come back.
    private static void send(Session session) throws Exception {
        String mine = "message " + NUMBERS.incrementAndGet();
        try (FakeActionContext context =
                FakeActionContext.of(session.service()).deadline(Deadline.after(Duration.ofSeconds(60), "60 s"))) {
            session.use(Map.of(), context).send(true, mine.getBytes(StandardCharsets.UTF_8), 0, context.deadline());
            Pushed pushed = session.pushed();
            if (pushed == null) {
                if (session.inbox(context).take(WebSocketHost.text(mine), context.deadline()) == null) {
                    throw new IllegalStateException("'" + mine + "' did not come back");
                }
                return;
            }
            while (!HEARD.contains(mine)) {
                // What was sent over a connection that was cut may be told only now
                boolean over = !session.isOpen() || context.deadline().expired();
                pushed.poll(Duration.ofMillis(20), frame -> HEARD.add(WebSocketHost.text(frame)));
                if (over && !HEARD.contains(mine)) {
                    throw new IllegalStateException("'" + mine + "' did not come back");
                }
            }
        }
    }

    @Nested
    class Action extends ActionTck<ExchangeSettings, Session> {

        @Override
        protected ProtocolAction<ExchangeSettings, Session> action() {
            return new ExchangeAction(WebSocketHost.SOCKETS);
        }

        @Override
        protected WebSocketService serviceSettings() {
            return WebSocketHost.service(server.url());
        }

        @Override
        protected ExchangeSettings settings() {
            return new ExchangeSettings(
                    List.of(WebSocketHost.say("a text of some length"), WebSocketHost.expect(FakeMatcher.any(), null)),
                    Map.of());
        }

        @Override
        protected Set<Capability> capabilities() {
            return Capability.allBut(Capability.STREAMING);
        }
    }
}
