package io.turbulence.core.internal.definition.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A name that an expression reads, and the constant keys read from it: `steps['a-b'].payload.items[0]` is
/// `[steps, a-b, payload, items, 0]`. The path ends where a key is computed or a method is called.
///
/// @param path the root name first
/// @param offset where the root name stands in the compiled text
/// @param optional whether the expression copes with it missing (`??`, `?:`, `empty`)
/// @param hint what else the author may have meant, a full sentence
public record Reference(
        List<String> path,
        int offset,
        boolean optional,
        @Nullable String hint) {

    public Reference {
        path = List.copyOf(path);
    }

    public String root() {
        return path.getFirst();
    }
}
