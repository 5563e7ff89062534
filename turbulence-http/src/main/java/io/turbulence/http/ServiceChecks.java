package io.turbulence.http;

import io.turbulence.spi.Preparation;
import io.turbulence.spi.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What can be said about a service when it is loaded.
final class ServiceChecks {

    private ServiceChecks() {}

    static void check(Preparation<HttpService> service) {
        Problems problems = service.problems();
        service.constant("base_url", String.class).ifPresent(url -> baseUrl(url, problems));
        service.constant("version", Object.class).ifPresent(version -> version(version, problems));
        service.settings().ifPresent(settings -> {
            HttpService.Tls tls = settings.tls();
            if (tls != null) {
                tls(tls, problems);
            }
            HttpService.Proxy proxy = settings.proxy();
            if (proxy != null) {
                url("proxy.url", proxy.url(), "a URL such as 'http://proxy.local:3128'", problems);
            }
        });
    }

    private static void baseUrl(String url, Problems problems) {
        if (url("base_url", url, "a URL such as 'https://api.example.com/v1'", problems)
                && HttpUrl.parse(url).target().indexOf('?') >= 0) {
            problems.error(
                    "base_url", "'" + url + "' has a query", "a URL without one", "put it under 'query' of the steps");
        }
    }

    private static boolean url(String key, String url, String expected, Problems problems) {
        try {
            HttpUrl.parse(url);
            return true;
        } catch (IllegalArgumentException e) {
            problems.error(key, String.valueOf(e.getMessage()), expected, null);
            return false;
        }
    }

    private static void version(Object version, Problems problems) {
        try {
            HttpVersion.of(version);
        } catch (IllegalArgumentException e) {
            problems.error("version", "'" + version + "'", "one of auto, 1.1, 2", null);
        }
    }

    private static void tls(HttpService.Tls tls, Problems problems) {
        file("tls.ca", tls.ca(), problems);
        file("tls.cert", tls.cert(), problems);
        file("tls.key", tls.key(), problems);
        if ((tls.cert() == null) != (tls.key() == null)) {
            String missing = tls.cert() == null ? "cert" : "key";
            problems.error("tls", "'" + missing + "' is missing", "both 'cert' and 'key', or neither", null);
        }
    }

    private static void file(String key, @Nullable Path file, Problems problems) {
        if (file != null && !Files.isReadable(file)) {
            problems.error(key, "'" + file + "' cannot be read", "a PEM file", null);
        }
    }
}
