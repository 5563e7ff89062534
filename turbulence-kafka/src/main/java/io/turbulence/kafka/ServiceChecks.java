package io.turbulence.kafka;

import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What can be said about a service when it is loaded.
final class ServiceChecks {

    private static final Set<String> PROTOCOLS = Set.of("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL");
    private static final Set<String> MECHANISMS = Set.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512");

    private ServiceChecks() {}

    static void check(Preparation<KafkaService> service) {
        Problems problems = service.problems();
        service.settings().ifPresent(settings -> {
            servers(settings, problems);
            properties(settings, problems);
            if (!Set.of("all", "-1", "0", "1").contains(String.valueOf(settings.acks()))) {
                problems.error("acks", "'" + settings.acks() + "'", "one of all, 1, 0", null);
            }
            KafkaService.Security security = settings.security();
            if (security != null) {
                security(security, problems);
            }
        });
    }

    private static void servers(KafkaService settings, Problems problems) {
        if (Brokers.servers(settings).isEmpty()) {
            problems.error("bootstrap_servers", "nothing", "brokers such as 'localhost:9092'", null);
        }
        for (String server : Brokers.servers(settings)) {
            if (!server.matches("(\\[[0-9a-fA-F:.]+]|[^:\\s/]+)(:[0-9]{1,5})?")) {
                problems.error("bootstrap_servers", "'" + server + "'", "brokers such as 'localhost:9092'", null);
            }
        }
    }

    private static void properties(KafkaService settings, Problems problems) {
        settings.properties().forEach((name, value) -> {
            String key = "properties['" + name + "']";
            if (ClientSettings.OURS.contains(name)) {
                problems.error(key, "'" + name + "'", "properties that are not set by Turbulence", null);
            } else if (ClientSettings.isUnknown(name)) {
                problems.warning(key, "no client knows the property '" + name + "'", null);
            } else if (value != null) {
                ClientSettings.wrong(name, value)
                        .ifPresent(expected -> problems.error(key, "'" + value + "'", expected, null));
            }
        });
    }

    private static void security(KafkaService.Security security, Problems problems) {
        String protocol = security.protocol();
        if (protocol != null && !PROTOCOLS.contains(protocol.toUpperCase(Locale.ROOT))) {
            problems.error(
                    "security.protocol", "'" + protocol + "'", "one of PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL", null);
        }
        if (!MECHANISMS.contains(security.mechanism())) {
            problems.error(
                    "security.mechanism",
                    "'" + security.mechanism() + "'",
                    "one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512",
                    "another can be set under 'properties': 'sasl.mechanism', 'sasl.jaas.config'");
        }
        if ((security.username() == null) != (security.password() == null)) {
            String missing = security.username() == null ? "username" : "password";
            problems.error("security", "'" + missing + "' is missing", "both 'username' and 'password'", null);
        }
        KafkaService.Tls tls = security.tls();
        if (tls != null) {
            file("security.tls.ca", tls.ca(), problems);
            file("security.tls.cert", tls.cert(), problems);
            file("security.tls.key", tls.key(), problems);
            if ((tls.cert() == null) != (tls.key() == null)) {
                String missing = tls.cert() == null ? "cert" : "key";
                problems.error("security.tls", "'" + missing + "' is missing", "both 'cert' and 'key'", null);
            }
        }
    }

    private static void file(String key, @Nullable Path file, Problems problems) {
        if (file != null && !java.nio.file.Files.isReadable(file)) {
            problems.error(key, "'" + file + "' cannot be read", "a PEM file", null);
        }
    }
}
