package io.turbulence.http;

import static io.turbulence.spi.Setting.Templates.LOAD;

import io.turbulence.spi.Setting;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A service that speaks HTTP.
record HttpService(
        @Setting(
                value = "Where the service is. A path in it stands before the path of every step.",
                example = "https://api.example.com/v1",
                templates = LOAD)
        String baseUrl,

        @Setting(
                value =
                        "Header fields for every request of this service, over `default_headers`, under the step's own.",
                example = "{X-API-Key: \"{{env.API_KEY}}\"}",
                ignoreCase = true)
        Map<String, @Nullable Object> headers,

        @Setting(
                value =
                        "The version of HTTP: `auto` (TLS: what both sides prefer, else 1.1), `1.1` or `2` (without TLS by prior knowledge).",
                defaultValue = "auto",
                example = "2",
                templates = LOAD)
        Object version,

        @Setting(
                value =
                        "Whether each instance keeps the cookies that it is given and sends them back, as a browser does.",
                defaultValue = "false",
                templates = LOAD)
        boolean cookies,

        @Setting("Credentials for every request of this service.") @Nullable
        Auth auth,

        @Setting(value = "How the peer's certificate is checked, and our own.", templates = LOAD) @Nullable
        Tls tls,

        @Setting(
                value = "A proxy: `https` goes through it by CONNECT.",
                example = "http://proxy.local:3128",
                templates = LOAD)
        @Nullable
        Proxy proxy,

        @Setting(
                value = "Whether `X-Correlation-ID` and `traceparent` go with every request.",
                defaultValue = "true",
                templates = LOAD)
        boolean propagate,

        @Setting(
                value = "A unix domain socket to connect to instead of the host of `base_url`.",
                example = "/var/run/docker.sock",
                templates = LOAD)
        @Nullable
        Path unixSocket) {

    /// How TLS is spoken.
    record Tls(
            @Setting(value = "Certificates (PEM) that are trusted instead of the system's.", templates = LOAD) @Nullable
            Path ca,

            @Setting(value = "Our own certificate with its chain (PEM).", templates = LOAD) @Nullable
            Path cert,

            @Setting(value = "The private key of `cert` (PEM, not encrypted).", templates = LOAD) @Nullable
            Path key,

            @Setting(
                    value = "Accept any certificate of the peer, whatever its name. For tests only.",
                    defaultValue = "false",
                    templates = LOAD)
            boolean insecureSkipVerify,

            @Setting(
                    value =
                            "The name to ask for and to find in the certificate, where it is not the host of `base_url`.",
                    templates = LOAD)
            @Nullable
            String serverName) {

        static final Tls DEFAULT = new Tls(null, null, null, false, null);
    }

    /// Through which proxy requests go.
    record Proxy(
            @Setting(
                    value = "Where the proxy is.",
                    whenScalar = true,
                    example = "http://proxy.local:3128",
                    templates = LOAD)
            String url,

            @Setting(value = "The user name that it asks for.", templates = LOAD) @Nullable
            String username,

            @Setting(value = "The password that it asks for.", secret = true, templates = LOAD) @Nullable
            String password) {}

    HttpService {
        headers = headers == null ? Map.of() : headers;
    }

    static HttpService of(String baseUrl) {
        return new HttpService(baseUrl, Map.of(), "auto", false, null, null, null, true, null);
    }
}
