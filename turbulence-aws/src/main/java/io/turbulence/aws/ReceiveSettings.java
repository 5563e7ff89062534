package io.turbulence.aws;

import io.turbulence.spi.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Messages to be received, whoever they are for.
record ReceiveSettings(
        @Setting(value = "The queue, by name or URL.", example = "orders")
        String queue,

        @Setting(value = "How many at most.", defaultValue = "10", range = "1..10000")
        int maxMessages,

        @Setting(
                value = "How long the first message is waited for; further ones are taken as long as there are some.",
                defaultValue = "1s",
                range = "0..")
        Duration waitTime,

        @Setting(value = "How long they are hidden from others; without it as the queue says.", range = "0..43200")
        @Nullable
        Duration visibility,

        @Setting("Whether they are deleted once they are received.")
        boolean delete) {}
