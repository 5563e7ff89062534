package io.turbulence.websocket;

import io.turbulence.api.DataSize;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One message to send.
@OneOf(
        value = {"text", "json", "base64"},
        required = true)
record SendSettings(
        @Setting(value = "A text.", example = "hello") @Nullable
        String text,

        @Setting(value = "A tree that is sent as JSON, as a text.", example = "{type: join, room: \"{{room}}\"}")
        @Nullable
        Object json,

        @Setting(value = "A binary message, as base64.", example = "AAEC") @Nullable
        String base64,

        @Setting(
                value = "The most that one frame holds; a larger message goes in several. Without it, one frame.",
                example = "16 KiB",
                range = "1..")
        @Nullable
        DataSize fragment,

        @Setting(
                value = "Headers of the handshake, when this step is the first to use the connection.",
                inherits = "headers",
                ignoreCase = true)
        Map<String, @Nullable Object> headers) {

    SendSettings {
        headers = headers == null ? Map.of() : headers;
    }
}
