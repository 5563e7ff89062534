package io.turbulence.websocket;

import io.turbulence.api.Endpoint;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a WebSocket leads: what the handshake asks for, and of whom.
///
/// @param target path and query as they are sent
record Address(Endpoint endpoint, String target) {

    private static final int PORT = 80;
    private static final int SECURE_PORT = 443;

    /// @throws IllegalArgumentException when it is no such URL; the message says why
    static Address of(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("'" + url + "' is no URL: " + e.getReason(), e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!scheme.equals("ws") && !scheme.equals("wss")) {
            throw new IllegalArgumentException("'" + url + "' is no URL that begins with 'ws://' or 'wss://'");
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("'" + url + "' names no host");
        }
        if (uri.getFragment() != null) {
            throw new IllegalArgumentException("'" + url + "' has a fragment, which a WebSocket has not");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("wss") ? SECURE_PORT : PORT;
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        String target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
        return new Address(Endpoint.of(scheme, uri.getHost(), port), target);
    }

    boolean secure() {
        return endpoint.scheme().equals("wss");
    }

    /// The same at another place, as when a proxy stands between.
    Address at(Endpoint place) {
        return new Address(place, target);
    }

    /// Another path of the same server, with what is to be added to its query.
    Address with(@Nullable String path, Map<String, @Nullable Object> query) {
        StringBuilder asked = new StringBuilder(path == null ? target : path);
        query.forEach((name, value) -> {
            List<?> values = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
            for (Object each : values) {
                asked.append(asked.indexOf("?") < 0 ? '?' : '&')
                        .append(URLEncoder.encode(name, StandardCharsets.UTF_8))
                        .append('=')
                        .append(URLEncoder.encode(String.valueOf(each), StandardCharsets.UTF_8));
            }
        });
        return new Address(endpoint, asked.toString());
    }

    /// `Host` as it is sent: without the port where it is the scheme's own.
    String host() {
        boolean own = endpoint.port() == (secure() ? SECURE_PORT : PORT);
        String host = endpoint.host().indexOf(':') >= 0 ? "[" + endpoint.host() + "]" : endpoint.host();
        return own ? host : host + ":" + endpoint.port();
    }

    /// Without the query, which may hold what nobody should read.
    @Override
    public String toString() {
        int query = target.indexOf('?');
        return endpoint.scheme() + "://" + host() + (query < 0 ? target : target.substring(0, query));
    }
}
