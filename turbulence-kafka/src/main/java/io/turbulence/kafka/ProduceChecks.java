package io.turbulence.kafka;

import io.turbulence.api.FailureException;
import io.turbulence.spi.Base64Text;
import io.turbulence.spi.Preparation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What can be said about a record to be sent when its step is loaded.
final class ProduceChecks {

    private static final List<String> FORMS = List.of("value", "json", "avro", "protobuf", "json_schema", "base64");

    private ProduceChecks() {}

    static void check(Preparation<ProduceSettings> step) {
        step.constant("topic", String.class).ifPresent(topic -> Topics.check(topic, step.problems()));
        step.constant("base64", String.class).ifPresent(base64 -> Base64Text.check(base64, "base64", step.problems()));
        if (step.sketch("messages").orElse(null) instanceof List<?> messages) {
            for (int number = 0; number < messages.size(); number++) {
                Object base64 = switch (messages.get(number)) {
                    case ProduceSettings.Message message -> message.base64();
                    case Map<?, ?> keys -> keys.get("base64");
                    default -> null;
                };
                Base64Text.check(base64, "messages[" + number + "].base64", step.problems());
            }
        }
        values(step);
        boolean coded = step.has("avro") || step.has("protobuf") || step.has("json_schema");
        if (coded && step.service(KafkaService.class).schemaRegistry() == null) {
            String key = step.has("avro") ? "avro" : step.has("protobuf") ? "protobuf" : "json_schema";
            step.problems()
                    .error(
                            key,
                            "a value by a schema, but the service has no 'schema_registry'",
                            "'schema_registry: {url: …}' on the service",
                            "'json' needs no schema");
        }
        step.constant("schema", ProduceSettings.SchemaUse.class).ifPresent(use -> {
            if (use.register() && use.file() == null && use.inline() == null) {
                step.problems().error("schema.register", "no schema to register", "'file' or 'inline'", null);
            }
            if (use.file() != null && !java.nio.file.Files.isReadable(use.file())) {
                step.problems().error("schema.file", "'" + use.file() + "' cannot be read", "a schema", null);
            }
        });
        if (step.has("schema") && !coded && !step.has("messages")) {
            step.problems().warning("schema", "a schema, but the value is sent without one", null);
        }
    }

    private static void values(Preparation<ProduceSettings> step) {
        Map<String, @Nullable Object> one = new HashMap<>();
        for (String key : List.of("timestamp", "tombstone")) {
            step.sketch(key).ifPresent(value -> one.put(key, value));
        }
        timestamp(step, "", one);
        if (step.has("tombstone") && FORMS.stream().noneMatch(step::has) && !step.has("messages")) {
            tombstone(step, "", one);
        }
        if (!(step.sketch("messages").orElse(null) instanceof List<?> messages)) {
            return;
        }
        if (messages.isEmpty()) {
            step.problems().error("messages", "no record", "one or several", null);
        }
        for (int i = 0; i < messages.size(); i++) {
            Map<String, @Nullable Object> sketch = sketch(messages.get(i));
            String place = "messages[" + i + "].";
            timestamp(step, place, sketch);
            if (FORMS.stream().allMatch(form -> sketch.get(form) == null)) {
                tombstone(step, place, sketch);
            }
        }
    }

    private static Map<String, @Nullable Object> sketch(@Nullable Object message) {
        Map<String, @Nullable Object> sketch = new HashMap<>();
        switch (message) {
            case ProduceSettings.Message known -> {
                sketch.put("timestamp", known.timestamp());
                sketch.put("tombstone", known.tombstone() || known.hasValue());
            }
            case Map<?, ?> keys -> keys.forEach((key, value) -> sketch.put(String.valueOf(key), value));
            case null -> {}
            default -> {}
        }
        return sketch;
    }

    /// Saying that a record is none leaves it without a value.
    private static void tombstone(
            Preparation<ProduceSettings> step, String place, Map<String, @Nullable Object> sketch) {
        if (Boolean.FALSE.equals(sketch.get("tombstone"))) {
            step.problems().error(place + "tombstone", "'false', and no value", "'true', or a value instead", null);
        }
    }

    private static void timestamp(
            Preparation<ProduceSettings> step, String place, Map<String, @Nullable Object> sketch) {
        Object given = sketch.get("timestamp");
        if (given == null || given == Preparation.Later.VALUE) {
            return;
        }
        try {
            Records.timestamp(given);
        } catch (FailureException e) {
            step.problems().error(place + "timestamp", "'" + given + "'", Records.TIMES, null);
        }
    }
}
