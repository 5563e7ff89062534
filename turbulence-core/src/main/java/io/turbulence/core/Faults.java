package io.turbulence.core;

import io.turbulence.api.TurbulenceException;
import io.turbulence.core.internal.plugin.PluginException;
import io.turbulence.core.internal.result.figures.ExitCode;
import java.io.UncheckedIOException;

/// What a thrown exception means for whoever started a run.
public final class Faults {

    private Faults() {}

    /// The exit code that stands for it.
    public static int exitCode(Throwable thrown) {
        return switch (thrown) {
            case DefinitionException e -> e.isAboutPlugins() ? ExitCode.PLUGIN.number() : ExitCode.DEFINITION.number();
            case PluginException e -> ExitCode.PLUGIN.number();
            case IllegalArgumentException e -> ExitCode.USAGE.number();
            case UncheckedIOException e -> ExitCode.START.number();
            default -> ExitCode.INTERNAL.number();
        };
    }

    /// Whether it is a fault of Turbulence, to be shown with its stack.
    public static boolean isOurs(Throwable thrown) {
        return !(thrown instanceof TurbulenceException)
                && !(thrown instanceof IllegalArgumentException)
                && !(thrown instanceof UncheckedIOException);
    }
}
