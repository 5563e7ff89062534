package io.turbulence.spi;

import java.util.List;

/// A plugin: an index of what it contributes.
///
/// Registered for [java.util.ServiceLoader] (most simply with `@AutoService(ProtocolPlugin.class)`),
/// public, with a public constructor without parameters. The host makes one for each run, on one
/// thread, and calls every method here once before the run; the lists must be the same each time.
/// Nothing may be opened or started here.
public interface ProtocolPlugin {

    /// The level of this API, raised when something is added that a plugin may need. A compile-time
    /// constant: the compiler copies it into the plugin, so that the host learns which level the plugin
    /// was built against.
    int API_LEVEL = 1;

    /// `PluginInfo.of("name", "version", API_LEVEL)`. Abstract on purpose: a default would report the
    /// host's level.
    PluginInfo info();

    /// The kinds of service that a system file may declare for this plugin.
    default List<ServiceType<?>> services() {
        return List.of();
    }

    /// The actions that a scenario may use as a step's `type`.
    default List<ProtocolAction<?, ?>> actions() {
        return List.of();
    }

    /// Who shows runs elsewhere.
    default List<RunObserver> observers() {
        return List.of();
    }

    /// Commands that it adds to the program: `turbulence <plugin> <command>`.
    default List<Command> commands() {
        return List.of();
    }
}
