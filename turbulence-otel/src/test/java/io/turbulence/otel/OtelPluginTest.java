package io.turbulence.otel;

import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.tck.PluginContractTck;

/// The kit.
class OtelPluginTest extends PluginContractTck {

    @Override
    protected ProtocolPlugin plugin() {
        return new OtelPlugin();
    }
}
