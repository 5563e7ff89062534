package io.turbulence.kafka;

import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.SubscriptionRequest;
import io.turbulence.tck.ActionTck;
import io.turbulence.tck.Capability;
import io.turbulence.tck.ExclusiveConnectionTck;
import io.turbulence.tck.PluginContractTck;
import io.turbulence.tck.SharedConnectionTck;
import io.turbulence.tck.SubscriptionTck;
import io.turbulence.testkit.FakeActionContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/// The kits against a real broker.
class KafkaTckTest {

    /// A cluster is a list of brokers, each of which says where it is: there is no one place for a proxy.
    private static final Set<Capability> CAPABILITIES =
            Capability.allBut(Capability.NETWORK, Capability.HEALTH, Capability.STREAMING);

    private static Broker broker;
    private static String topic;
    private static KafkaProducer<String, String> publisher;

    @BeforeAll
    static void start() {
        broker = Broker.shared();
        topic = broker.topic("tck-" + UUID.randomUUID(), 1);
        publisher = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.address(), "linger.ms", 0),
                new StringSerializer(),
                new StringSerializer());
    }

    @AfterAll
    static void stop() {
        publisher.close();
    }

    private static void exchange(ProtocolAction<ProduceSettings, RecordSender> action, RecordSender sender)
            throws Exception {
        try (FakeActionContext context = FakeActionContext.of(broker.service()).deadline(Duration.ofSeconds(60))) {
            Observation observation = action.execute(Produce.text(topic, "k", "v"), sender, context);
            if (!(observation.outcome() instanceof Outcome.Completed completed) || !completed.success()) {
                throw new IllegalStateException(observation.outcome().toString());
            }
        }
    }

    @Nested
    class Plugin extends PluginContractTck {

        @Override
        protected ProtocolPlugin plugin() {
            return new KafkaPlugin();
        }

        @Override
        protected Set<String> notSecret() {
            return Set.of();
        }
    }

    @Nested
    class Shared extends SharedConnectionTck<KafkaService, RecordSender> {

        @Override
        protected ConnectionFactory.Shared<KafkaService, RecordSender> factory() {
            return new Producers.Plain();
        }

        @Override
        protected KafkaService settings() {
            return broker.service();
        }

        @Override
        protected void exchange(RecordSender sender) throws Exception {
            KafkaTckTest.exchange(Produce.action(), sender);
        }

        @Override
        protected List<String> serverThreads() {
            return Broker.THREADS;
        }

        @Override
        protected Set<Capability> capabilities() {
            return CAPABILITIES;
        }
    }

    @Nested
    class Transactions extends ExclusiveConnectionTck<KafkaService, RecordSender> {

        @Override
        protected ConnectionFactory.Exclusive<KafkaService, RecordSender> factory() {
            return new Producers.Transactional();
        }

        @Override
        protected KafkaService settings() {
            return broker.service();
        }

        @Override
        protected void exchange(RecordSender sender) throws Exception {
            KafkaTckTest.exchange(Produce.action(), sender);
        }

        @Override
        protected List<String> serverThreads() {
            return Broker.THREADS;
        }

        @Override
        protected Set<Capability> capabilities() {
            return CAPABILITIES;
        }
    }

    @Nested
    class Action extends ActionTck<ProduceSettings, RecordSender> {

        @Override
        protected ProtocolAction<ProduceSettings, RecordSender> action() {
            return Produce.action();
        }

        @Override
        protected Record serviceSettings() {
            return broker.service();
        }

        @Override
        protected ProduceSettings settings() {
            return Produce.text(topic, "key", "value");
        }

        @Override
        protected List<String> serverThreads() {
            return Broker.THREADS;
        }

        @Override
        protected Set<Capability> capabilities() {
            return CAPABILITIES;
        }
    }

    @Nested
    class Subscriptions extends SubscriptionTck<KafkaService> {

        @Override
        protected ConnectionFactory.Subscribed<KafkaService> factory() {
            return new Topics();
        }

        @Override
        protected KafkaService settings() {
            return broker.service();
        }

        @Override
        protected SubscriptionRequest request() {
            return SubscriptionRequest.of(broker.topic("tck-" + UUID.randomUUID(), 1));
        }

        @Override
        protected void publish(SubscriptionRequest request, String text) throws Exception {
            publisher.send(new ProducerRecord<>(request.channel(), text)).get(60, TimeUnit.SECONDS);
        }

        @Override
        protected List<String> serverThreads() {
            return Broker.THREADS;
        }

        @Override
        protected Set<Capability> capabilities() {
            return CAPABILITIES;
        }
    }
}
