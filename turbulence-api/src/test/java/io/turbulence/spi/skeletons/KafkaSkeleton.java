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
import io.turbulence.spi.Inbox;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.OpenContext;
import io.turbulence.spi.Phase;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import io.turbulence.spi.Setting;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Kafka: a shared producer, and subscriptions that are positioned before the first instance and
/// searched by key. Two factories for one service.
@SuppressWarnings("DoNotCallSuggester")
public final class KafkaSkeleton implements ProtocolPlugin {

    private static final Transport KAFKA = Transport.of("kafka");
    private static final Producers PRODUCERS = new Producers();
    private static final Topics TOPICS = new Topics();

    @Override
    public PluginInfo info() {
        return PluginInfo.of("kafka", "1", API_LEVEL);
    }

    @Override
    public List<ServiceType<?>> services() {
        return List.of(ServiceType.of("kafka", Cluster.class)
                .impliedBy("bootstrap_servers")
                .defaultAction("kafka.await")
                .shorthands("headers", "topic", "partition", "offset"));
    }

    @Override
    public List<ProtocolAction<?, ?>> actions() {
        return List.of(new Produce(), new Await());
    }

    record Cluster(
            @Setting(value = "Brokers to begin with.", templates = Setting.Templates.LOAD)
            String bootstrapServers,

            @Setting("Settings of the client library.") Map<String, Object> properties,

            @Setting(value = "Password of SASL.", secret = true) @Nullable
            String password) {}

    @OneOf(
            value = {"value", "json", "tombstone"},
            required = true)
    record Message(
            @Setting("Where to.") String topic,
            @Setting("The key.") @Nullable String key,

            @Setting(value = "Headers.", inherits = "headers")
            Map<String, String> headers,

            @Setting("Text.") @Nullable String value,
            @Setting("A tree.") @Nullable Object json,

            @Setting("Whether nothing is sent as the value.")
            boolean tombstone) {}

    record Expected(
            @Setting(value = "Where it comes.", templates = Setting.Templates.LOAD)
            String topic,

            @Setting("Which message.") Matcher match,

            @Setting(value = "How many.", defaultValue = "1", range = "1..")
            int count,

            @Setting(value = "Where to begin.", defaultValue = "now", templates = Setting.Templates.LOAD)
            From from) {}

    enum From {
        NOW,
        EARLIEST
    }

    private static final class Produce implements ProtocolAction<Message, Producer> {

        @Override
        public String type() {
            return "kafka.produce";
        }

        @Override
        public Class<Message> settings() {
            return Message.class;
        }

        @Override
        public ConnectionFactory<?, Producer> connection() {
            return PRODUCERS;
        }

        @Override
        public Observation execute(Message message, Producer producer, ActionContext context) throws Exception {
            byte[] value = message.json() == null
                    ? bytes(message.value())
                    : context.json().write(message.json());
            Receipt receipt = producer.send(
                    message.topic(), bytes(message.key()), value, context.correlationId(), context.deadline());
            context.mark(Phase.FIRST_BYTE);
            return Observation.answered(
                    KAFKA,
                    true,
                    "OK",
                    Metadata.builder()
                            .put("topic", message.topic())
                            .put("partition", receipt.partition())
                            .put("offset", receipt.offset())
                            .build(),
                    Payload.empty());
        }

        @Override
        public Outcome.Failed classify(Exception thrown) {
            return thrown instanceof TooLargeException
                    ? new Outcome.Failed(Failure.TOO_LARGE, "the record is larger than the broker takes", thrown)
                    : Outcome.Failed.of(thrown);
        }
    }

    // region await
    private static final class Await implements ProtocolAction<Expected, Inbox> {

        @Override
        public String type() {
            return "kafka.await";
        }

        @Override
        public Class<Expected> settings() {
            return Expected.class;
        }

        @Override
        public ConnectionFactory<?, Inbox> connection() {
            return TOPICS;
        }

