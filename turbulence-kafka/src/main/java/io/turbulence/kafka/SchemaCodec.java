package io.turbulence.kafka;

import io.turbulence.api.Deadline;
import io.turbulence.spi.Json;
import org.jspecify.annotations.Nullable;

final class SchemaCodec {
    enum Format {
        AVRO,
        PROTOBUF,
        JSON;

        String setting() {
            return name();
        }
    }

    static @Nullable SchemaCodec of(KafkaService service, Json json) {
        return null;
    }

    static boolean isCoded(byte[] value) {
        return false;
    }

    static int id(byte[] value) {
        return 0;
    }

    @Nullable
    Object decode(byte[] value, String where) {
        return null;
    }

    byte[] encode(
            Format f, String topic, @Nullable String subject, ProduceSettings.SchemaUse use, Object tree, Deadline d)
            throws InterruptedException {
        return new byte[0];
    }

    void close() {}
}
