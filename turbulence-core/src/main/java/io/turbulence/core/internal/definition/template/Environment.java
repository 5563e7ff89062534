package io.turbulence.core.internal.definition.template;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What is known when a definition is loaded: environment variables, and expressions whose value is settled before
/// anything runs. Asked while definitions are compiled, by one thread.
public interface Environment {

    /// The value of an environment variable; null when it is not set.
    @Nullable
    String value(String name);

    /// The value of an expression that is settled at load, such as `launch.shop.port`; empty for any other.
    default Optional<Object> known(String expression) {
        return Optional.empty();
    }
}
