package io.turbulence.kafka;

import static io.turbulence.spi.Setting.Templates.LOAD;

import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A Kafka cluster.
record KafkaService(
        @Setting(
                value = "Brokers to begin with, as host:port, separated by commas.",
                example = "localhost:9092",
                templates = LOAD)
        String bootstrapServers,

        @Setting(
                value = "Settings of the client library, for producers and consumers; over all that is set here.",
                example = "{linger.ms: 5, max.request.size: 2000000}",
                templates = LOAD)
        Map<String, @Nullable Object> properties,

        @Setting(value = "How clients are encrypted and who they are.", templates = LOAD) @Nullable
        Security security,

        @Setting("The schema registry (the API of Confluent's) of Avro, Protobuf and JSON Schema.") @Nullable
        SchemaRegistry schemaRegistry,

        @Setting(
                value = "How many replicas have a record before it counts as sent: `all`, `1` or `0`.",
                defaultValue = "all",
                templates = LOAD)
        Object acks,

        @Setting(value = "How batches are compressed.", defaultValue = "none", templates = LOAD)
        Compression compression,

        @Setting(value = "Whether topics that are not there are created.", templates = LOAD) @Nullable
        CreateTopics createTopics,

        @Setting(
                value = "Whether the headers `correlation_id` and `traceparent` go with every record.",
                defaultValue = "true",
                templates = LOAD)
        boolean propagate) {

    /// How batches are compressed.
    enum Compression {
        NONE,
        GZIP,
        SNAPPY,
        LZ4,
        ZSTD
    }

    /// How clients are encrypted and who they are.
    record Security(
            @Setting(
                    value = "What is spoken: PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL. Without it `tls` and"
                            + " `username` decide.",
                    example = "SASL_SSL",
                    templates = LOAD)
            @Nullable
            String protocol,

            @Setting(
                    value = "The mechanism of SASL: PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512.",
                    defaultValue = "PLAIN",
                    templates = LOAD)
            String mechanism,

            @Setting(value = "The user name for SASL.", templates = LOAD) @Nullable
            String username,

            @Setting(value = "The password for SASL.", secret = true, templates = LOAD) @Nullable
            String password,

            @Setting(value = "How TLS is spoken.", templates = LOAD) @Nullable
            Tls tls) {}

    /// How TLS is spoken.
    record Tls(
            @Setting(value = "Certificates (PEM) that are trusted instead of the system's.", templates = LOAD) @Nullable
            Path ca,

            @Setting(value = "Our own certificate with its chain (PEM).", templates = LOAD) @Nullable
            Path cert,

            @Setting(value = "The private key of `cert` (PEM, PKCS#8).", templates = LOAD) @Nullable
            Path key,

            @Setting(value = "The password of `key`.", secret = true, templates = LOAD) @Nullable
            String keyPassword,

            @Setting(
                    value = "Whether the broker's certificate must bear the broker's name.",
                    defaultValue = "true",
                    templates = LOAD)
            boolean verifyHostname) {}

    /// How topics are created that are not there.
    record CreateTopics(
            @Setting(value = "Whether they are created.", whenScalar = true, defaultValue = "true", templates = LOAD)
            boolean enabled,

            @Setting(value = "How many partitions they get.", defaultValue = "1", range = "1..", templates = LOAD)
            int partitions,

            @Setting(value = "How many replicas they get.", defaultValue = "1", range = "1..32767", templates = LOAD)
            int replicationFactor) {}

    /// Where schemas are kept.
    record SchemaRegistry(
            @Setting(value = "Where it is.", whenScalar = true, example = "http://localhost:8081", templates = LOAD)
            String url,

            @Setting(value = "Credentials for it.", templates = LOAD) @Nullable
            Auth auth) {}

    /// Credentials for the schema registry.
    @OneOf(
            value = {"basic", "bearer"},
            required = true)
    record Auth(
            @Setting(value = "A user name and a password.", templates = LOAD) @Nullable
            Basic basic,

            @Setting(value = "A token.", secret = true, templates = LOAD) @Nullable
            String bearer) {}

    /// A user name and a password.
    record Basic(
            @Setting(value = "The user name.", aliases = "user", templates = LOAD)
            String username,

            @Setting(value = "The password.", secret = true, templates = LOAD)
            String password) {}

    KafkaService {
        properties = properties == null ? Map.of() : properties;
    }

    static KafkaService of(String bootstrapServers) {
        return new KafkaService(bootstrapServers, Map.of(), null, null, "all", Compression.NONE, null, true);
    }

    boolean createsTopics() {
        return createTopics != null && createTopics.enabled();
    }
}
