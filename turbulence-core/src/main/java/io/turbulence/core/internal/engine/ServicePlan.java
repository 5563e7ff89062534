package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.definition.binding.SettingsType;
import io.turbulence.core.internal.definition.model.SystemFile;
import io.turbulence.core.internal.plugin.LoadedService;
import io.turbulence.spi.PoolSettings;
import java.time.Duration;
import java.util.Optional;

/// A declared service, compiled.
///
/// @param settings what its factories are given: what the file says, without the parts that are
///                 rendered for each step
/// @param timeout  the default of its steps
public record ServicePlan(
        String name,
        LoadedService type,
        Record settings,
        SettingsType<?> settingsType,
        PoolSettings pool,
        Optional<Duration> timeout,
        SystemFile.Service file) {}
