package io.turbulence.http;

import io.turbulence.api.DataSize;
import io.turbulence.spi.OneOf;
import io.turbulence.spi.Setting;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One GraphQL operation over HTTP.
@OneOf(
        value = {"query", "file"},
        required = true)
record GraphqlRequest(
        @Setting(
                value = "The document: a query or a mutation.",
                example = "\"query($id: ID!) { order(id: $id) { status } }\"")
        @Nullable
        String query,

        @Setting(value = "A file with the document.", example = "order.graphql", templates = Setting.Templates.LOAD)
        @Nullable
        Path file,

        @Setting(value = "The values of the document's variables.", example = "{id: \"{{order_id}}\"}")
        Map<String, @Nullable Object> variables,

        @Setting("Which of the document's operations is meant, where there are several.") @Nullable
        String operationName,

        @Setting(value = "The path below the service's `base_url`; or a whole URL elsewhere.", aliases = "url")
        @Nullable
        String path,

        @Setting(
                value = "Header fields; a list sends the field several times, null does not send it.",
                inherits = {"^default_headers", "headers"},
                ignoreCase = true)
        Map<String, @Nullable Object> headers,

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
        boolean propagate) {}
