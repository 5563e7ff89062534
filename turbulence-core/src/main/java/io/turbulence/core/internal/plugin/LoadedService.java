package io.turbulence.core.internal.plugin;

import io.turbulence.spi.ServiceType;

/// A kind of service and the plugin that it comes from.
public record LoadedService(LoadedPlugin plugin, ServiceType<?> type) {

    public String protocol() {
        return type.protocol();
    }
}
