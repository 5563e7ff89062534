package io.turbulence.core.internal.definition.expression;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one evaluation sees: names and their values, randomness, and the time. Asked lazily, by root name, from the
/// evaluating thread only. Values are maps with text keys, lists, texts, booleans, numbers, `byte[]` and null; they are
/// read in place and never changed.
public interface Scope {

    boolean has(String name);

    /// Called only for a name that [#has] knows.
    @Nullable
    Object value(String name);

    /// The next 64 pseudo-random bits for a place in the definition.
    long random(int place);

    Instant now();

    /// The names there are, for the hint of a message about an unknown one; may be empty.
    default Collection<String> names() {
        return List.of();
    }
}
