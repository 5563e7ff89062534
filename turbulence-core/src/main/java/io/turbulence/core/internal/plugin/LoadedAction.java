package io.turbulence.core.internal.plugin;

import io.turbulence.spi.ProtocolAction;

/// An action and the plugin that it comes from.
///
/// @param type  as [ProtocolAction#type] said when it was loaded
/// @param scope to be entered around every call of the action
public record LoadedAction(LoadedPlugin plugin, ProtocolAction<?, ?> action, String type, PluginScope scope) {}
