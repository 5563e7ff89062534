package io.turbulence.core.internal.definition.binding;

import io.turbulence.core.internal.definition.expression.Scope;
import io.turbulence.spi.Matcher;
import java.util.Optional;

/// A matcher whose values may still be templates. Immutable and thread-safe.
@FunctionalInterface
public interface CompiledMatcher {

    Matcher render(Scope scope);

    /// The matcher, when it is the same for every step.
    default Optional<Matcher> constant() {
        return Optional.empty();
    }
}
