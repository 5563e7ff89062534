package io.turbulence.core.internal.definition.template;

import org.jspecify.annotations.Nullable;

/// The environment variables a definition is loaded with.
/// Asked while definitions are compiled, by one thread.
public interface Environment {

    @Nullable
    String value(String name);
}
