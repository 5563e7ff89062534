package io.turbulence.websocket;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.spi.Json;
import io.turbulence.spi.Matcher;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Our side of `graphql-transport-ws` over one connection: several subscriptions, told apart by their ids. Thread-safe.
final class GraphqlClient {

    static final String SUBPROTOCOL = "graphql-transport-ws";

    private static final String ID = "graphql_id";
    private static final String TYPE = "graphql_type";
    private static final String ACKNOWLEDGED = "connection_ack";

    private final Link link;
    private final Json json;
    private final String prefix;
    private final AtomicLong ids = new AtomicLong();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final java.util.concurrent.CountDownLatch acknowledged = new java.util.concurrent.CountDownLatch(1);

    /// @param prefix of the ids of its subscriptions
    GraphqlClient(Link link, Json json, String prefix) {
        this.link = link;
        this.json = json;
        this.prefix = prefix;
    }

    /// What a message is to whoever waits; null when it is to nobody. Called on the thread that reads.
    @Nullable
    Frame received(Frame frame) {
        Map<?, ?> message = tree(frame);
        Object type = message.get("type");
        if ("ping".equals(type)) {
            link.answer("{\"type\":\"pong\"}");
            return null;
        }
        if (ACKNOWLEDGED.equals(type)) {
            acknowledged.countDown();
            return null;
        }
        if (!(message.get("id") instanceof String id)) {
            return null;
        }
        Metadata facts = frame.metadata().toBuilder()
                .put(ID, id)
                .put(TYPE, String.valueOf(type))
                .build();
        return Frame.of(facts, Payload.document(message.get("payload")));
    }

    private Map<?, ?> tree(Frame frame) {
        if (frame.payload() instanceof Payload.Bytes bytes) {
            try {
                return json.read(bytes.content()) instanceof Map<?, ?> map ? map : Map.of();
            } catch (IllegalArgumentException e) {
                return Map.of();
            }
        }
        return Map.of();
    }

    /// Introduces us, once for each connection, and waits for the server to agree.
    void begin(@Nullable Object introduction, Deadline deadline) throws InterruptedException {
        if (begun.compareAndSet(false, true)) {
            Map<String, @Nullable Object> message = new LinkedHashMap<>();
            message.put("type", "connection_init");
            if (introduction != null) {
                message.put("payload", introduction);
            }
            send(message, deadline);
        }
        while (!acknowledged.await(
                Math.min(100, Math.max(0, deadline.remainingMillis())), java.util.concurrent.TimeUnit.MILLISECONDS)) {
            Outcome.Failed end = link.end();
            if (end != null && acknowledged.getCount() > 0) {
                throw new FailureException(
                        end.failure(), end.message() + ", before it acknowledged 'connection_init'", end.cause());
            }
            if (deadline.expired()) {
                throw new FailureException(
                        Failure.TIMEOUT,
                        "'" + link.address() + "': 'connection_init' was not acknowledged within the "
                                + deadline.limit());
            }
        }
    }

    /// @return the subscription's id
    String subscribe(Map<String, @Nullable Object> request, Deadline deadline) throws InterruptedException {
        String id = prefix + ids.incrementAndGet();
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("id", id);
        message.put("type", "subscribe");
        message.put("payload", request);
        send(message, deadline);
        return id;
    }

    /// Says that no more is wanted.
    void complete(String id) {
        if (link.isOpen()) {
            link.answer(json.writeText(Map.of("id", id, "type", "complete")));
        }
    }

    private void send(Map<String, @Nullable Object> message, Deadline deadline) throws InterruptedException {
        link.send(true, json.write(message), 0, deadline);
    }

    /// What tells whoever waits for this subscription that nobody wants more of it.
    static Frame end(String id) {
        return Frame.of(Metadata.builder().put(ID, id).put(TYPE, "closed").build(), Payload.empty());
    }

    static String type(Frame frame) {
        return String.valueOf(frame.metadata().get(TYPE));
    }

    /// The messages of one subscription.
    static Matcher of(String id) {
        return new Mine(id);
    }

    private record Mine(String id) implements Matcher {

        @Override
        public boolean matches(Frame frame) {
            return id.equals(frame.metadata().get(ID));
        }

        @Override
        public String describe() {
            return "the subscription's id '" + id + "'";
        }

        @Override
        public Optional<Key> key() {
            return Optional.of(new Key(ById.SELECTOR, id));
        }
    }

    private enum ById implements Matcher.Selector {
        SELECTOR;

        @Override
        public @Nullable Object select(Frame frame) {
            return frame.metadata().get(ID);
        }
    }
}
