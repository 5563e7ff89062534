package io.turbulence.core.internal.definition.template;

import org.jspecify.annotations.Nullable;

/// The environment variables a definition is loaded with.
public interface Environment {

    @Nullable
    String value(String name);
}
