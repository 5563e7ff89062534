package io.turbulence.kafka;

import io.turbulence.spi.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A batch of records, whoever they are for.
record ConsumeSettings(
        @Setting(value = "Where from.", example = "orders") String topic,

        @Setting(
                value = "As a member of which consumer group; without it all partitions are read.",
                example = "billing")
        @Nullable
        String group,

        @Setting(value = "How many at most.", defaultValue = "100", range = "1..100000")
        int maxMessages,

        @Setting(value = "The batch ends when nothing came for so long.", defaultValue = "1s", range = "0..")
        Duration idleTimeout,

        @Setting(value = "Whether what was read is committed for the group.", defaultValue = "true")
        boolean commit,

        @Setting(
                value = "Where to begin where the group has committed nothing: `earliest`, `step` (what comes from now"
                        + " on), a time, or a duration before now.",
                defaultValue = "earliest",
                example = "10m")
        String from) {}
