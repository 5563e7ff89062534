package io.turbulence.websocket;

import io.turbulence.spi.Matcher;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message that is waited for.
@OneOf({"count", "absent_for"})
record AwaitSettings(
        @Setting(
                value = "Which message is meant: `{jsonpath: …, equals: …}` is looked up; any other expectation is"
                        + " evaluated on every message. Without it, the next message.",
                example = "{jsonpath: \"$.id\", equals: \"{{message_id}}\"}")
        @Nullable
        Matcher match,

        @Setting(value = "How many are waited for.", defaultValue = "1", range = "1..100000")
        int count,

        @Setting(value = "Instead: none may have come until so long from now.", example = "2s", range = "0..") @Nullable
        Duration absentFor,

        @Setting(
                value = "Headers of the handshake, when this step is the first to use the connection.",
                inherits = "headers",
                ignoreCase = true)
        Map<String, @Nullable Object> headers) {

    AwaitSettings {
        headers = headers == null ? Map.of() : headers;
    }
}
