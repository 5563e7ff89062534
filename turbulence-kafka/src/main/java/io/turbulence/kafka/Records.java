package io.turbulence.kafka;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.ActionContext;
import io.turbulence.spi.Base64Text;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/// Turns what a step says into records of the library.
final class Records {

    static final String TIMES = "milliseconds since 1970 or '2026-11-20T10:00:00Z'";

    private final ProduceSettings settings;
    private final @Nullable SchemaCodec schemas;
    private final ConstantBytes constants;
    private final ActionContext context;
    private final List<Header> common;

    Records(ProduceSettings settings, @Nullable SchemaCodec schemas, ConstantBytes constants, ActionContext context) {
        this.settings = settings;
        this.schemas = schemas;
        this.constants = constants;
        this.context = context;
        this.common = common();
    }

    /// @throws FailureException when one cannot be made
    List<ProducerRecord<byte[], byte[]>> all() throws InterruptedException {
        List<ProduceSettings.Message> messages = settings.all();
        if (messages.isEmpty()) {
            throw new FailureException(
                    Failure.PROTOCOL, "'" + settings.topic() + "': nothing was sent: 'messages' has no record");
        }
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(messages.size());
        for (ProduceSettings.Message message : messages) {
            records.add(of(message));
        }
        return records;
    }

    // The library takes null for what is not given
    @SuppressWarnings("NullAway")
    private ProducerRecord<byte[], byte[]> of(ProduceSettings.Message message) throws InterruptedException {
        String topic = message.topic() == null ? settings.topic() : message.topic();
        return new ProducerRecord<>(
                topic,
                message.partition(),
                timestamp(message.timestamp()),
                bytes(message.key()),
                value(topic, message),
                headers(message));
    }

    private byte @Nullable [] value(String topic, ProduceSettings.Message message) throws InterruptedException {
        if (message.tombstone()) {
            return null;
        }
        if (message.value() != null) {
            return content(message.value());
        }
        if (message.base64() != null) {
            return Base64Text.decode(message.base64(), "base64");
        }
        if (message.avro() != null) {
            return coded(SchemaCodec.Format.AVRO, topic, message.avro());
        }
        if (message.protobuf() != null) {
            return coded(SchemaCodec.Format.PROTOBUF, topic, message.protobuf());
        }
        if (message.jsonSchema() != null) {
            return coded(SchemaCodec.Format.JSON, topic, message.jsonSchema());
        }
        if (message.json() != null) {
            return json(message.json());
        }
        throw new FailureException(
                Failure.PROTOCOL,
                "'" + topic + "': nothing was sent: a record has no value, as what gives it came to null."
                        + " 'tombstone: true' sends one without a value.");
    }

    private byte[] json(Object tree) {
        // A text in JSON has other bytes than one that is the value itself
        return tree instanceof String ? context.json().write(tree) : constants.of(tree, context.json()::write);
    }

    private byte[] content(Object value) {
        return constants.of(value, this::encoded);
    }

    private byte[] coded(SchemaCodec.Format format, String topic, Object tree) throws InterruptedException {
        if (schemas == null) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "'" + context.service() + "' has no 'schema_registry', which '" + format.setting()
                            + "' needs. Add 'schema_registry: {url: …}' to the service.");
        }
        return schemas.encode(format, topic, settings.subject(), settings.schemaUse(), tree, context.deadline());
    }

    /// @throws FailureException when it is no time
    static @Nullable Long timestamp(@Nullable Object given) {
        return switch (given) {
            case null -> null;
            case Number number -> number.longValue();
            default -> instant(given.toString());
        };
    }

    private static long instant(String text) {
        try {
            return text.matches("[0-9]+")
                    ? Long.parseLong(text)
                    : Instant.parse(text).toEpochMilli();
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new FailureException(Failure.PROTOCOL, "the timestamp was '" + text + "'; expected " + TIMES, e);
        }
    }

    /// What a record has of its own hides what all have.
    private List<Header> headers(ProduceSettings.Message message) {
        Map<String, @Nullable Object> own = settings.messages() == null ? Map.of() : message.headers();
        if (own.isEmpty()) {
            return common;
        }
        List<Header> headers = new ArrayList<>(own.size() + common.size());
        own.forEach((name, value) -> headers.add(new RecordHeader(name, bytes(value))));
        for (Header each : common) {
            if (!own.containsKey(each.key())) {
                headers.add(each);
            }
        }
        return headers;
    }

    private List<Header> common() {
        List<Header> headers = new ArrayList<>(settings.headers().size() + 2);
        settings.headers().forEach((name, value) -> headers.add(new RecordHeader(name, bytes(value))));
        if (settings.propagate()) {
            propagate(headers, "correlation_id", context.correlationId());
            propagate(headers, "traceparent", context.traceparent());
        }
        return headers;
    }

    private void propagate(List<Header> headers, String name, String value) {
        if (!settings.headers().containsKey(name)) {
            headers.add(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private byte @Nullable [] bytes(@Nullable Object value) {
        return value == null ? null : encoded(value);
    }

    private byte[] encoded(Object value) {
        return switch (value) {
            case byte[] bytes -> bytes;
            case Map<?, ?> tree -> context.json().write(tree);
            case List<?> tree -> context.json().write(tree);
            default -> value.toString().getBytes(StandardCharsets.UTF_8);
        };
    }
}
