package io.turbulence.core;

import io.turbulence.core.internal.plugin.LoadedPlugin;
import io.turbulence.core.internal.plugin.PluginCatalog;
import io.turbulence.core.internal.plugin.ReservedNames;
import io.turbulence.spi.ProtocolAction;
import io.turbulence.spi.RunObserver;
import io.turbulence.spi.ServiceType;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The plugins that a run would find.
public final class InstalledPlugins {

    private InstalledPlugins() {}

    /// One plugin.
    ///
    /// @param source    a jar, or where else its class came from
    /// @param folder    the name of the plugin folder that it came from; null when it is on the class path
    /// @param observers who shows runs elsewhere
    public record Plugin(
            String name,
            String version,
            String source,
            @Nullable String folder,
            List<String> protocols,
            List<String> actions,
            List<String> observers) {
        public Plugin {
            protocols = List.copyOf(protocols);
            actions = List.copyOf(actions);
            observers = List.copyOf(observers);
        }
    }

    /// On the class path and in these folders, by name.
    ///
    /// @throws io.turbulence.api.TurbulenceException when one is broken
    public static List<Plugin> find(List<Path> folders) {
        try (PluginCatalog catalog = PluginCatalog.load(InstalledPlugins.class.getClassLoader(), folders)) {
            return catalog.plugins().stream().map(InstalledPlugins::plugin).toList();
        }
    }

    /// Types of steps that no plugin may take.
    public static Set<String> builtInSteps() {
        return ReservedNames.ACTIONS;
    }

    private static Plugin plugin(LoadedPlugin loaded) {
        return new Plugin(
                loaded.name(),
                loaded.info().version(),
                loaded.source(),
                loaded.folder(),
                loaded.services().stream().map(ServiceType::protocol).sorted().toList(),
                loaded.actions().stream().map(ProtocolAction::type).sorted().toList(),
                loaded.observers().stream().map(RunObserver::name).sorted().toList());
    }
}
