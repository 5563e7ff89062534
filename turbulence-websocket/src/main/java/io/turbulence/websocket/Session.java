package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Outcome;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Json;
import io.turbulence.spi.Mailbox;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Phase;
import io.turbulence.spi.PoolSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * Who connects decides what the handshake says: the token of this user, the id of this client. The pool knows nothing
 * of it when it opens a connection. So a connection that belongs to an instance is opened as far as TLS, and the
 * handshake is made by the step that uses it first. One that all instances share speaks for nobody, and is opened whole.
 */
/// What a step speaks through: a place for one WebSocket at a time, and what the server pushed through it. Thread-safe.
final class Session implements Link.Listener {

    private static final Duration GOODBYE = Duration.ofSeconds(1);

    private final WebSocketService service;
    private final Address address;
    private final Dialer dialer;
    private final Json json;
    private final Mailbox mailbox;
    private final @Nullable Pushed pushed;

    /// Held while a connection is made.
    private final ReentrantLock connecting = new ReentrantLock();
    private volatile @Nullable Wire fresh;

    /// Held while one connection takes another's place, so that the end of the first is not taken for the second's.
    private final Object successor = new Object();

    private volatile @Nullable Link link;
    private volatile @Nullable GraphqlClient graphql;

    private Session(WebSocketService service, Dialer dialer, OpenContext context, boolean shared) {
        this.service = service;
        this.address = Address.of(service.url()).at(context.endpoint());
        this.dialer = dialer;
        this.json = context.json();
        this.mailbox = context.mailbox("messages of " + address);
        this.pushed = shared ? context.common(Pushed.class, Pushed::new) : null;
    }

    static Session open(WebSocketService service, Dialer dialer, OpenContext context, PoolSettings.Scope scope)
            throws InterruptedException {
        boolean shared = scope == PoolSettings.Scope.RUN;
        Session session = new Session(service, dialer, context, shared);
        session.fresh = dialer.dial(service, context.endpoint(), context.deadline(), context::mark);
        if (shared) {
            session.openWhole(context.deadline());
        }
        return session;
    }

    private void openWhole(Deadline deadline) throws InterruptedException {
        try {
            connect(Ask.of(address, service.headers(), service.subprotocols()), deadline, phase -> {});
        } catch (HandshakeRefused e) {
            throw new FailureException(
                    Failure.CONNECT,
                    "'" + address + "' refused the handshake with status "
                            + e.observation().metadata().get("status_code"),
                    e);
        }
    }

    WebSocketService service() {
        return service;
    }

    Address address() {
        return address;
    }

    Json json() {
        return json;
    }

    /// The newest connection, be it over; null before the first.
    @Nullable
    Link link() {
        return link;
    }

    boolean isShared() {
        return pushed != null;
    }

    boolean isOpen() {
        Link now = link;
        return now != null && now.isOpen();
    }

    /// As [#isOpen], and the server answers a ping.
    boolean answers(Deadline deadline) throws InterruptedException {
        Link now = link;
        return now != null && now.answers(deadline);
    }

    /// Speaks GraphQL over the newest connection.
    @Nullable
    GraphqlClient graphql() {
        return graphql;
    }

    /// What the server pushes, as this instance sees it.
    Inbox inbox(ActionContext context) throws InterruptedException {
        return pushed == null ? mailbox : context.inbox(Pushes.INSTANCE, Pushes.of(address));
    }

    @Nullable
    Pushed pushed() {
        return pushed;
    }

    /// What a handshake asks for that a step makes.
    Ask ask(Address where, Map<String, @Nullable Object> headers, ActionContext context) {
        Ask ask = Ask.of(where, headers, service.subprotocols());
        return service.propagate()
                ? ask.withDefault("X-Correlation-ID", context.correlationId())
                        .withDefault("traceparent", context.traceparent())
                : ask;
    }

    /// The connection to send over, made first when there was none yet.
    ///
    /// @throws FailureException when it is over and nobody asked to connect anew
    Link use(Map<String, @Nullable Object> headers, ActionContext context)
            throws HandshakeRefused, InterruptedException {
        Link now = link;
        return now != null && now.isOpen() ? now : use(ask(address, headers, context), context);
    }

