package io.turbulence.http;

import io.turbulence.api.DataSize;
import io.turbulence.spi.Matcher;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A stream of server-sent events.
@OneOf({"json", "body"})
record SseRequest(
        @Setting(value = "The method.", defaultValue = "GET", example = "POST")
        String method,

        @Setting(
                value = "The path below the service's `base_url`, with or without a query; or a whole URL elsewhere.",
                aliases = "url",
                example = "/events")
        @Nullable
        String path,

        @Setting("Parameters that are added to the path's query, encoded; a list repeats its name.")
        Map<String, @Nullable Object> query,

        @Setting(
                value = "Header fields; a list sends the field several times, null does not send it.",
                inherits = {"^default_headers", "headers"},
                ignoreCase = true)
        Map<String, @Nullable Object> headers,

        @Setting("A JSON body.") @Nullable Object json,

        @Setting("A body: a mapping or a list is sent as JSON, anything else as text.") @Nullable
        Object body,

        @Setting(
                value = "Ends the stream well after the first event that it holds for.",
                example = "payload.state == 'done'")
        @Nullable
        Matcher until,

        @Setting(
                value = "Ends the stream well after so many events; 0 for no limit.",
                defaultValue = "0",
                range = "0..")
        long maxMessages,

        @Setting(value = "Ends the stream well when no event came for so long.", range = "0..") @Nullable
        Duration idleTimeout,

        @Setting(
                value = "The names of the events that count (`message` for those without one); all when empty.",
                example = "[order, done]")
        List<String> events,

        @Setting("The id of the last event that was seen before; the server goes on after it.") @Nullable
        String lastEventId,

        @Setting(
                value = "How often a stream that the server ended is asked for again, from its last event on.",
                defaultValue = "0",
                range = "0..1000")
        int reconnect,

        @Setting(value = "The longest event.", defaultValue = "1 MiB")
        DataSize maxEvent,

        @Setting(value = "Credentials, instead of the service's.", inherits = "auth") @Nullable
        Auth auth,

        @Setting(
                value = "Whether `X-Correlation-ID` and `traceparent` go with the request.",
                inherits = "propagate",
                defaultValue = "true")
        boolean propagate) {

    SseRequest {
        events = List.copyOf(events);
    }

    /// The request that asks for the stream.
    HttpRequest request() {
        return new HttpRequest(
                method, path, query, headers, json, body, null, null, false, 1, maxEvent, auth, propagate);
    }
}
