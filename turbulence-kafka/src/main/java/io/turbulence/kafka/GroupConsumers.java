package io.turbulence.kafka;

import io.turbulence.api.Endpoint;
import io.turbulence.spi.ConnectionFactory;
import io.turbulence.spi.OpenContext;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// Bounds how many consumers of groups a service has at once. A consumer joins its group with the step and leaves
/// with it, as the step's settings say which group.
final class GroupConsumers implements ConnectionFactory.Exclusive<KafkaService, GroupConsumers.Place> {

    @Override
    public Class<KafkaService> settings() {
        return KafkaService.class;
    }

    @Override
    public Endpoint endpoint(KafkaService service) {
        return Brokers.endpoint(service);
    }

    @Override
    public String name() {
        return "consumer";
    }

    @Override
    public Place open(KafkaService service, OpenContext context) throws Exception {
        Brokers.reach(service, context);
        return new Place(service, context.service(), SchemaCodec.of(service, context.json()));
    }

    @Override
    public void close(Place place) {
        SchemaCodec schemas = place.schemas();
        if (schemas != null) {
            schemas.close();
        }
    }

    /// Room for one consumer.
    record Place(
            KafkaService service, String name, @Nullable SchemaCodec schemas) {

        KafkaConsumer<byte[], byte[]> consumer(ConsumeSettings settings) {
            Map<String, Object> client = new HashMap<>(ClientSettings.consumer(service, name));
            if (settings.group() != null) {
                client.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
                client.put(
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        settings.from().equals("step") ? "latest" : "earliest");
            }
            client.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Math.min(500, settings.maxMessages()));
            return new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
    }
}
