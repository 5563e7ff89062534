package io.turbulence.grpc;

import com.google.auto.service.AutoService;
import io.grpc.Status;
import io.turbulence.spi.Command;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// gRPC without generated code: services with a `target`, and the action that calls their methods.
///
/// One object serves one run. Its action is thread-safe; what it learns of a service's methods is
/// kept for the run, once for each service.
@AutoService(ProtocolPlugin.class)
public final class GrpcPlugin implements ProtocolPlugin {

    private final Schemas schemas = new Schemas();
    private final Channels channels = new Channels(schemas);

    /// Made by [java.util.ServiceLoader].
    public GrpcPlugin() {}

    @Override
    public PluginInfo info() {
        return PluginInfo.of("grpc", Version.TEXT, API_LEVEL);
    }

    @Override
    public List<ServiceType<?>> services() {
        return List.of(ServiceType.of("grpc", GrpcService.class)
                .impliedBy("target")
                .defaultAction(GrpcAction.TYPE)
                .shorthands("headers", "trailers")
                .status(Facts.STATUS_CODE, statusNames()));
    }

    @Override
    public List<ProtocolAction<?, ?>> actions() {
        return List.of(new GrpcAction(channels, schemas));
    }

    @Override
    public List<Command> commands() {
        return List.of(new ListCommand(), new DescribeCommand());
    }

    private static Map<String, Integer> statusNames() {
        Map<String, Integer> names = new TreeMap<>();
        for (Status.Code code : Status.Code.values()) {
            names.put(code.name(), code.value());
        }
        return names;
    }
}
