package io.turbulence.grpc;

import io.turbulence.spi.Matcher;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One call of a method.
@OneOf({"message", "messages", "exchange"})
@OneOf({"exchange", "until"})
@OneOf({"exchange", "max_messages"})
@OneOf({"exchange", "idle_timeout"})
record GrpcRequest(
        @Setting(value = "The method.", example = "shop.Orders/Create", templates = Setting.Templates.LOAD)
        String method,

        @Setting(
                value = "The message to send, as a tree: fields by their name or JSON name, enums by name, bytes as"
                        + " base64. An empty one when there is none. Answers have the JSON names: `total_price` comes as"
                        + " `totalPrice`.",
                aliases = "body",
                example = "{sku: \"A-1\", count: 2}")
        @Nullable
        Object message,

        @Setting(
                value = "The messages to send, one after the other, when the client streams.",
                example = "[{sku: \"A-1\"}, {sku: \"A-2\"}]")
        List<@Nullable Object> messages,

        @Setting(
                value = "A conversation: what is sent and what is awaited, in this order.",
                example = "[{send: {text: hello}}, {expect: \"payload.text == 'hello'\", timeout: 2s}, close]")
        List<Turn> exchange,

        @Setting(
                value = "Metadata of the call; a list sends a name several times, null does not send it. Values of"
                        + " names that end in `-bin` are base64.",
                inherits = "metadata",
                ignoreCase = true)
        Map<String, @Nullable Object> metadata,

        @Setting(
                value = "The call's deadline, told to the server as `grpc-timeout`. When it passes, the status is"
                        + " DEADLINE_EXCEEDED.",
                example = "2s")
        @Nullable
        Duration deadline,

        @Setting(
                value = "Ends a stream well after the first message that it holds for, and cancels it.",
                example = "payload.state == 'DONE'")
        @Nullable
        Matcher until,

        @Setting(
                value = "Ends a stream well after so many messages, and cancels it; 0 for no limit.",
                defaultValue = "0",
                range = "0..")
        long maxMessages,

        @Setting(value = "Ends a stream well when no message came for so long, and cancels it.") @Nullable
        Duration idleTimeout,

        @Setting(
                value = "Whether `x-correlation-id` and `traceparent` go with the call.",
                inherits = "propagate",
                defaultValue = "true")
        boolean propagate) {

    /// One turn of a conversation.
    @OneOf(
            value = {"send", "expect", "signal"},
            required = true)
    record Turn(
            @Setting("A message to send.") @Nullable Object send,

            @Setting("Waits for the first message that it holds for; messages before it are passed over.") @Nullable
            Matcher expect,

            @Setting("The longest wait for the expected message.") @Nullable
            Duration timeout,

            @Setting(
                    value = "`close` says that nothing more is sent and reads to the end; `cancel` cancels the call.",
                    whenScalar = true)
            @Nullable
            Signal signal) {}

    /// What a turn does other than to send and to wait.
    enum Signal {
        CLOSE,
        CANCEL
    }

    GrpcRequest {
        messages = messages == null ? List.of() : messages;
        exchange = exchange == null ? List.of() : List.copyOf(exchange);
        metadata = metadata == null ? Map.of() : metadata;
    }
}
