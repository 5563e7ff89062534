package io.turbulence.websocket;

import io.turbulence.spi.Matcher;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A conversation.
record ExchangeSettings(
        @Setting(
                value = "What is sent and what is awaited, in this order.",
                example = "[{send: {type: join}}, {expect: \"payload.type == 'joined'\", timeout: 2s}, close]",
                range = "1..")
        List<Turn> exchange,

        @Setting(
                value = "Headers of the handshake, when this step is the first to use the connection.",
                inherits = "headers",
                ignoreCase = true)
        Map<String, @Nullable Object> headers) {

    ExchangeSettings {
        exchange = List.copyOf(exchange);
        headers = headers == null ? Map.of() : headers;
    }

    /// One turn of a conversation.
    @OneOf(
            value = {"send", "base64", "expect", "signal"},
            required = true)
    record Turn(
            @Setting("A message to send: a text as it is, any other tree as JSON.") @Nullable
            Object send,

            @Setting("A binary message to send, as base64.") @Nullable
            String base64,

            @Setting("Waits for the first message that it holds for; messages before it stay for later steps.")
            @Nullable
            Matcher expect,

            @Setting("The longest wait for the expected message.") @Nullable
            Duration timeout,

            @Setting(value = "`close` closes the connection with 1000.", whenScalar = true) @Nullable
            Signal signal) {}

    /// What a turn does other than to send and to wait.
    enum Signal {
        CLOSE
    }
}
