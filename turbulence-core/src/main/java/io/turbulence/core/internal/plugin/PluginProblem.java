package io.turbulence.core.internal.plugin;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong with a plugin.
///
/// @param message a full sentence that names class and place, and what to do
/// @param cause   what was thrown, where something was
public record PluginProblem(
        PluginCode code, String message, @Nullable Throwable cause) {

    static PluginProblem of(PluginCode code, String message) {
        return new PluginProblem(code, message, null);
    }
}
