package io.turbulence.http;

import io.turbulence.api.DataSize;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One request.
@OneOf({"json", "body", "form", "multipart"})
record HttpRequest(
        @Setting(value = "The method.", defaultValue = "GET", example = "POST")
        String method,

        @Setting(
                value = "The path below the service's `base_url`, with or without a query; or a whole URL elsewhere.",
                aliases = "url",
                example = "/orders/{{order_id}}")
        @Nullable
        String path,

        @Setting(
                value = "Parameters that are added to the path's query, encoded; a list repeats its name.",
                example = "{page: 2, tag: [a, b]}")
        Map<String, @Nullable Object> query,

        @Setting(
                value = "Header fields; a list sends the field several times, null does not send it.",
                inherits = {"^default_headers", "headers"},
                ignoreCase = true,
                example = "{Accept: application/json}")
        Map<String, @Nullable Object> headers,

        @Setting(value = "A JSON body.", example = "{sku: A-1, quantity: 2}") @Nullable
        Object json,

        @Setting(
                value = "A body: a mapping or a list is sent as JSON, `{file: …}` is the content of a file that is"
                        + " found from the scenario's folder, anything else is text. The word `discard` alone"
                        + " sends nothing, and the answer's body is counted but not kept.",
                fileKey = "file",
                example = "{file: order.xml}")
        @Nullable
        Object body,

        @Setting(
                value = "The fields of a form (`application/x-www-form-urlencoded`); a list repeats its name.",
                example = "{user: ann, password: secret}")
        @Nullable
        Map<String, @Nullable Object> form,

        @Setting(
                value = "The parts of a form with files (`multipart/form-data`), by name.",
                example = "{title: Invoice, scan: {file: scan.pdf}}")
        @Nullable
        Map<String, Part> multipart,

        @Setting(value = "Whether redirects are followed.", defaultValue = "false")
        boolean followRedirects,

        @Setting(value = "How many redirects are followed.", defaultValue = "10", range = "1..100")
        int maxRedirects,

        @Setting(
                value = "The longest body of an answer, decoded; a longer one fails the step.",
                defaultValue = "64 MiB")
        DataSize maxBody,

        @Setting(value = "Credentials, instead of the service's.", inherits = "auth") @Nullable
        Auth auth,

        @Setting(
                value = "Whether `X-Correlation-ID` and `traceparent` go with the request.",
                inherits = "propagate",
                defaultValue = "true")
        boolean propagate) {

    /// One part of a form with files.
    @OneOf(
            value = {"value", "file"},
            required = true)
    record Part(
            @Setting(value = "The content; a mapping or a list is sent as JSON.", whenScalar = true) @Nullable
            Object value,

            @Setting("A file whose content is sent as it is read.") @Nullable
            Path file,

            @Setting("The file's name as it is sent; the file's own where none is given.") @Nullable
            String filename,

            @Setting(value = "The part's media type.", example = "application/pdf") @Nullable
            String contentType,

            @Setting("The part's name, where several parts bear the same one.") @Nullable
            String name) {}

    HttpRequest {
        query = query == null ? Map.of() : query;
        headers = headers == null ? Map.of() : headers;
    }
}
