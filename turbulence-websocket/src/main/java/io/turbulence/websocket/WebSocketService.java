package io.turbulence.websocket;

import static io.turbulence.spi.Setting.Templates.LOAD;

import io.turbulence.api.DataSize;
import io.turbulence.spi.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A WebSocket server.
record WebSocketService(
        @Setting(value = "Where it is, with path and query.", example = "wss://chat.local/rooms?v=2", templates = LOAD)
        String url,

        @Setting(
                value = "Headers of the handshake; a list sends a name several times, null does not send it.",
                ignoreCase = true)
        Map<String, @Nullable Object> headers,

        @Setting(value = "Subprotocols to offer, the best first.", example = "[chat.v2, chat.v1]", templates = LOAD)
        List<String> subprotocols,

        @Setting(
                value = "Whether compression of messages is offered (RFC 7692), each message by itself.",
                defaultValue = "false",
                templates = LOAD)
        boolean permessageDeflate,

        @Setting(value = "Pings the server, so that a connection whose peer is gone is found.", templates = LOAD)
        @Nullable
        Heartbeat heartbeat,

        @Setting(
                value = "The largest message that is taken; a larger one ends the connection with 1009.",
                defaultValue = "16 MiB",
                templates = LOAD)
        DataSize maxMessage,

        @Setting(
                value = "Whether a step connects anew when the connection was lost or closed before it. Otherwise it"
                        + " fails, and `ws.connect` connects anew.",
                defaultValue = "false",
                templates = LOAD)
        boolean reconnect,

        @Setting(value = "How a `wss` server is trusted, and who we are.", templates = LOAD) @Nullable
        Tls tls,

        @Setting(
                value = "Whether `X-Correlation-ID` and `traceparent` go with the handshake.",
                defaultValue = "true",
                templates = LOAD)
        boolean propagate) {

    WebSocketService {
        headers = headers == null ? Map.of() : headers;
        subprotocols = subprotocols == null ? List.of() : List.copyOf(subprotocols);
    }

    /// How a peer that is gone is found.
    record Heartbeat(
            @Setting(value = "How often the server is pinged.", example = "15s", range = "0.01..", templates = LOAD)
            Duration interval,

            @Setting(
                    value = "How long nothing at all may come after a ping before the connection is given up.",
                    defaultValue = "10s",
                    range = "0.01..",
                    templates = LOAD)
            Duration timeout) {}

    /// Trust and keys.
    record Tls(
            @Setting(value = "Certificates that are trusted, in PEM.", templates = LOAD) @Nullable
            Path ca,

            @Setting(value = "Our certificate, in PEM.", templates = LOAD) @Nullable
            Path cert,

            @Setting(value = "Its private key, in PEM.", templates = LOAD) @Nullable
            Path key,

            @Setting(value = "The name to ask for and to check, where it is not the URL's host.", templates = LOAD)
            @Nullable
            String serverName,

            @Setting(value = "Whether any certificate is taken.", defaultValue = "false", templates = LOAD)
            boolean insecureSkipVerify) {

        static final Tls DEFAULT = new Tls(null, null, null, null, false);
    }
}
