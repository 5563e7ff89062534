package io.turbulence.http;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.ActionContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes the request that a step's settings mean.
final class Calls {

    /// As a request's body: nothing is sent, and the answer's body is not kept.
    static final String DISCARD = "discard";

    private static final String USER_AGENT = "turbulence/" + Version.TEXT;
    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String FORM = "application/x-www-form-urlencoded";

    private Calls() {}

    static Call of(HttpRequest settings, Site site, ActionContext context) {
        RequestBody body = body(settings, context);
        boolean discard = DISCARD.equals(settings.body());
        Call call = new Call(method(settings.method()), url(settings, site), body, settings.maxBody(), discard);
        addFields(call, settings, context);
        return call;
    }

    private static String method(String given) {
        return switch (given) {
            case "GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS" -> given;
            default -> {
                String upper = given.toUpperCase(Locale.ROOT);
                boolean standard = List.of("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE")
                        .contains(upper);
                if (!HeadParser.isToken(given) || upper.equals("CONNECT")) {
                    throw refused("method '" + given + "' cannot be sent");
                }
                yield standard ? upper : given;
            }
        };
    }

    // URL

    private static HttpUrl url(HttpRequest settings, Site site) {
        String path = settings.path() == null ? "" : settings.path();
        if (HttpUrl.isAbsolute(path)) {
            HttpUrl url = HttpUrl.parse(path);
            return new HttpUrl(url.endpoint(), withQuery(url.target(), settings.query()));
        }
        String encoded = Percent.encodeTarget(path);
        String joined;
        if (encoded.isEmpty()) {
            joined = site.basePath().isEmpty() ? "/" : site.basePath();
        } else if (encoded.charAt(0) == '/') {
            joined = site.basePath().isEmpty() ? encoded : site.basePath() + encoded;
        } else {
            joined = site.basePath() + (encoded.charAt(0) == '?' ? "" : "/") + encoded;
        }
        String target = joined.charAt(0) == '?' ? "/" + joined : joined;
        return new HttpUrl(site.endpoint(), withQuery(target, settings.query()));
    }

    private static String withQuery(String target, Map<String, @Nullable Object> query) {
        if (query.isEmpty()) {
            return target;
        }
        StringBuilder whole = new StringBuilder(target);
        boolean first = target.indexOf('?') < 0;
        for (Map.Entry<String, @Nullable Object> entry : query.entrySet()) {
            for (Object value : values(entry.getValue())) {
                char last = whole.charAt(whole.length() - 1);
                whole.append(first ? "?" : last == '?' || last == '&' ? "" : "&");
                first = false;
                whole.append(Percent.encodeComponent(entry.getKey()))
                        .append('=')
                        .append(Percent.encodeComponent(String.valueOf(value)));
            }
        }
        return whole.toString();
    }

    /// A list's members, or the value alone; nothing for null.
    private static List<?> values(@Nullable Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        return value == null ? List.of() : List.of(value);
    }

    // Fields

    private static void addFields(Call call, HttpRequest settings, ActionContext context) {
        boolean agent = false;
        boolean accept = false;
        boolean mediaType = false;
        boolean correlation = false;
        boolean trace = false;
        for (Map.Entry<String, @Nullable Object> entry : settings.headers().entrySet()) {
            String name = entry.getKey();
            switch (name.length()) {
                case 6 -> accept |= name.equalsIgnoreCase("accept");
                case 10 -> agent |= name.equalsIgnoreCase("user-agent");
                case 11 -> trace |= name.equalsIgnoreCase("traceparent");
                case 12 -> mediaType |= name.equalsIgnoreCase("content-type");
                case 16 -> correlation |= name.equalsIgnoreCase("x-correlation-id");
                default -> {}
            }
            addField(call, name, entry.getValue());
        }
        if (!agent) {
            call.field("User-Agent", USER_AGENT);
        }
        if (!accept) {
            call.field("Accept", "*/*");
        }
        String bodyType = call.body().mediaType();
        if (!mediaType && bodyType != null) {
            call.field("Content-Type", bodyType);
        }
        if (settings.propagate()) {
            if (!correlation) {
                call.field("X-Correlation-ID", context.correlationId());
            }
            if (!trace) {
                call.field("traceparent", context.traceparent());
            }
        }
    }

    private static void addField(Call call, String name, @Nullable Object value) {
        if (value instanceof List<?> list) {
            for (Object member : list) {
                addField(call, name, member);
            }
        } else if (value != null) {
            checkName(name);
            call.field(name, checkedValue(name, String.valueOf(value)));
        }
    }

    /// Checks a field as far as it is known.
    ///
    /// @throws FailureException when it cannot be sent
    static void checkField(String name, @Nullable Object value) {
        checkName(name);
        for (Object one : values(value)) {
            if (one instanceof String text) {
                checkedValue(name, text);
            }
        }
    }

    private static void checkName(String name) {
        if (!HeadParser.isToken(name)) {
            throw refused("header '" + name + "' cannot be sent: this is no name of a header field");
        }
        if (name.equalsIgnoreCase("content-length") || name.equalsIgnoreCase("transfer-encoding")) {
            throw refused("header '" + name + "' cannot be set: it follows from the body");
        }
    }

    static String checkedValue(String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 127) {
                throw refused("header '" + name + "' cannot be sent: character " + (i + 1)
                        + " of its value is a control character");
            }
        }
        return value;
    }

    // Body

    private static RequestBody body(HttpRequest settings, ActionContext context) {
        if (settings.json() != null) {
            return new RequestBody.Bytes(context.json().write(settings.json()), JSON);
        }
        Map<String, @Nullable Object> form = settings.form();
        if (form != null) {
            return new RequestBody.Bytes(form(form), FORM);
        }
        try {
            Map<String, HttpRequest.Part> parts = settings.multipart();
            return parts != null ? MultipartBody.of(parts, context.json()) : body(settings.body(), context);
        } catch (SourceUnreadable e) {
            throw new FailureException(Failure.PROTOCOL, String.valueOf(e.getMessage()), e);
        }
    }

    private static RequestBody body(@Nullable Object body, ActionContext context) throws SourceUnreadable {
        return switch (body) {
            case null -> RequestBody.NONE;
            case String text -> text.equals(DISCARD) ? RequestBody.NONE : text(text);
            case Path file -> FileBody.of(file, "application/octet-stream");
            case Map<?, ?> map -> new RequestBody.Bytes(context.json().write(map), JSON);
            case List<?> list -> new RequestBody.Bytes(context.json().write(list), JSON);
            case byte[] bytes -> new RequestBody.Bytes(bytes, "application/octet-stream");
            default -> text(String.valueOf(body));
        };
    }

    private static RequestBody text(String text) {
        return new RequestBody.Bytes(text.getBytes(StandardCharsets.UTF_8), TEXT);
    }

    private static byte[] form(Map<String, @Nullable Object> form) {
        StringBuilder text = new StringBuilder();
        form.forEach((name, given) -> {
            for (Object value : values(given)) {
                text.append(text.isEmpty() ? "" : "&")
                        .append(Percent.encodeFormField(name))
                        .append('=')
                        .append(Percent.encodeFormField(String.valueOf(value)));
            }
        });
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static FailureException refused(String message) {
        return new FailureException(Failure.PROTOCOL, message);
    }
}
