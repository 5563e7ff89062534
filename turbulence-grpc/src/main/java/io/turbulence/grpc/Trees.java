package io.turbulence.grpc;

import io.turbulence.spi.Json;
import org.jspecify.annotations.Nullable;

/// Reads messages that are written as JSON text.
final class Trees {

    private Trees() {}

    /// The tree of a text that is a JSON mapping; anything else as it is.
    static @Nullable Object read(@Nullable Object value, Json json) {
        if (!(value instanceof String text) || !text.stripLeading().startsWith("{")) {
            return value;
        }
        try {
            return json.read(text);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }
}
