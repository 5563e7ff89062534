package io.turbulence.core;

import io.turbulence.core.internal.definition.schema.DefinitionSchemas;
import io.turbulence.core.internal.observation.JsonCodec;
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

    /// The JSON Schemas (draft 2020-12) of the settings of a plugin's services and actions, as `turbulence schema` puts
    /// them together: in lines and always in the same order, to be kept beside the code, so that a change is seen.
    ///
    /// @throws io.turbulence.api.TurbulenceException as [#check]
    public static String schema(ProtocolPlugin plugin) {
        check(plugin);
        return JsonCodec.INSTANCE.writeSorted(DefinitionSchemas.of(plugin.services(), plugin.actions())
                        .settings())
                + "\n";
    }
}
