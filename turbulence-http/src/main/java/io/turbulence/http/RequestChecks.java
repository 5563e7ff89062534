package io.turbulence.http;

import io.turbulence.api.FailureException;
import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/// What can be said about a request when it is loaded.
final class RequestChecks {

    private static final Pattern OTHER_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://");

    private RequestChecks() {}

    static void check(Preparation<HttpRequest> step) {
        Problems problems = step.problems();
        checkFiles(step);
        step.constant("method", String.class).ifPresent(method -> {
            if (!HeadParser.isToken(method)) {
                problems.error("method", "'" + method + "'", "a method such as 'POST'", null);
            } else if (method.equalsIgnoreCase("GET") && hasBody(step)) {
                problems.warning("method", "GET is sent with a body", "write 'method: POST' if that is meant");
            }
        });
        step.constant("path", String.class).ifPresent(path -> {
            if (HttpUrl.isAbsolute(path)) {
                try {
                    HttpUrl.parse(path);
                } catch (IllegalArgumentException e) {
                    problems.error("path", String.valueOf(e.getMessage()), "a path or a whole URL", null);
                }
            } else if (OTHER_SCHEME.matcher(path).lookingAt()) {
                problems.error("path", "'" + path + "'", "a path, or a whole URL of http or https", null);
            }
        });
        checkHeaders(step);
    }

    /// Fields that can never be sent.
    static void checkHeaders(Preparation<?> step) {
        step.sketch("headers").ifPresent(headers -> checkHeaders(headers, step.problems()));
    }

    /// @param headers by name; [Preparation.Later] stands for what is not known yet
    private static void checkHeaders(Object headers, Problems problems) {
        if (!(headers instanceof Map<?, ?> fields)) {
            return;
        }
        fields.forEach((name, value) -> {
            if (name instanceof String text) {
                try {
                    Calls.checkField(text, value);
                } catch (FailureException e) {
                    problems.error("headers", String.valueOf(e.getMessage()), "fields that can be sent", null);
                }
            }
        });
    }

    /// A file that is named once and for all and is not there fails every instance.
    private static void checkFiles(Preparation<HttpRequest> step) {
        if (step.constant("body", Object.class).orElse("") instanceof Path file && !Files.isReadable(file)) {
            step.problems().error("body", unreadable(file), "a file whose content is sent", null);
        }
        if (step.constant("multipart", Object.class).orElse("") instanceof Map<?, ?> parts) {
            for (Object part : parts.values()) {
                Path file = part instanceof HttpRequest.Part given ? given.file() : null;
                if (file != null && !Files.isReadable(file)) {
                    step.problems().error("multipart", unreadable(file), "a file whose content is sent", null);
                }
            }
        }
    }

    private static String unreadable(Path file) {
        return "'" + file + "' cannot be read";
    }

    private static boolean hasBody(Preparation<HttpRequest> step) {
        boolean discards = step.constant("body", Object.class)
                .filter(Calls.DISCARD::equals)
                .isPresent();
        return step.has("json") || step.has("form") || step.has("multipart") || (step.has("body") && !discards);
    }
}
