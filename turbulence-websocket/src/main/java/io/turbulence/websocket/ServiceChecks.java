package io.turbulence.websocket;

import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What can be said about a service, and about headers, when they are loaded.
final class ServiceChecks {

    private ServiceChecks() {}

    static void check(Preparation<WebSocketService> service) {
        Problems problems = service.problems();
        headers(service, problems);
        service.constant("url", String.class).ifPresent(url -> url(url, problems));
        service.constant("tls", WebSocketService.Tls.class).ifPresent(tls -> tls(tls, problems));
        for (Object subprotocol :
                service.constant("subprotocols", java.util.List.class).orElse(java.util.List.of())) {
            if (!String.valueOf(subprotocol).matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+")) {
                problems.error("subprotocols", "'" + subprotocol + "'", "names such as 'chat.v1'", null);
            }
        }
    }

    static void headers(Preparation<?> step, Problems problems) {
        if (step.sketch("headers").orElse(null) instanceof Map<?, ?> headers) {
            for (Object name : headers.keySet()) {
                if (Ask.isOurs(String.valueOf(name))) {
                    boolean extensions = String.valueOf(name).equalsIgnoreCase("sec-websocket-extensions");
                    problems.error(
                            "headers",
                            "'" + name + "', which the handshake sets itself",
                            "other headers",
                            extensions ? "compression is offered with 'permessage_deflate: true'" : null);
                }
                if (String.valueOf(name).equalsIgnoreCase("sec-websocket-protocol")) {
                    problems.error(
                            "headers",
                            "'" + name + "', which the handshake sets itself",
                            "other headers",
                            "subprotocols are offered with 'subprotocols: [ … ]'");
                }
            }
        }
    }

    private static void url(String url, Problems problems) {
        try {
            Address.of(url);
        } catch (IllegalArgumentException e) {
            String found = String.valueOf(e.getMessage());
            boolean http = url.startsWith("http");
            problems.error(
                    "url",
                    found,
                    "a URL such as 'ws://localhost:8080/chat'",
                    http ? "begin it with 'ws" + url.substring(4) + "'" : null);
        }
    }

    private static void tls(WebSocketService.Tls tls, Problems problems) {
        file("tls.ca", tls.ca(), problems);
        file("tls.cert", tls.cert(), problems);
        file("tls.key", tls.key(), problems);
        if ((tls.cert() == null) != (tls.key() == null)) {
            String missing = tls.cert() == null ? "cert" : "key";
            problems.error("tls", "'" + missing + "' is missing", "both 'cert' and 'key'", null);
        }
    }

    private static void file(String key, @Nullable Path file, Problems problems) {
        if (file != null && !Files.isReadable(file)) {
            problems.error(key, "'" + file + "' cannot be read", "a PEM file", null);
        }
    }
}
