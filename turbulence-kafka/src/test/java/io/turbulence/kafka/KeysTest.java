package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.kafka.ProduceSettings.SchemaUse;
import io.turbulence.testkit.SimpleJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Keys of records of a service that has a schema registry.
class KeysTest {

    private StubRegistry registry;
    private SchemaCodec codec;

    @BeforeEach
    void open() throws IOException {
        registry = StubRegistry.start();
        codec = codec();
    }

    @AfterEach
    void close() {
        codec.close();
        registry.close();
    }

    private SchemaCodec codec() {
        KafkaService plain = KafkaService.of("127.0.0.1:9092");
        KafkaService service = new KafkaService(
                plain.bootstrapServers(),
                Map.of(),
                null,
                new KafkaService.SchemaRegistry(registry.url(), null),
                "all",
                KafkaService.Compression.NONE,
                null,
                true);
        return SchemaCodec.of(service, new SimpleJson());
    }

    /// Registers a schema and answers what it makes of a text.
    private byte[] coded(String text) throws Exception {
        SchemaCodec sender = codec();
        try {
            SchemaUse use = new SchemaUse(
                    null, "{\"type\": \"string\"}", true, null, SchemaUse.Strategy.TOPIC, null, List.of());
            return sender.encode(
                    SchemaCodec.Format.AVRO,
                    "orders",
                    null,
                    use,
                    text,
                    Deadline.after(Duration.ofSeconds(10), "limit of the test"));
        } finally {
            sender.close();
        }
    }

    private static byte[] number(long number) {
        return ByteBuffer.allocate(8).putLong(number).array();
    }

    /// A key that looks like one by the schema of this id.
    private static byte[] ofSchema(int id) {
        return ByteBuffer.allocate(8).put((byte) 0).putInt(id).array();
    }

    private @Nullable Object key(byte[] key) {
        Frame frame = new Frames(codec).of(new ConsumerRecord<>("orders", 0, 0, key, new byte[] {'v'}));
        return frame.metadata().get("key");
    }

    @Test
    void areReadByTheirSchema() throws Exception {
        byte[] coded = coded("o-1");
        int before = registry.requests();
        assertThat(key(coded)).isEqualTo("o-1");
        assertThat(key(coded)).isEqualTo("o-1");
        assertThat(registry.requests() - before).isEqualTo(1);
    }

    @Test
    void thatAreSmallNumbersAskTheRegistryNothing() {
        for (long number = 0; number < 100; number++) {
            assertThat(key(number(number * 1_000))).isInstanceOf(String.class);
        }
        assertThat(registry.requests()).isZero();
    }

    @Test
    void thatBeginLikeNoSchemasIdAskTheRegistryNothing() {
        byte[] negative = ofSchema(-2);
        assertThat(key(negative)).isEqualTo(Base64.getEncoder().encodeToString(negative));
        assertThat(registry.requests()).isZero();
    }

    @Test
    void askForNoMoreIdsOnceTheRegistryHadNoneOfSixteen() {
        for (int id = 1000; id < 2000; id++) {
            assertThat(key(ofSchema(id))).isInstanceOf(String.class);
        }
        assertThat(registry.requests()).isEqualTo(16);
    }

    @Test
    void areReadBySchemasThatAreKnownEvenThen() throws Exception {
        byte[] coded = coded("o-1");
        for (int id = 1000; id < 1100; id++) {
            key(ofSchema(id));
        }
        assertThat(key(coded)).isNotEqualTo("o-1");
        assertThat(codec.decode(coded, "the value")).isEqualTo("o-1");
        assertThat(key(coded)).isEqualTo("o-1");
    }

    @Test
    void leaveARegistryAloneThatDoesNotAnswer() {
        registry.hangUp();
        assertThat(key(ofSchema(1))).isInstanceOf(String.class);
        int asked = registry.requests();
        for (int id = 2; id < 50; id++) {
            assertThat(key(ofSchema(id))).isInstanceOf(String.class);
        }
        assertThat(asked).isPositive();
        assertThat(registry.requests()).isEqualTo(asked);
    }

    @Test
    void valuesRememberTheNewestIdsThatTheRegistryDoesNotHave() {
        for (int id = 1000; id < 1300; id++) {
            fails(id);
        }
        fails(1299);
        assertThat(registry.requests()).isEqualTo(300);
        fails(1000);
        assertThat(registry.requests()).isEqualTo(301);
    }

    private void fails(int id) {
        assertThatThrownBy(() -> codec.decode(ofSchema(id), "the value"))
                .hasMessage("schema registry '" + registry.url() + "' refused schema " + id
                        + ": status 404: 40401 not to be had");
    }
}
