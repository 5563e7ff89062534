package io.turbulence.http;

import com.google.auto.service.AutoService;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import java.util.List;

/// HTTP: services with a `base_url`, and the actions that call them.
///
/// One object serves one run. Its actions are thread-safe; its connections are opened and closed
/// by the host's pools.
@AutoService(ProtocolPlugin.class)
public final class HttpPlugin implements ProtocolPlugin {

    private final HttpConnections connections = new HttpConnections();

    /// Made by [java.util.ServiceLoader].
    public HttpPlugin() {}

    @Override
    public PluginInfo info() {
        return PluginInfo.of("http", Version.TEXT, API_LEVEL);
    }

    @Override
    public List<ServiceType<?>> services() {
        return List.of(ServiceType.of("http", HttpService.class)
                .impliedBy("base_url")
                .defaultAction(HttpAction.TYPE)
                .shorthands("headers")
                .status("status_code")
                .statusRange(100, 599));
    }

    @Override
    public List<ProtocolAction<?, ?>> actions() {
        return List.of(new HttpAction(connections), new SseAction(connections), new GraphqlAction(connections));
    }
}
