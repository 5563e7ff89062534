package io.turbulence.grpc;

import static io.turbulence.spi.Setting.Templates.LOAD;

import io.turbulence.api.DataSize;
import io.turbulence.api.Endpoint;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A service that speaks gRPC.
@OneOf(
        value = {"target", "host"},
        required = true)
record GrpcService(
        @Setting(
                value = "Host and port. Without a port it is 443 with TLS and 80 without.",
                example = "orders.example.com:50051",
                templates = LOAD)
        @Nullable
        String target,

        @Setting(value = "The host, in place of `target`.", example = "orders.example.com", templates = LOAD) @Nullable
        String host,

        @Setting(value = "The port, beside `host`.", range = "1..65535", example = "50051", templates = LOAD) @Nullable
        Integer port,

        @Setting(
                value = "Encryption: `true`, or how certificates are checked. Without it nothing is encrypted.",
                example = "{ca: certs/ca.pem}",
                templates = LOAD)
        @Nullable
        Tls tls,

        @Setting(
                value = "The authority to ask for and to find in the certificate, where it is not that of `target`.",
                example = "orders.example.com",
                templates = LOAD)
        @Nullable
        String authority,

        @Setting(
                value = "Metadata of every call, under the step's own. Values of names that end in `-bin` are base64.",
                example = "{authorization: \"Bearer {{env.TOKEN}}\"}",
                ignoreCase = true)
        Map<String, @Nullable Object> metadata,

        @Setting(
                value = "A `.proto` file that describes the methods, or a folder of them; compiled with protoc when"
                        + " the file is loaded.",
                example = "protos/orders.proto",
                templates = LOAD)
        @Nullable
        Path proto,

        @Setting(
                value = "Folders in which imports of `proto` are looked up; its own folder when there are none.",
                example = "[protos]",
                templates = LOAD)
        List<Path> importPaths,

        @Setting(
                value = "A descriptor set that describes the methods, as `protoc --include_imports"
                        + " --descriptor_set_out` or `buf build` write it.",
                example = "orders.binpb",
                templates = LOAD)
        @Nullable
        Path descriptorSet,

        @Setting(
                value = "Whether the server is asked for its methods: `auto` (when there is neither `proto` nor"
                        + " `descriptor_set`; v1, else v1alpha), `v1`, `v1alpha` or `off`. A server is asked before the"
                        + " first instance starts, when methods and fields of all steps are checked; `check`, which asks"
                        + " nobody, checks them only with files.",
                defaultValue = "auto",
                templates = LOAD)
        Reflection reflection,

        @Setting(value = "The longest message to receive.", defaultValue = "4 MiB", templates = LOAD)
        DataSize maxInboundMessageSize,

        @Setting(
                value = "Pings that find out whether a quiet channel still stands.",
                example = "{time: 30s}",
                templates = LOAD)
        @Nullable
        Keepalive keepalive,

        @Setting(
                value = "Which of several addresses of the host get the calls of one channel: one, or all in turn.",
                defaultValue = "pick_first",
                example = "round_robin",
                templates = LOAD)
        LoadBalancing loadBalancing,

        @Setting(
                value = "How messages that are sent are compressed. What comes compressed is read in any case.",
                defaultValue = "none",
                example = "gzip",
                templates = LOAD)
        Compression compression,

        @Setting(
                value = "The name that the health service is asked for when a channel is checked; `off` does not ask."
                        + " A server without a health service is healthy.",
                example = "shop.Orders",
                templates = LOAD)
        @Nullable
        String health,

        @Setting(
                value = "Whether `x-correlation-id` and `traceparent` go with every call.",
                defaultValue = "true",
                templates = LOAD)
        boolean propagate) {

    /// How TLS is spoken.
    record Tls(
            @Setting(value = "Whether it is spoken at all.", whenScalar = true, defaultValue = "true", templates = LOAD)
            boolean enabled,

            @Setting(value = "Certificates (PEM) that are trusted instead of the system's.", templates = LOAD) @Nullable
            Path ca,

            @Setting(value = "Our own certificate with its chain (PEM).", templates = LOAD) @Nullable
            Path cert,

            @Setting(value = "The private key of `cert` (PEM, PKCS #8, not encrypted).", templates = LOAD) @Nullable
            Path key,

            @Setting(
                    value = "Accept any certificate of the peer, whatever its name. For tests only.",
                    defaultValue = "false",
                    templates = LOAD)
            boolean insecureSkipVerify) {}

    /// When a quiet channel is asked for a sign of life.
    record Keepalive(
            @Setting(
                    value = "Ask when nothing came for so long.",
                    range = "10..",
                    defaultValue = "30s",
                    whenScalar = true,
                    templates = LOAD)
            Duration time,

            @Setting(
                    value = "Give the channel up when no answer came for so long.",
                    defaultValue = "20s",
                    templates = LOAD)
            Duration timeout,

            @Setting(value = "Whether to ask while no call is running, too.", defaultValue = "false", templates = LOAD)
            boolean withoutCalls) {}

    /// Whether and how a server is asked for its methods.
    enum Reflection {
        AUTO,
        V1,
        V1ALPHA,
        OFF
    }

    /// How one channel spreads calls over the addresses of its host.
    enum LoadBalancing {
        PICK_FIRST,
        ROUND_ROBIN
    }

    /// How messages are compressed.
    enum Compression {
        NONE,
        GZIP
    }

    private static final int PORT = 80;
    private static final int TLS_PORT = 443;

    GrpcService {
        metadata = metadata == null ? Map.of() : metadata;
        importPaths = importPaths == null ? List.of() : List.copyOf(importPaths);
    }

    boolean encrypted() {
        return tls != null && tls.enabled();
    }

    /// Where the service is. What is wrong with the target is told when the service is loaded.
    Endpoint endpoint() {
        int defaultPort = encrypted() ? TLS_PORT : PORT;
        String scheme = encrypted() ? "grpcs" : "grpc";
        if (host != null) {
            return Endpoint.of(scheme, host, port == null ? defaultPort : port);
        }
        String text = String.valueOf(target);
        try {
            return Targets.endpoint(scheme, text, defaultPort);
        } catch (IllegalArgumentException e) {
            return Endpoint.of(scheme, text, defaultPort);
        }
    }
}
