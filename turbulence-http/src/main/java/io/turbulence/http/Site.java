package io.turbulence.http;

import io.turbulence.api.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// One service at one place, with everything that is the same for all its requests. Immutable.
final class Site {

    private final HttpService service;
    private final String name;
    private final Endpoint endpoint;
    private final String basePath;
    private final String hostField;
    private final HttpVersion version;
    private final @Nullable Endpoint proxy;
    private final @Nullable String proxyAuthorization;

    Site(HttpService service, String name, Endpoint endpoint) {
        this.service = service;
        this.name = name;
        this.endpoint = endpoint;
        this.hostField = HttpUrl.hostField(endpoint);
        this.version = HttpVersion.of(service.version());
        HttpUrl base = HttpUrl.parse(service.baseUrl());
        String path = base.path();
        this.basePath = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        HttpService.Proxy through = service.unixSocket() == null ? service.proxy() : null;
        this.proxy = through == null ? null : HttpUrl.parse(through.url()).endpoint();
        this.proxyAuthorization = through == null ? null : authorization(through);
    }

    HttpService service() {
        return service;
    }

    /// The service's name in the system file.
    String name() {
        return name;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /// The place as messages name it.
    String authority() {
        return endpoint.authority();
    }

    /// What stands before the path of every step; without a slash at its end.
    String basePath() {
        return basePath;
    }

    String hostField() {
        return hostField;
    }

    HttpVersion version() {
        return version;
    }

    boolean secure() {
        return endpoint.scheme().equals("https");
    }

    @Nullable
    Endpoint proxy() {
        return proxy;
    }

    @Nullable
    String proxyAuthorization() {
        return proxyAuthorization;
    }

    /// Whether requests name the whole URL, because a proxy reads them.
    boolean sendsWholeUrl() {
        return proxy != null && !secure();
    }

    HttpService.Tls tls() {
        HttpService.Tls tls = service.tls();
        return tls == null ? HttpService.Tls.DEFAULT : tls;
    }

    private static @Nullable String authorization(HttpService.Proxy proxy) {
        String username = proxy.username();
        if (username == null) {
            return null;
        }
        String password = proxy.password();
        return basic(username, password == null ? "" : password);
    }

    /// The value of an `Authorization` field (RFC 7617).
    static String basic(String username, String password) {
        byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
        return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
}
