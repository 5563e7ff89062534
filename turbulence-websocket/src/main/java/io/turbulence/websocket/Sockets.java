package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.Preparation;
import org.jspecify.annotations.Nullable;

/// Opens connections. Several steps may speak through one at once: a branch that listens while another sends, or, with
/// `scope: run`, all instances.
final class Sockets implements ConnectionFactory.Shared<WebSocketService, Session> {

    private final Dialer dialer = new Dialer();
    private final PoolSettings.@Nullable Scope scope;

    Sockets() {
        this(null);
    }

    /// @param scope in place of the pool's; null for the pool's
    Sockets(PoolSettings.@Nullable Scope scope) {
        this.scope = scope;
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
    public boolean holdsConversation() {
        return true;
    }

    @Override
    public void prepare(Preparation<WebSocketService> service) {
        ServiceChecks.check(service);
    }

    @Override
    public Session open(WebSocketService service, OpenContext context) throws InterruptedException {
        return Session.open(
                service, dialer, context, scope == null ? context.pool().scope() : scope);
    }

    @Override
    public void close(Session session) throws InterruptedException {
        session.close();
    }

    /// An instance's own is never replaced behind its back: what happened to it is for its steps to see.
    @Override
    public boolean isHealthy(Session session, Deadline deadline) throws InterruptedException {
        return !session.isShared() || session.answers(deadline);
    }
}
