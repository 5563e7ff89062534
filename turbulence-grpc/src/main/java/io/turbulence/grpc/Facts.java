package io.turbulence.grpc;

import io.grpc.Status;
import java.util.List;
import java.util.Map;
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

    static void putHeaders(io.turbulence.api.Metadata.Builder facts, Map<String, Object> headers) {
        facts.put(HEADERS, headers);
    }

    static void putStatus(io.turbulence.api.Metadata.Builder facts, Status status) {
        facts.put(STATUS_CODE, status.getCode().value())
                .put(STATUS, status.getCode().name())
                .put(MESSAGE, status.getDescription() == null ? "" : status.getDescription());
    }

    static void putTrailers(
            io.turbulence.api.Metadata.Builder facts, Map<String, Object> trailers, List<@Nullable Object> details) {
        facts.put(TRAILERS, trailers);
        if (!details.isEmpty()) {
            facts.put(DETAILS, details);
        }
    }
}
