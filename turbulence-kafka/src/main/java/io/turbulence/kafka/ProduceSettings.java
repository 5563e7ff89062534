package io.turbulence.kafka;

import static io.turbulence.spi.Setting.Templates.LOAD;

import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One record, or several, to be sent.
@OneOf(
        value = {"value", "json", "avro", "protobuf", "json_schema", "base64", "tombstone", "messages"},
        required = true)
record ProduceSettings(
        @Setting(value = "Where it goes.", example = "orders")
        String topic,

        @Setting(value = "The key, as text; a mapping or a list is sent as JSON.", example = "\"{{order_id}}\"")
        @Nullable
        Object key,

        @Setting(value = "Headers; null sends a header without a value.", example = "{source: test}")
        Map<String, @Nullable Object> headers,

        @Setting(value = "The partition; without it the key decides.", range = "0..") @Nullable
        Integer partition,

        @Setting(
                value = "The record's time, in milliseconds since 1970 or as ISO 8601; without it now.",
                example = "\"2026-11-20T10:00:00Z\"")
        @Nullable
        Object timestamp,

        @Setting("The value as text.") @Nullable Object value,

        @Setting(value = "The value as JSON.", example = "{order_id: o-1, total: 12}") @Nullable
        Object json,

        @Setting("The value as Avro by a schema of the registry.") @Nullable
        Object avro,

        @Setting("The value as Protobuf by a schema of the registry.") @Nullable
        Object protobuf,

        @Setting("The value as JSON by a JSON Schema of the registry.") @Nullable
        Object jsonSchema,

        @Setting(value = "The value as bytes in base64.", example = "AAEC") @Nullable
        String base64,

        @Setting("Whether the record has no value: it deletes its key where the topic is compacted.")
        boolean tombstone,

        @Setting("Several records, sent in this order; the keys of each are as those of one.") @Nullable
        List<Message> messages,

        @Setting(value = "The subject in the registry, instead of the one of `schema.strategy`.") @Nullable
        String subject,

        @Setting("Which schema is used.") @Nullable SchemaUse schema,

        @Setting("Whether the records are sent in a transaction of their own.")
        boolean transaction,

        @Setting(
                value = "Whether the headers `correlation_id` and `traceparent` go with the records.",
                inherits = "propagate",
                defaultValue = "true")
        boolean propagate) {

    /// One of several records.
    @OneOf(
            value = {"value", "json", "avro", "protobuf", "json_schema", "base64", "tombstone"},
            required = true)
    record Message(
            @Setting("Where it goes, when not where the others go.") @Nullable
            String topic,

            @Setting("The key.") @Nullable Object key,

            @Setting("Headers.") Map<String, @Nullable Object> headers,

            @Setting(value = "The partition.", range = "0..") @Nullable
            Integer partition,

            @Setting("The record's time.") @Nullable Object timestamp,

            @Setting("The value as text.") @Nullable Object value,

            @Setting("The value as JSON.") @Nullable Object json,

            @Setting("The value as Avro.") @Nullable Object avro,

            @Setting("The value as Protobuf.") @Nullable Object protobuf,

            @Setting("The value as JSON by a JSON Schema.") @Nullable
            Object jsonSchema,

            @Setting("The value as bytes in base64.") @Nullable
            String base64,

            @Setting("Whether the record has no value.") boolean tombstone) {

        boolean hasValue() {
            return value != null
                    || json != null
                    || avro != null
                    || protobuf != null
                    || jsonSchema != null
                    || base64 != null;
        }

        Message {
            headers = headers == null ? Map.of() : headers;
        }
    }

    /// Which schema of the registry is used.
    @OneOf({"register", "use"})
    record SchemaUse(
            @Setting(value = "A file with the schema, for `register`.", example = "order.avsc", templates = LOAD)
            @Nullable
            Path file,

            @Setting(value = "The schema itself, for `register`; a mapping is its JSON.") @Nullable
            Object inline,

            @Setting("Whether the schema is registered; one that is there keeps its id.")
            boolean register,

            @Setting(value = "Which registered version is used: `latest` or a number.", example = "latest") @Nullable
            Object use,

            @Setting(
                    value = "How the subject is named: by the topic, by the record's name, or by both.",
                    defaultValue = "topic")
            Strategy strategy,

            @Setting(
                    value = "The full name of the record or message: for `strategy`, and for Protobuf which message of"
                            + " the file is meant.",
                    example = "shop.Order")
            @Nullable
            String name,

            @Setting("Schemas that the schema refers to.") List<Reference> references) {

        /// How a subject is named.
        enum Strategy {
            TOPIC,
            RECORD,
            TOPIC_RECORD
        }

        SchemaUse {
            references = references == null ? List.of() : references;
        }

        static final SchemaUse LATEST = new SchemaUse(null, null, false, null, Strategy.TOPIC, null, List.of());
    }

    /// A schema that another refers to.
    record Reference(
            @Setting("The name by which it is referred to.") String name,
            @Setting("Its subject.") String subject,

            @Setting(value = "Its version.", range = "1..") int version) {}

    ProduceSettings {
        headers = headers == null ? Map.of() : headers;
    }

    SchemaUse schemaUse() {
        return schema == null ? SchemaUse.LATEST : schema;
    }

    /// What is sent, in order.
    List<Message> all() {
        return messages == null
                ? List.of(new Message(
                        topic,
                        key,
                        headers,
                        partition,
                        timestamp,
                        value,
                        json,
                        avro,
                        protobuf,
                        jsonSchema,
                        base64,
                        tombstone))
                : messages;
    }
}