        @Override
        public List<SubscriptionRequest> subscriptions(Preparation<Expected> step) {
            return step.constant("topic", String.class)
                    .map(topic -> SubscriptionRequest.of(topic)
                            .with("from", step.constant("from", From.class).orElse(From.NOW)))
                    .map(List::of)
                    .orElseGet(() -> {
                        step.problems().error("topic", "a template", "a topic that is known at load", null);
                        return List.of();
                    });
        }

        @Override
        public Observation execute(Expected expected, Inbox inbox, ActionContext context) throws Exception {
            Frame last = null;
            for (int taken = 0; taken < expected.count(); taken++) {
                last = inbox.take(expected.match(), context.deadline());
                if (last == null) {
                    return ranOut(expected, inbox, context, taken);
                }
            }
            return last == null
                    ? Observation.answered(KAFKA, true, "OK", Metadata.empty(), Payload.empty())
                    : Observation.answered(KAFKA, true, "OK", last.metadata(), last.payload());
        }

        private static Observation ranOut(Expected expected, Inbox inbox, ActionContext context, int taken) {
            Inbox.Arrivals arrivals = inbox.arrivals(expected.match());
            return Observation.failed(
                    KAFKA,
                    Failure.TIMEOUT,
                    "'" + expected.topic() + "' had " + taken + " of " + expected.count() + " messages where "
                            + expected.match().describe() + " within "
                            + context.deadline().limit() + "; "
                            + arrivals.count() + " came, nearest: " + arrivals.nearest(),
                    null);
        }
    }
    // endregion

    private static final class Producers implements ConnectionFactory.Shared<Cluster, Producer> {

        @Override
        public Class<Cluster> settings() {
            return Cluster.class;
        }

        @Override
        public Endpoint endpoint(Cluster cluster) {
            return Endpoint.of("kafka", cluster.bootstrapServers(), 0);
        }

        @Override
        public String name() {
            return "producer";
        }

        @Override
        public Producer open(Cluster cluster, OpenContext context) throws Exception {
            return Client.producer(cluster.bootstrapServers(), cluster.properties(), context.deadline());
        }

        @Override
        public void close(Producer producer) throws Exception {
            producer.close();
        }
    }

    // region subscription
    private static final class Topics implements ConnectionFactory.Subscribed<Cluster> {

        @Override
        public Class<Cluster> settings() {
            return Cluster.class;
        }

        @Override
        public Endpoint endpoint(Cluster cluster) {
            return Endpoint.of("kafka", cluster.bootstrapServers(), 0);
        }

        @Override
        public Subscription open(Cluster cluster, SubscriptionRequest request, OpenContext context) throws Exception {
            Consumption consumption = Client.assign(
                    cluster.bootstrapServers(),
                    request.channel(),
                    request.options().get("from") == From.EARLIEST,
                    context.deadline());
            return new Subscription() {
                @Override
                public void poll(Duration most, Consumer<Frame> consumer) throws Exception {
                    consumption.poll(most).forEach(consumer);
                }

                @Override
                public void wakeup() {
                    consumption.wakeup();
                }

                @Override
                public void close() throws Exception {
                    consumption.close();
                }
            };
        }
    }
    // endregion

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    record Receipt(int partition, long offset) {}

    static final class TooLargeException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    interface Producer extends AutoCloseable {
        Receipt send(
                String topic, byte @Nullable [] key, byte @Nullable [] value, String correlationId, Deadline deadline)
                throws Exception;
    }

    interface Consumption extends AutoCloseable {
        List<Frame> poll(Duration most) throws Exception;

        void wakeup();
    }

    /// In place of kafka-clients.
    private static final class Client {

        static Producer producer(String servers, Map<String, Object> properties, Deadline deadline) {
            throw new UnsupportedOperationException(servers + properties + deadline);
        }

        static Consumption assign(String servers, String topic, boolean earliest, Deadline deadline) {
            throw new UnsupportedOperationException(servers + topic + earliest + deadline);
        }
    }
}
