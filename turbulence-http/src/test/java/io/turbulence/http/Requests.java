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

    final Map<String, Object> query = new LinkedHashMap<>();
    final Map<String, Object> headers = new LinkedHashMap<>();

    @Nullable
    Object json;

    @Nullable
    Object body;

    @Nullable
    Map<String, Object> form;

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

    Requests maxBody(long bytes) {
        maxBody = DataSize.ofBytes(bytes);
        return this;
    }

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
