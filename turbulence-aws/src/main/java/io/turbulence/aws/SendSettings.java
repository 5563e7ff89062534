package io.turbulence.aws;

import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One message, or several, to be sent to a queue.
@OneOf(
        value = {"body", "json", "messages"},
        required = true)
record SendSettings(
        @Setting(value = "The queue, by name or URL.", example = "orders")
        String queue,

        @Setting(value = "The message as text; a mapping or a list is sent as JSON.", example = "hello") @Nullable
        Object body,

        @Setting(value = "The message as JSON.", example = "{order_id: o-1}") @Nullable
        Object json,

        @Setting(value = "The message's attributes: texts and numbers.", example = "{source: test, priority: 3}")
        Map<String, Object> attributes,

        @Setting("The message group, of a FIFO queue.") @Nullable
        String groupId,

        @Setting("What makes it the same message when it is sent again, to a FIFO queue.") @Nullable
        String deduplicationId,

        @Setting(value = "How long it is hidden at first.", range = "0..900") @Nullable
        Duration delay,

        @Setting("Several messages, ten in one request; the keys of each are as those of one.")
        List<Message> messages,

        @Setting(
                value = "Whether the attributes `correlation_id` and `traceparent` go with the messages.",
                inherits = "propagate",
                defaultValue = "true")
        boolean propagate) {

    /// One of several messages.
    @OneOf(
            value = {"body", "json"},
            required = true)
    record Message(
            @Setting("The message as text; a mapping or a list is sent as JSON.") @Nullable
            Object body,

            @Setting("The message as JSON.") @Nullable Object json,

            @Setting("The message's attributes.") Map<String, Object> attributes,

            @Setting("The message group, of a FIFO queue.") @Nullable
            String groupId,

            @Setting("What makes it the same message when it is sent again.") @Nullable
            String deduplicationId,

            @Setting(value = "How long it is hidden at first.", range = "0..900") @Nullable
            Duration delay) {

        Message {
            attributes = attributes == null ? Map.of() : attributes;
        }
    }

    SendSettings {
        attributes = attributes == null ? Map.of() : attributes;
        messages = messages == null ? List.of() : messages;
    }

    /// What is sent, in order.
    List<Message> all() {
        return messages.isEmpty()
                ? List.of(new Message(body, json, attributes, groupId, deduplicationId, delay))
                : messages;
    }
}
