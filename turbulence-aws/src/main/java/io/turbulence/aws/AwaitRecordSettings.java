package io.turbulence.aws;

import static io.turbulence.spi.Setting.Templates.LOAD;

import io.turbulence.spi.Matcher;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A record that is waited for.
@OneOf({"count", "absent_for"})
record AwaitRecordSettings(
        @Setting(value = "The stream, by name or ARN.", example = "clicks", templates = LOAD)
        String stream,

        @Setting(
                value = "Which record is meant: `{key: …}` (the partition key) or `{jsonpath: …, equals: …}` are looked"
                        + " up; any other expectation is evaluated on every record for every waiter. Without it, any"
                        + " record.",
                example = "{key: \"{{order_id}}\"}")
        @Nullable
        Matcher match,

        @Setting(value = "How many are waited for.", defaultValue = "1", range = "1..100000")
        int count,

        @Setting(value = "Instead: none may have come until so long from now.", example = "2s", range = "0..") @Nullable
        Duration absentFor,

        @Setting(
                value = "From where: `start` (of the run) or `earliest` (what the stream still has).",
                defaultValue = "start",
                templates = LOAD)
        From from) {

    /// From where a stream is read.
    enum From {
        START,
        EARLIEST
    }
}
