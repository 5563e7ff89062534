package io.turbulence.websocket;

import io.turbulence.spi.Matcher;
import io.turbulence.spi.Setting;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A GraphQL subscription.
record SubscribeSettings(
        @Setting(value = "The document.", example = "\"subscription { orderChanged { id status } }\"")
        String query,

        @Setting(value = "The values of the document's variables.", example = "{id: \"{{order_id}}\"}")
        Map<String, @Nullable Object> variables,

        @Setting("Which of the document's operations is meant, where there are several.") @Nullable
        String operationName,

        @Setting(
                value = "What `connection_init` carries, when this step is the first to speak GraphQL over the"
                        + " connection.",
                example = "{token: \"{{token}}\"}")
        @Nullable
        Object connection,

        @Setting(
                value = "Ends the subscription well after the first message that it holds for.",
                example = "payload.data.orderChanged.status == 'SHIPPED'")
        @Nullable
        Matcher until,

        @Setting(
                value = "Ends the subscription well after so many messages; 0 for no limit.",
                defaultValue = "0",
                range = "0..")
        long maxMessages,

        @Setting("Ends the subscription well when no message came for so long.") @Nullable
        Duration idleTimeout,

        @Setting(
                value = "Headers of the handshake, when this step is the first to use the connection.",
                inherits = "headers",
                ignoreCase = true)
        Map<String, @Nullable Object> headers) {

    SubscribeSettings {
        variables = variables == null ? Map.of() : variables;
        headers = headers == null ? Map.of() : headers;
    }
}
