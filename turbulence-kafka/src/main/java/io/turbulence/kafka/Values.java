package io.turbulence.kafka;

import io.turbulence.spi.Json;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Keys and values as trees: by their schema, values as JSON, as text, else in base64.
record Values(@Nullable SchemaCodec schemas, Json json) {

    @Nullable
    Object key(ConsumerRecord<byte[], byte[]> message) {
        return Frames.key(schemas, message.key());
    }

    @Nullable
    Object tree(ConsumerRecord<byte[], byte[]> message) {
        byte @Nullable [] value = message.value();
        if (value == null) {
            return null;
        }
        SchemaCodec codec = schemas;
        if (codec != null && SchemaCodec.isCoded(value)) {
            return codec.decode(value, message.topic() + "-" + message.partition() + "@" + message.offset());
        }
        if (looksLikeJson(value)) {
            try {
                return json.read(value);
            } catch (IllegalArgumentException e) {
                // It only looked like it
                return new String(value, StandardCharsets.UTF_8);
            }
        }
        return Frames.text(value);
    }

    private static boolean looksLikeJson(byte[] value) {
        for (byte each : value) {
            if (each > ' ') {
                return each == '{' || each == '[';
            }
        }
        return false;
    }
}
