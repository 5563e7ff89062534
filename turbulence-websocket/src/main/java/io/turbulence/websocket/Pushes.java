package io.turbulence.websocket;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Frame;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import java.time.Duration;
import java.util.function.Consumer;

/// What comes over a connection that all instances share, as a channel: each instance sees every message. Opens
/// nothing of its own.
final class Pushes implements ConnectionFactory.Subscribed<WebSocketService> {

    static final Pushes INSTANCE = new Pushes();

    private static final String SESSION = "session";

    private Pushes() {}

    static SubscriptionRequest of(Session session) {
        return SubscriptionRequest.of(session.address().toString()).with(SESSION, session);
    }

    @Override
    public Class<WebSocketService> settings() {
        return WebSocketService.class;
    }

    @Override
    public Endpoint endpoint(WebSocketService service) {
        return Address.of(service.url()).endpoint();
    }

    @Override
    public String name() {
        return "messages";
    }

    @Override
    public Subscription open(WebSocketService service, SubscriptionRequest request, OpenContext context) {
        if (request.options().get(SESSION) instanceof Session session && session.pushed() != null) {
            return new Poll(session.pushed());
        }
        throw new IllegalArgumentException("'" + request.channel() + "' is no connection that instances share");
    }

    private record Poll(Pushed pushed) implements Subscription {

        @Override
        public void poll(Duration most, Consumer<Frame> consumer) throws Exception {
            pushed.poll(most, consumer);
        }

        @Override
        public void wakeup() {
            pushed.wakeup();
        }

        @Override
        public void close() {
            // The connection belongs to the pool
        }
    }
}
