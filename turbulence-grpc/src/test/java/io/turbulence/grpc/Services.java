package io.turbulence.grpc;

import io.turbulence.api.DataSize;
import java.util.List;
import java.util.Map;

/// Settings as the host would bind them.
final class Services {

    private Services() {}

    static GrpcService at(String target) {
        return new GrpcService(
                target,
                null,
                null,
                null,
                null,
                Map.of(),
                null,
                List.of(),
                null,
                GrpcService.Reflection.AUTO,
                DataSize.parse("4 MiB"),
                null,
                GrpcService.LoadBalancing.PICK_FIRST,
                GrpcService.Compression.NONE,
                null,
                true);
    }

    static GrpcRequest call(String method, Object message) {
        return new GrpcRequest(method, message, List.of(), List.of(), Map.of(), null, null, 0, null, true);
    }
}