    Link use(Ask ask, ActionContext context) throws HandshakeRefused, InterruptedException {
        lock(context.deadline());
        try {
            Link now = link;
            if (now != null && now.isOpen()) {
                return now;
            }
            if (now != null && !service.reconnect()) {
                throw lost(now);
            }
            return connect(ask, context.deadline(), context::mark);
        } finally {
            connecting.unlock();
        }
    }

    /// A new connection; one that is open is closed before.
    Link connectAnew(Ask ask, ActionContext context) throws HandshakeRefused, InterruptedException {
        lock(context.deadline());
        try {
            Link now = link;
            if (now != null) {
                now.leave(context.deadline().within(GOODBYE, "goodbye"));
            }
            return connect(ask, context.deadline(), context::mark);
        } finally {
            connecting.unlock();
        }
    }

    private void lock(Deadline deadline) throws InterruptedException {
        if (!connecting.tryLock(Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS)) {
            throw new FailureException(
                    Failure.TIMEOUT,
                    "'" + address + "': another step of this instance was still connecting when the " + deadline.limit()
                            + " was over");
        }
    }

    private FailureException lost(Link over) {
        Outcome.Failed why = over.end();
        String what = why == null ? "'" + address + "': the connection is being closed" : why.message();
        return new FailureException(
                why == null || why.failure() == Failure.CANCELLED ? Failure.CLOSED : why.failure(),
                what + ", before this step; nothing was sent. 'ws.connect' connects anew, as does every step with the"
                        + " service's 'reconnect: true'",
                why == null ? null : why.cause());
    }

    private Link connect(Ask ask, Deadline deadline, Consumer<Phase> marks)
            throws HandshakeRefused, InterruptedException {
        Wire wire = fresh;
        fresh = null;
        if (wire == null) {
            wire = dialer.dial(service, address.endpoint(), deadline, marks);
        }
        boolean done = false;
        try {
            Handshake.Agreed agreed = new Handshake(wire, ask, service, deadline).perform();
            Link made = new Link(wire, ask.address(), agreed, service, this);
            graphql = agreed.subprotocol().equals(GraphqlClient.SUBPROTOCOL) ? client(made) : null;
            replaceBy(made);
            made.start();
            done = true;
            return made;
        } finally {
            if (!done) {
                wire.close();
            }
        }
    }

    /// Subscriptions over connections that are shared are told apart across all of them.
    private GraphqlClient client(Link made) {
        Pushed shared = pushed;
        return new GraphqlClient(made, json, shared == null ? "" : shared.next() + ".");
    }

    private void replaceBy(Link made) {
        synchronized (successor) {
            if (link != null) {
                mailbox.reopen();
            }
            link = made;
        }
    }

    @Override
    public void message(Link from, Frame frame) {
        if (from != link) {
            return;
        }
        GraphqlClient client = graphql;
        Frame told = client == null ? frame : client.received(frame);
        if (told != null) {
            push(told);
        }
    }

    /// Gives a message to whoever waits for it.
    void push(Frame told) {
        Pushed shared = pushed;
        if (shared == null) {
            mailbox.deliver(told);
        } else {
            shared.add(told);
        }
    }

    @Override
    public void ended(Link from, Outcome.Failed why) {
        synchronized (successor) {
            if (from != link) {
                return;
            }
            Pushed shared = pushed;
            if (shared == null) {
                mailbox.fail(why);
            } else {
                shared.lost(why);
            }
        }
    }

    /// Says goodbye, and ends it whatever the server answers.
    void close() throws InterruptedException {
        Link now = link;
        try {
            if (now != null) {
                now.leave(Deadline.after(GOODBYE, "goodbye"));
            }
        } finally {
            Wire unused = fresh;
            if (unused != null) {
                unused.close();
            }
            mailbox.close();
        }
    }

    @Override
    public String toString() {
        return "WebSocket " + Integer.toHexString(System.identityHashCode(this));
    }
}
