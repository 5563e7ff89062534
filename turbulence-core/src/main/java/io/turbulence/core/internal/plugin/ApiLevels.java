package io.turbulence.core.internal.plugin;

import io.turbulence.spi.ProtocolPlugin;

/// The API levels that this host can run.
record ApiLevels(int oldest, int newest) {

    static final ApiLevels OFFERED = new ApiLevels(1, ProtocolPlugin.API_LEVEL);

    @Override
    public String toString() {
        return oldest == newest ? "level " + newest : "levels " + oldest + " to " + newest;
    }
}
