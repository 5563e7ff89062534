package io.turbulence.kafka;

import io.turbulence.spi.Preparation;
import java.util.List;
import java.util.Map;

/// What can be said about a record to be sent when its step is loaded.
final class ProduceChecks {

    private ProduceChecks() {}

    static void check(Preparation<ProduceSettings> step) {
        step.constant("topic", String.class).ifPresent(topic -> Topics.check(topic, step.problems()));
        step.constant("base64", String.class).ifPresent(base64 -> Records.check(base64, "base64", step.problems()));
        if (step.sketch("messages").orElse(null) instanceof List<?> messages) {
            for (int number = 0; number < messages.size(); number++) {
                Object base64 = switch (messages.get(number)) {
                    case ProduceSettings.Message message -> message.base64();
                    case Map<?, ?> keys -> keys.get("base64");
                    default -> null;
                };
                Records.check(base64, "messages[" + number + "].base64", step.problems());
            }
        }
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
}
