package io.turbulence.grpc;

import io.turbulence.api.DataSize;
import java.nio.file.Path;
import java.time.Duration;
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

    static GrpcService described(GrpcService service, Path proto, Path descriptorSet) {
        return new GrpcService(
                service.target(),
                null,
                null,
                service.tls(),
                service.authority(),
                service.metadata(),
                proto,
                List.of(),
                descriptorSet,
                service.reflection(),
                service.maxInboundMessageSize(),
                service.keepalive(),
                service.loadBalancing(),
                service.compression(),
                service.health(),
                service.propagate());
    }

    static GrpcService balanced(String target, GrpcService.LoadBalancing how) {
        GrpcService service = at(target);
        return new GrpcService(
                service.target(),
                null,
                null,
                service.tls(),
                service.authority(),
                service.metadata(),
                null,
                List.of(),
                null,
                service.reflection(),
                service.maxInboundMessageSize(),
                service.keepalive(),
                how,
                service.compression(),
                service.health(),
                service.propagate());
    }

    static GrpcService keptAlive(String target, Duration time, Duration timeout) {
        GrpcService service = at(target);
        return new GrpcService(
                service.target(),
                null,
                null,
                service.tls(),
                service.authority(),
                service.metadata(),
                null,
                List.of(),
                null,
                service.reflection(),
                service.maxInboundMessageSize(),
                new GrpcService.Keepalive(time, timeout, false),
                service.loadBalancing(),
                service.compression(),
                service.health(),
                service.propagate());
    }

    static GrpcRequest call(String method, Object message) {
        return new GrpcRequest(method, message, List.of(), List.of(), Map.of(), null, null, 0, null, true);
    }
}
