package io.turbulence.kafka;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// JSON where no host is at hand.
final class JsonText {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private JsonText() {}

    static String of(@Nullable Object tree) {
        return MAPPER.writeValueAsString(tree);
    }

    static Object read(String text) {
        return MAPPER.readValue(text, Object.class);
    }
}
