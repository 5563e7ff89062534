package io.turbulence.core.internal.plugin;

import io.turbulence.spi.Command;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.RunObserver;
import io.turbulence.spi.ServiceType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A plugin as it was found and asked for what it contributes.
///
/// @param source   where its class came from: a jar, a folder of classes, or `the program`
/// @param isolated whether it has a class loader of its own
/// @param scope    to be entered around every call of its code
public record LoadedPlugin(
        PluginInfo info,
        ProtocolPlugin plugin,
        String source,
        boolean isolated,
        PluginScope scope,
        List<ServiceType<?>> services,
        List<ProtocolAction<?, ?>> actions,
        List<Command> commands,
        List<RunObserver> observers) {

    public LoadedPlugin {
        services = List.copyOf(services);
        actions = List.copyOf(actions);
        commands = List.copyOf(commands);
        observers = List.copyOf(observers);
    }

    public String name() {
        return info.name();
    }

    /// The name of its plugin folder; null when it came from elsewhere.
    public @Nullable String folder() {
        return classLoader() instanceof PluginClassLoader own ? own.folder() : null;
    }

    public ClassLoader classLoader() {
        return plugin.getClass().getClassLoader();
    }

    /// As [#describe], with the folder that the jar stands in, of a plugin that came from one.
    String describeWithFolder() {
        String folder = folder();
        return describe(folder == null ? source : folder + "/" + source);
    }

    /// `'kafka' 1.2.0 (com.acme.KafkaPlugin in kafka-1.2.0.jar)`.
    String describe() {
        return describe(source);
    }

    private String describe(String from) {
        return "'" + info.name() + "' " + info.version() + " ("
                + plugin.getClass().getName() + " in " + from + ")";
    }
}
