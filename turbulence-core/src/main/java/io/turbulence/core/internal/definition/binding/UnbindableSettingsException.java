package io.turbulence.core.internal.definition.binding;

import io.turbulence.api.TurbulenceException;
import org.jspecify.annotations.Nullable;

/// A settings record that cannot be bound from a file: a mistake of its plugin's author.
public final class UnbindableSettingsException extends TurbulenceException {

    private static final long serialVersionUID = 1L;

    UnbindableSettingsException(String message, @Nullable Throwable cause) {
        super("PLUGIN_SETTINGS", message, cause);
    }
}
