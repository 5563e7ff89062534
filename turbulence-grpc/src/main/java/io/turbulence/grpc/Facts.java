package io.turbulence.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.turbulence.api.Headers;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an observation tells of a call beside its payload, under the names of the contract.
final class Facts {

    static final String STATUS_CODE = "status_code";
    private static final String STATUS = "status";
    private static final String MESSAGE = "message";
    private static final String HEADERS = "headers";
    private static final String TRAILERS = "trailers";
    private static final String DETAILS = "details";
    private static final String PEER = "peer";
    private static final String METHOD = "method";

    private Facts() {}

    static io.turbulence.api.Metadata.Builder of(Method method, @Nullable String peer) {
        return io.turbulence.api.Metadata.builder()
                .put(METHOD, method.fullName())
                .put(PEER, peer);
    }

    static void putHeaders(io.turbulence.api.Metadata.Builder facts, Metadata headers) {
        facts.put(HEADERS, readable(headers));
    }

    static void putStatus(io.turbulence.api.Metadata.Builder facts, Status status) {
        facts.put(STATUS_CODE, status.getCode().value())
                .put(STATUS, status.getCode().name())
                .put(MESSAGE, status.getDescription() == null ? "" : status.getDescription());
    }

    static void putTrailers(
            io.turbulence.api.Metadata.Builder facts, Metadata trailers, List<@Nullable Object> details) {
        facts.put(TRAILERS, readable(trailers));
        if (!details.isEmpty()) {
            facts.put(DETAILS, details);
        }
    }

    /// Metadata as text; binary values as base64.
    static Headers readable(Metadata metadata) {
        Headers.Builder readable = Headers.builder();
        for (String name : metadata.keys()) {
            if (name.endsWith(Metadata.BINARY_HEADER_SUFFIX)) {
                addBinary(readable, name, metadata);
            } else {
                Iterable<String> values = metadata.getAll(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
                if (values != null) {
                    values.forEach(value -> readable.add(name, value));
                }
            }
        }
        return readable.build();
    }

    private static void addBinary(Headers.Builder readable, String name, Metadata metadata) {
        Iterable<byte[]> values = metadata.getAll(Metadata.Key.of(name, Metadata.BINARY_BYTE_MARSHALLER));
        if (values != null) {
            values.forEach(value -> readable.add(name, Base64.getEncoder().encodeToString(value)));
        }
    }
}
