package io.turbulence.grpc;

import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What can be said about a service when it is loaded.
final class ServiceChecks {

    private final Preparation<GrpcService> service;
    private final Problems problems;
    private final Schemas schemas;

    ServiceChecks(Preparation<GrpcService> service, Schemas schemas) {
        this.service = service;
        this.problems = service.problems();
        this.schemas = schemas;
    }

    void check() {
        target();
        service.constant("tls", GrpcService.Tls.class).ifPresent(this::tls);
        CallMetadata.check(service, problems);
        descriptions();
    }

    private void target() {
        service.constant("target", String.class).ifPresent(target -> {
            try {
                Targets.endpoint("grpc", target, 1);
            } catch (IllegalArgumentException e) {
                problems.error("target", String.valueOf(e.getMessage()), "a target such as 'localhost:50051'", null);
            }
        });
        if (service.has("port") && !service.has("host")) {
            problems.error("port", "'port' without 'host'", "both, or 'target'", null);
        }
    }

    private void tls(GrpcService.Tls tls) {
        file("tls.ca", tls.ca());
        file("tls.cert", tls.cert());
        file("tls.key", tls.key());
        if ((tls.cert() == null) != (tls.key() == null)) {
            String missing = tls.cert() == null ? "cert" : "key";
            problems.error("tls", "'" + missing + "' is missing", "both 'cert' and 'key', or neither", null);
        }
    }

    private void file(String key, @Nullable Path file) {
        if (file != null && !Files.isReadable(file)) {
            problems.error(key, "'" + file + "' cannot be read", "a PEM file", null);
        }
    }

    /// Reads and compiles what describes the methods, so that steps can be checked.
    private void descriptions() {
        GrpcService settings = service.service(GrpcService.class);
        if (service.has("import_paths") && settings.proto() == null) {
            problems.warning("import_paths", "'import_paths' without 'proto'", null);
        }
        if (!Schemas.isLocal(settings)) {
            if (settings.reflection() == GrpcService.Reflection.OFF) {
                problems.error(
                        "reflection",
                        "'off' with neither 'proto' nor 'descriptor_set'",
                        "something that describes the methods",
                        null);
            }
            return;
        }
        try {
            schemas.of(settings);
        } catch (SchemaSourceException e) {
            problems.error(e.key(), e.found(), e.expected(), e.hint().isEmpty() ? null : e.hint());
        }
    }
}
