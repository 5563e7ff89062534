package io.turbulence.websocket;

import io.turbulence.spi.Setting;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A handshake.
record ConnectSettings(
        @Setting(value = "Another path than the service's, with its query.", example = "/rooms/{{room}}") @Nullable
        String path,

        @Setting(value = "What is added to the query.", example = "{client_id: \"{{client_id}}\"}")
        Map<String, @Nullable Object> query,

        @Setting(
                value = "Headers of the handshake; a list sends a name several times, null does not send it.",
                inherits = "headers",
                ignoreCase = true)
        Map<String, @Nullable Object> headers,

        @Setting(value = "Subprotocols to offer in place of the service's.", example = "[chat.v2]")
        List<String> subprotocols) {

    ConnectSettings {
        query = query == null ? Map.of() : query;
        headers = headers == null ? Map.of() : headers;
        subprotocols = subprotocols == null ? List.of() : List.copyOf(subprotocols);
    }
}
