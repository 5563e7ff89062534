package io.turbulence.kafka;

import io.turbulence.api.Frame;
import io.turbulence.api.Metadata;
import io.turbulence.api.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// Records of the library as messages. A value that is written by a schema is decoded when somebody looks; a key at
/// once, within the limits of [SchemaCodec#key].
final class Frames {

    private final @Nullable SchemaCodec schemas;

    Frames(@Nullable SchemaCodec schemas) {
        this.schemas = schemas;
    }

    Frame of(ConsumerRecord<byte[], byte[]> message) {
        byte @Nullable [] value = message.value();
        Metadata.Builder facts = Metadata.builder()
                .put("status_code", 0)
                .put("topic", message.topic())
                .put("partition", message.partition())
                .put("offset", message.offset())
                .put("key", key(schemas, message.key()))
                .put("headers", headers(message))
                .put("timestamp", message.timestamp())
                .put("timestamp_type", message.timestampType() == TimestampType.LOG_APPEND_TIME ? "append" : "create")
                .put("received_at", System.currentTimeMillis())
                .put("key_size", Math.max(0, message.serializedKeySize()))
                .put("value_size", Math.max(0, message.serializedValueSize()));
        if (value == null) {
            return Frame.of(facts.put("tombstone", true).build(), Payload.empty());
        }
        SchemaCodec codec = schemas;
        if (codec != null && SchemaCodec.isCoded(value)) {
            facts.put("schema_id", SchemaCodec.id(value));
            String where = message.topic() + "-" + message.partition() + "@" + message.offset();
            return Frame.of(facts.build(), Payload.lazyDocument(value, () -> codec.decode(value, where)));
        }
        Header type = message.headers().lastHeader("content-type");
        return Frame.of(facts.build(), Payload.bytes(value, type == null ? null : text(type.value())));
    }

    /// By its schema, as UTF-8, else in base64.
    static @Nullable Object key(@Nullable SchemaCodec schemas, byte @Nullable [] key) {
        return key == null || schemas == null ? text(key) : schemas.key(key);
    }

    static Map<String, @Nullable Object> headers(ConsumerRecord<?, ?> message) {
        Map<String, @Nullable Object> headers = new LinkedHashMap<>();
        for (Header header : message.headers()) {
            String value = text(header.value());
            headers.merge(header.key(), value == null ? "" : value, Frames::both);
        }
        return headers;
    }

    private static Object both(Object earlier, Object later) {
        List<Object> all = new ArrayList<>(earlier instanceof List<?> list ? list : List.of(earlier));
        all.add(later);
        return List.copyOf(all);
    }

    /// As UTF-8, else in base64.
    static @Nullable String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return Base64.getEncoder().encodeToString(bytes);
        }
    }
}
