package io.turbulence.http;

import static java.util.Objects.requireNonNull;

import io.turbulence.api.DataSize;
import io.turbulence.spi.StepAction;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An HTTP request of a step that is written in Java: `http().post("/orders").json(Map.of("sku", "A-1"))`.
///
/// Immutable: every method returns a new one. Texts may hold templates. What is wrong is told when a run is checked.
public final class HttpStep implements StepAction {

    private static final String HEADERS = "headers";

    private final Map<String, @Nullable Object> settings;

    private HttpStep(Map<String, @Nullable Object> settings) {
        this.settings = Collections.unmodifiableMap(settings);
    }

    /// A request without settings.
    public static HttpStep http() {
        return new HttpStep(Map.of());
    }

    public HttpStep get(String path) {
        return method("GET", path);
    }

    public HttpStep post(String path) {
        return method("POST", path);
    }

    public HttpStep put(String path) {
        return method("PUT", path);
    }

    public HttpStep patch(String path) {
        return method("PATCH", path);
    }

    public HttpStep delete(String path) {
        return method("DELETE", path);
    }

    public HttpStep head(String path) {
        return method("HEAD", path);
    }

    /// Any method.
    public HttpStep method(String method, String path) {
        return set("method", requireNonNull(method, "method")).set("path", requireNonNull(path, "path"));
    }

    /// A parameter that is added to the path's query; a list repeats its name.
    public HttpStep query(String name, @Nullable Object value) {
        return inside("query", name, value);
    }

    /// A header field; a list sends it several times, null does not send it.
    public HttpStep header(String name, @Nullable Object value) {
        return inside(HEADERS, name, value);
    }

    /// A JSON body: maps, lists, texts, numbers, booleans and nulls.
    public HttpStep json(@Nullable Object tree) {
        return set("json", tree);
    }

    /// A text as the body.
    public HttpStep body(String text) {
        return set("body", text);
    }

    /// A file's content as the body.
    public HttpStep body(Path file) {
        return set("body", Map.of("file", file));
    }

    /// A field of a form.
    public HttpStep form(String name, @Nullable Object value) {
        return inside("form", name, value);
    }

    /// A part of a form with files.
    public HttpStep part(String name, Object content) {
        return inside("multipart", name, content);
    }

    /// A file as a part of a form with files.
    public HttpStep part(String name, Path file) {
        return inside("multipart", name, Map.of("file", file));
    }

    public HttpStep followRedirects() {
        return set("follow_redirects", true);
    }

    /// The longest body of an answer.
    public HttpStep maxBody(DataSize most) {
        return set("max_body", most);
    }

    public HttpStep basicAuth(String username, String password) {
        return set("auth", Map.of("basic", Map.of("username", username, "password", password)));
    }

    public HttpStep bearer(String token) {
        return set("auth", Map.of("bearer", token));
    }

    /// Any setting, with the value that would stand in YAML.
    public HttpStep set(String key, @Nullable Object value) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(settings);
        changed.put(key, value);
        return new HttpStep(changed);
    }

    private HttpStep inside(String key, String name, @Nullable Object value) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        if (settings.get(key) instanceof Map<?, ?> given) {
            given.forEach((known, other) -> values.put(String.valueOf(known), other));
        }
        values.put(name, value);
        return set(key, values);
    }

    @Override
    public String type() {
        return HttpAction.TYPE;
    }

    @Override
    public Map<String, @Nullable Object> settings() {
        return settings;
    }
}
