package io.turbulence.kafka;

import io.turbulence.spi.OpenContext;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.config.SslConfigs;
import org.jspecify.annotations.Nullable;

/// What the clients of a service are made with: what the service says, over it its `properties`.
final class ClientSettings {

    /// What would change how records are counted, matched or decoded.
    static final Set<String> OURS = Set.of(
            "bootstrap.servers",
            "key.serializer",
            "value.serializer",
            "key.deserializer",
            "value.deserializer",
            "enable.auto.commit",
            "group.id",
            "transactional.id");

    /// How long a call of the producer waits for metadata before it looks at the step's time again.
    static final int BLOCK_MILLIS = 1000;

    /// How often a consumer learns of new partitions.
    static final int METADATA_MILLIS = 5000;

    // Client ids are names of threads and MBeans of this process and must differ
    private static final AtomicLong NUMBERS = new AtomicLong();

    private ClientSettings() {}

    static Map<String, Object> producer(KafkaService service, OpenContext context) {
        Map<String, Object> settings = common(service, context.service() + "-producer");
        settings.put(ProducerConfig.ACKS_CONFIG, String.valueOf(service.acks()));
        settings.put(
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                service.compression().name().toLowerCase(Locale.ROOT));
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
        // One record of one instance shall not wait for others: its latency is measured
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        if (!"all".equals(settings.get(ProducerConfig.ACKS_CONFIG))) {
            settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, false);
        }
        return withProperties(settings, service, ProducerConfig.configNames());
    }

    static Map<String, Object> transactionalProducer(KafkaService service, OpenContext context) {
        Map<String, Object> settings = producer(service, context);
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "turbulence-" + java.util.UUID.randomUUID());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return settings;
    }

    static Map<String, Object> consumer(KafkaService service, String name) {
        Map<String, Object> settings = common(service, name + "-consumer");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, METADATA_MILLIS);
        // Positions are given; this is for what was deleted or cut off meanwhile
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // What was rolled back was never sent
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return withProperties(settings, service, ConsumerConfig.configNames());
    }

    static Map<String, Object> admin(KafkaService service, String name) {
        return withProperties(common(service, name + "-admin"), service, AdminClientConfig.configNames());
    }

    /// Names that no client knows.
    static boolean isUnknown(String property) {
        return !ALL.contains(property);
    }

    /// What the clients that know a property want instead of this value; empty when it suits them.
    static Optional<String> wrong(String property, Object value) {
        for (ConfigDef known :
                List.of(ProducerConfig.configDef(), ConsumerConfig.configDef(), AdminClientConfig.configDef())) {
            ConfigDef.ConfigKey key = known.configKeys().get(property);
            if (key == null) {
                continue;
            }
            try {
                Object parsed = ConfigDef.parseType(property, written(value), key.type);
                if (key.validator != null) {
                    key.validator.ensureValid(property, parsed);
                }
            } catch (ConfigException e) {
                return Optional.of(expected(key));
            }
        }
        return Optional.empty();
    }

    private static String expected(ConfigDef.ConfigKey key) {
        return switch (key.type) {
            case BOOLEAN -> "true or false";
            case SHORT, INT, LONG, DOUBLE -> "a number" + limits(key);
            case STRING, PASSWORD, LIST, CLASS -> "what the client library takes" + limits(key);
        };
    }

    private static String limits(ConfigDef.ConfigKey key) {
        return key.validator == null ? "" : ": " + key.validator;
    }

    private static Object written(Object value) {
        return value instanceof Number || value instanceof Boolean ? value.toString() : value;
    }

    private static final Set<String> ALL = Stream.of(
                    ProducerConfig.configNames(), ConsumerConfig.configNames(), AdminClientConfig.configNames())
            .flatMap(Set::stream)
            .collect(Collectors.toUnmodifiableSet());

    private static Map<String, Object> common(KafkaService service, String name) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, service.bootstrapServers());
        settings.put(CommonClientConfigs.CLIENT_ID_CONFIG, "turbulence-" + name + "-" + NUMBERS.incrementAndGet());
        settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.put(CommonClientConfigs.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        KafkaService.Security security = service.security();
        if (security != null) {
            addSecurity(settings, security);
        }
        return settings;
    }

    private static void addSecurity(Map<String, Object> settings, KafkaService.Security security) {
        KafkaService.Tls tls = security.tls();
        settings.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol(security));
        if (security.username() != null) {
            settings.put(SaslConfigs.SASL_MECHANISM, security.mechanism());
            settings.put(SaslConfigs.SASL_JAAS_CONFIG, jaas(security));
        }
        if (tls != null) {
            addTls(settings, tls);
        }
    }

    static String protocol(KafkaService.Security security) {
        String given = security.protocol();
        if (given != null) {
            return given.toUpperCase(Locale.ROOT);
        }
        String encryption = security.tls() == null ? "PLAINTEXT" : "SSL";
        return security.username() == null ? encryption : "SASL_" + encryption;
    }

    private static String jaas(KafkaService.Security security) {
        String module = security.mechanism().startsWith("SCRAM")
                ? "org.apache.kafka.common.security.scram.ScramLoginModule"
                : "org.apache.kafka.common.security.plain.PlainLoginModule";
        return "%s required username=%s password=%s;"
                .formatted(module, quoted(security.username()), quoted(security.password()));
    }

    private static String quoted(@Nullable String text) {
        return '"' + (text == null ? "" : text.replace("\\", "\\\\").replace("\"", "\\\"")) + '"';
    }

    private static void addTls(Map<String, Object> settings, KafkaService.Tls tls) {
        if (tls.ca() != null) {
            settings.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
            settings.put(SslConfigs.SSL_TRUSTSTORE_CERTIFICATES_CONFIG, Files.text(tls.ca()));
        }
        if (tls.cert() != null && tls.key() != null) {
            settings.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
            settings.put(SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, Files.text(tls.cert()));
            settings.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, Files.text(tls.key()));
            if (tls.keyPassword() != null) {
                settings.put(SslConfigs.SSL_KEY_PASSWORD_CONFIG, tls.keyPassword());
            }
        }
        if (!tls.verifyHostname()) {
            settings.put(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "");
        }
    }

    /// A property that another kind of client knows is left out: the library would warn of it.
    private static Map<String, Object> withProperties(
            Map<String, Object> settings, KafkaService service, Set<String> known) {
        service.properties().forEach((name, value) -> {
            if (value != null && !OURS.contains(name) && (known.contains(name) || isUnknown(name))) {
                settings.put(name, written(value));
            }
        });
        return settings;
    }
}
