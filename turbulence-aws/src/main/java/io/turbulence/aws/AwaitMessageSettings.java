package io.turbulence.aws;

import static io.turbulence.spi.Setting.Templates.LOAD;

import io.turbulence.spi.Matcher;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A message that is waited for.
@OneOf({"count", "absent_for"})
record AwaitMessageSettings(
        @Setting(value = "The queue, by name or URL.", example = "orders-done", templates = LOAD)
        String queue,

        @Setting(
                value = "Which message is meant: `{header: {name: …}}` (an attribute), `{jsonpath: …, equals: …}` or"
                        + " `{key: …}` (the message group) are looked up; any other expectation is evaluated on every"
                        + " message for every waiter. Without it, any message.",
                example = "{header: {correlation_id: \"{{correlation_id}}\"}}")
        @Nullable
        Matcher match,

        @Setting(value = "How many are waited for.", defaultValue = "1", range = "1..100000")
        int count,

        @Setting(value = "Instead: none may have come until so long from now.", example = "2s", range = "0..") @Nullable
        Duration absentFor,

        @Setting(
                value = "What is deleted: messages that were taken (`taken`), every message that comes (`all`: the"
                        + " queue is the test's own), or none (`never`). What is not deleted is made visible again"
                        + " at once.",
                defaultValue = "taken",
                templates = LOAD)
        Delete delete) {

    /// What is deleted.
    enum Delete {
        TAKEN,
        ALL,
        NEVER
    }
}
