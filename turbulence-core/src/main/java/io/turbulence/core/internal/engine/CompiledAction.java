package io.turbulence.core.internal.engine;

import io.turbulence.core.internal.definition.binding.SettingsPlan;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.plugin.LoadedAction;
import io.turbulence.spi.SubscriptionRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An action of a step with its service and settings.
///
/// @param node          what the file gives for the settings
/// @param subscriptions what must be open before the first instance
/// @param peerCheck     what the peer must be asked before the first instance; null for nothing
public record CompiledAction(
        LoadedAction loaded,
        ServicePlan service,
        SettingsPlan<?> settings,
        MappingNode node,
        ActionCall<?, ?> call,
        List<SubscriptionRequest> subscriptions,
        @Nullable PlannedCheck<?> peerCheck) {}
