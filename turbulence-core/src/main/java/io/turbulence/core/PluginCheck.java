package io.turbulence.core;

import io.turbulence.core.internal.plugin.PluginCatalog;
import io.turbulence.spi.ProtocolPlugin;

/// Checks plugins as strictly as a run does, without running anything.
public final class PluginCheck {

    private PluginCheck() {}

    /// Loads these plugins together and lets them go again.
    ///
    /// @throws io.turbulence.api.TurbulenceException with everything that is wrong with them, under a code
    ///                                               `PLUGIN_…`
    public static void check(ProtocolPlugin... plugins) {
        PluginCatalog.of(plugins).close();
    }
}
