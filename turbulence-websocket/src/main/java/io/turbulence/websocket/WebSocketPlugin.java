package io.turbulence.websocket;

import com.google.auto.service.AutoService;
import io.turbulence.api.Transport;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.PoolSettings;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.ServiceType;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// WebSocket: services at a `ws://` or `wss://` URL, the actions that send, await and converse, and GraphQL
/// subscriptions.
///
/// One object serves one run. Its actions are thread-safe; its connections are opened and closed by the host's pools.
@AutoService(ProtocolPlugin.class)
public final class WebSocketPlugin implements ProtocolPlugin {

    static final Transport TRANSPORT = Transport.of("websocket");

    private static final Duration FOR_GOOD = Duration.ofDays(365);

    private final Sockets sockets = new Sockets();

    /// Made by [java.util.ServiceLoader].
    public WebSocketPlugin() {}

    @Override
    public PluginInfo info() {
        return PluginInfo.of("websocket", Version.TEXT, API_LEVEL);
    }

    @Override
    public List<ServiceType<?>> services() {
        return List.of(ServiceType.of("websocket", WebSocketService.class)
                .defaultAction(AwaitAction.TYPE)
                .shorthands("headers", "kind", "close_code", "close_reason")
                .status("status_code")
                .pool(conversations()));
    }

    /// Each instance has its own, and keeps it however long nothing is said.
    private static PoolSettings conversations() {
        PoolSettings general = PoolSettings.defaults();
        return new PoolSettings(
                null,
                0,
                PoolSettings.Scope.INSTANCE,
                general.acquireTimeout(),
                general.connectTimeout(),
                FOR_GOOD,
                FOR_GOOD,
                general.healthCheckInterval(),
                null,
                Map.of());
    }

    @Override
    public List<ProtocolAction<?, ?>> actions() {
        return List.of(
                new ConnectAction(sockets),
                new SendAction(sockets),
                new AwaitAction(sockets),
                new ExchangeAction(sockets),
                new CloseAction(sockets),
                new SubscribeAction(sockets));
    }
}
