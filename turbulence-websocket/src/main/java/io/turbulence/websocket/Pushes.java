package io.turbulence.websocket;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What comes over the connections that all instances share, as one channel: each instance sees every message, by
/// whichever connection it comes. Opens nothing of its own.
final class Pushes implements ConnectionFactory.Subscribed<WebSocketService> {

    static final Pushes INSTANCE = new Pushes();

    private Pushes() {}

    static SubscriptionRequest of(Address address) {
        return SubscriptionRequest.of(address.toString());
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
        Pushed pushed = context.common(Pushed.class, Pushed::new);
        // Nobody waited for what was lost before
        pushed.loss();
        return new Poll(pushed);
    }

    @Override
    public boolean connects() {
        return false;
    }

    private record Poll(Pushed pushed) implements Subscription {

        @Override
        public void poll(Duration most, Consumer<Frame> consumer) throws Exception {
            pushed.poll(most, consumer);
        }

        @Override
        public @Nullable Interruption interruption() {
            Outcome.Failed loss = pushed.loss();
            return loss == null ? null : new Interruption(loss, true);
        }

        @Override
        public void wakeup() {
            pushed.wakeup();
        }

        @Override
        public void close() {
            // The connections belong to the pool
        }
    }
}
