package io.turbulence.http;

import io.turbulence.api.DataSize;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Settings of requests, as the host would bind them.
final class Requests {

    String method = "GET";

    @Nullable
    String path = "/";

    final Map<String, @Nullable Object> query = new LinkedHashMap<>();
    final Map<String, @Nullable Object> headers = new LinkedHashMap<>();

    @Nullable
    Object json;

    @Nullable
    Object body;

    @Nullable
    Map<String, @Nullable Object> form;

    @Nullable
    Map<String, HttpRequest.Part> multipart;

    boolean followRedirects;
    int maxRedirects = 10;
    DataSize maxBody = DataSize.parse("64 MiB");

    @Nullable
    Auth auth;

    boolean propagate = true;

    static Requests to(String method, String path) {
        Requests requests = new Requests();
        requests.method = method;
        requests.path = path;
        return requests;
    }

    static HttpRequest get(String path) {
        return to("GET", path).build();
    }

    Requests header(String name, Object value) {
        headers.put(name, value);
        return this;
    }

    Requests query(String name, Object value) {
        query.put(name, value);
        return this;
    }

    Requests json(Object tree) {
        json = tree;
        return this;
    }

    Requests body(Object content) {
        body = content;
        return this;
    }

    Requests form(Map<String, ?> fields) {
        form = new LinkedHashMap<>(fields);
        return this;
    }

    Requests part(String name, HttpRequest.Part part) {
        Map<String, HttpRequest.Part> parts = multipart == null ? new LinkedHashMap<>() : multipart;
        parts.put(name, part);
        multipart = parts;
        return this;
    }

    Requests following(int most) {
        followRedirects = true;
        maxRedirects = most;
        return this;
    }

    Requests auth(Auth credentials) {
        auth = credentials;
        return this;
    }

    Requests maxBody(long bytes) {
        maxBody = DataSize.ofBytes(bytes);
        return this;
    }

    /// The class file of a record loses the nullness of the values in its maps.
    @SuppressWarnings("NullAway")
    HttpRequest build() {
        return new HttpRequest(
                method,
                path,
                query,
                headers,
                json,
                body,
                form,
                multipart,
                followRedirects,
                maxRedirects,
                maxBody,
                auth,
                propagate);
    }
}
