package io.turbulence.core.internal.check;

import io.turbulence.core.internal.definition.expression.Scope;
import java.time.Instant;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// A scope in which `value` is what an expectation's subject found.
record ValueScope(Scope outer, @Nullable Object subject) implements Scope {

    private static final String NAME = "value";

    @Override
    public boolean has(String name) {
        return name.equals(NAME) || outer.has(name);
    }

    @Override
    public @Nullable Object value(String name) {
        return name.equals(NAME) ? subject : outer.value(name);
    }

    @Override
    public long random(int place) {
        return outer.random(place);
    }

    @Override
    public Instant now() {
        return outer.now();
    }

    @Override
    public Collection<String> names() {
        return outer.names();
    }
}
