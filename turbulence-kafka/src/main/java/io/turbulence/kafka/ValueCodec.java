package io.turbulence.kafka;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.Json;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Values of one schema. Thread-safe.
interface ValueCodec {

    /// The full name of what the schema describes.
    String name();

    /// @throws Exception when the bytes do not follow the schema
    @Nullable
    Object decode(ByteBuffer value) throws Exception;

    /// @param name which of several messages of the schema is meant; null for the first
    /// @throws SchemaCodec.MisfitException when the schema does not allow the tree
    byte[] encode(Object tree, @Nullable String name) throws SchemaCodec.MisfitException;

    /// @throws FailureException when it is no schema, or one that it refers to is not there
    static ValueCodec of(RegistryClient.Written schema, RegistryClient registry, Json json, Deadline deadline)
            throws InterruptedException {
        Map<String, String> references = new LinkedHashMap<>();
        collect(schema, registry, deadline, references, new ArrayList<>());
        try {
            return switch (schema.format()) {
                case AVRO -> new AvroCodec(schema.text(), references);
                case PROTOBUF -> new ProtobufCodec(schema.text(), references, json);
                case JSON -> new JsonSchemaCodec(schema.text(), references, json);
            };
        } catch (RuntimeException e) {
            throw new FailureException(
                    Failure.PROTOCOL, "the " + schema.format() + " schema cannot be read: " + e.getMessage(), e);
        }
    }

    /// What is referred to comes before what refers to it.
    private static void collect(
            RegistryClient.Written schema,
            RegistryClient registry,
            Deadline deadline,
            Map<String, String> into,
            List<String> open)
            throws InterruptedException {
        for (RegistryClient.Reference reference : schema.references()) {
            if (into.containsKey(reference.name()) || open.contains(reference.name())) {
                continue;
            }
            open.add(reference.name());
            RegistryClient.Written found = registry.version(
                            reference.subject(), Integer.toString(reference.version()), deadline)
                    .schema();
            collect(found, registry, deadline, into, open);
            into.put(reference.name(), found.text());
        }
    }
}
