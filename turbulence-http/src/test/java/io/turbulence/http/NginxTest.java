package io.turbulence.http;

import static io.turbulence.http.Http1ExchangeTest.failed;
import static io.turbulence.http.Http1ExchangeTest.status;
import static io.turbulence.http.Http1ExchangeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The same cases over each way of speaking with a server that nobody here wrote.
@Tag("servers")
@Timeout(120)
class NginxTest {

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static Nginx nginx;

    @BeforeAll
    static void start() throws Exception {
        Nginx.assume();
        certificates = Certificates.in(folder);
        Files.writeString(folder.resolve("large.bin"), "0123456789abcdef".repeat(300_000));
        nginx = Nginx.start(folder, certificates, """
            root %1$s;
            client_max_body_size 1m;
            location /text { default_type text/plain; return 200 "hello from nginx, long enough for gzip"; }
            location /moved { return 301 /text; }
            location /empty { return 204; }
            location /missing { return 404 "none"; }
            location /headers { add_header X-Seen "$http_x_sent|$http_traceparent|$http_user_agent"; return 200 "ok"; }
            location /limited/ { alias %1$s/; limit_rate 1000; }
            location /upload { proxy_pass http://127.0.0.1:1; }
            location /closed { return 444; }
            location /few { keepalive_requests 3; default_type text/plain; return 200 "few for each connection"; }
            listen unix:%1$s/nginx.sock;
            ssl_client_certificate %2$s; ssl_verify_client optional;
            location /known {
              if ($ssl_client_verify != SUCCESS) { return 403; }
              return 200 "$ssl_client_s_dn over $server_protocol";
            }
            """.formatted(folder, certificates.ca));
    }

    @AfterAll
    static void stop() throws Exception {
        if (nginx != null) {
            nginx.close();
        }
    }

    /// Ways of speaking.
    enum Way {
        HTTP_1("http", "1.1", "1.1"),
        HTTP_1_TLS("https", "1.1", "1.1"),
        HTTP_2("http", "2", "2"),
        HTTP_2_TLS("https", "auto", "2");

        final String scheme;
        final String asked;
        final String spoken;

        Way(String scheme, String asked, String spoken) {
            this.scheme = scheme;
            this.asked = asked;
            this.spoken = spoken;
        }

        Host host() {
            return host(new HttpService.Tls(certificates.ca, null, null, false, null), null);
        }

        Host host(HttpService.Tls tls, HttpService.@Nullable Proxy proxy) {
            int port = scheme.equals("https") ? nginx.securePort : spoken.equals("2") ? nginx.http2Port : nginx.port;
            return new Host(new HttpService(
                    scheme + "://localhost:" + port, Map.of(), asked, false, null, tls, proxy, true, null));
        }
    }

    @ParameterizedTest
    @EnumSource
    void getsTextOverOneConnection(Way way) {
        try (Host host = way.host()) {
            for (int i = 0; i < 3; i++) {
                Observation observation = host.get("/text");

                assertThat(text(observation)).isEqualTo("hello from nginx, long enough for gzip");
                assertThat(observation.metadata().get("version")).isEqualTo(way.spoken);
            }
            assertThat(host.opened).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void decodesGzip(Way way) {
        try (Host host = way.host()) {
            Requests request = Requests.to("GET", "/text").header("Accept-Encoding", "gzip");
            Observation observation = host.send(request.build());

            assertThat(String.valueOf(observation.metadata().get("headers")))
                    .containsIgnoringCase("content-encoding=gzip");
            assertThat(text(observation)).isEqualTo("hello from nginx, long enough for gzip");
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsAnswersWithoutBody(Way way) {
        try (Host host = way.host()) {
            assertThat(status(host.get("/empty"))).isEqualTo("204");
            assertThat(status(host.send(Requests.to("HEAD", "/text").build()))).isEqualTo("200");
            assertThat(status(host.get("/missing"))).isEqualTo("404");
            assertThat(text(host.get("/text"))).startsWith("hello");
            assertThat(host.opened).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void followsARedirect(Way way) {
        try (Host host = way.host()) {
            assertThat(text(host.send(Requests.to("GET", "/moved").following(3).build())))
                    .startsWith("hello");
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsFields(Way way) {
        try (Host host = way.host()) {
            Observation observation = host.send(
                    Requests.to("GET", "/headers").header("X-Sent", "ü 1").build());

            assertThat(String.valueOf(observation.metadata().get("headers")))
                    .containsIgnoringCase("x-seen=")
                    .contains("|00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01|turbulence/");
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsALargeBody(Way way) {
        try (Host host = way.host()) {
            Observation observation = host.get("/large.bin");

            assertThat(observation.metadata().get("body_bytes")).isEqualTo(4_800_000L);
            assertThat(text(observation)).endsWith("0123456789abcdef");
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsTheAnswerToAnUploadThatIsTooLarge(Way way) {
        try (Host host = way.host()) {
            Requests request = Requests.to("POST", "/upload").body("x".repeat(3_000_000));

            assertThat(status(host.send(request.build()))).isEqualTo("413");
            assertThat(text(host.get("/text"))).startsWith("hello");
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsTheAnswerToAnUpload(Way way) {
        try (Host host = way.host()) {
            Requests request = Requests.to("POST", "/upload").body("x".repeat(900_000));

            assertThat(status(host.send(request.build()))).isEqualTo("502");
        }
    }

    @ParameterizedTest
    @EnumSource
    void holdsTheDeadlineAgainstASlowServer(Way way) {
        try (Host host = way.host().within(Duration.ofSeconds(2))) {
            Observation observation = host.get("/limited/large.bin");

            assertThat(failed(observation).failure()).isEqualTo(Failure.TIMEOUT);
            assertThat(failed(observation).message()).contains("of 4800000 bytes of the body had arrived");
        }
    }

    @ParameterizedTest
    @EnumSource
    void saysThatTheServerClosed(Way way) {
        try (Host host = way.host()) {
            assertThat(failed(host.get("/closed")).failure()).isEqualTo(Failure.CLOSED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void goesOnWhenTheServerEndsConnections(Way way) {
        try (Host host = way.host()) {
            for (int i = 0; i < 20; i++) {
                assertThat(text(host.get("/few"))).isEqualTo("few for each connection");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_TLS", "HTTP_2_TLS"})
    void showsItsCertificate(Way way) {
        try (Host host = way.host(showing(certificates), null)) {
            assertThat(text(host.get("/known")))
                    .isEqualTo("CN=client over HTTP/" + (way == Way.HTTP_1_TLS ? "1.1" : "2.0"));
            assertThat(text(host.get("/known"))).startsWith("CN=client");
            assertThat(host.opened).isEqualTo(1);
        }
        try (Host host = way.host()) {
            assertThat(status(host.get("/known"))).isEqualTo("403");
        }
    }

    @Test
    void readsTheAnswerToACertificateOfAStranger(@TempDir Path elsewhere) throws Exception {
        Certificates strangers = Certificates.in(elsewhere);
        try (Host host = Way.HTTP_1_TLS.host(showing(strangers), null)) {
            Observation observation = host.get("/known");

            assertThat(status(observation)).isEqualTo("400");
            assertThat(text(observation)).contains("The SSL certificate error");
        }
    }

    private static HttpService.Tls showing(Certificates own) {
        return new HttpService.Tls(certificates.ca, own.clientCert, own.clientKey, false, null);
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_TLS", "HTTP_2_TLS"})
    void speaksTlsThroughAProxyThatAsksForCredentials(Way way) throws Exception {
        Node.assume();
        try (Node node = Node.start()) {
            String url = "http://127.0.0.1:" + node.proxyPort;
            try (Host host = way.host(showing(certificates), new HttpService.Proxy(url, "anna", "secret"))) {
                Observation observation = host.get("/known");

                assertThat(text(observation)).startsWith("CN=client over HTTP/");
                assertThat(observation.metadata().get("version")).isEqualTo(way.spoken);
                assertThat(text(host.get("/text"))).startsWith("hello");
                assertThat(host.opened).isEqualTo(1);
            }
            try (Host host = way.host(showing(certificates), new HttpService.Proxy(url, "anna", "guessed"))) {
                assertThat(failed(host.get("/text")).message())
                        .isEqualTo("proxy '127.0.0.1:" + node.proxyPort + "' does not lead to 'localhost:"
                                + nginx.securePort + "': it answered 407 Proxy Authentication Required");
            }
        }
    }

    @Test
    void speaksOverAUnixSocket() {
        HttpService service = new HttpService(
                "http://shop.invalid", Map.of(), "1.1", false, null, null, null, true, folder.resolve("nginx.sock"));
        try (Host host = new Host(service)) {
            assertThat(text(host.get("/text"))).startsWith("hello");
            assertThat(host.get("/large.bin").metadata().get("body_bytes")).isEqualTo(4_800_000L);
            assertThat(host.opened).isEqualTo(1);
        }
    }

    @Test
    void answersTenThousandRequestsOverTwoConnectionsWithAHundredStreamsEach() throws Exception {
        long before = nginx.answered();
        try (Host host = Way.HTTP_2.host();
                ExecutorService instances = Executors.newVirtualThreadPerTaskExecutor()) {
            Deadline opening = Deadline.after(Duration.ofSeconds(10), "timeout of 10 s");
            List<HttpConnection> connections = List.of(host.openAnother(opening), host.openAnother(opening));
            List<Semaphore> streams = List.of(new Semaphore(100), new Semaphore(100));
            HttpAction action = new HttpAction(host.connections);
            List<Future<String>> statuses = new ArrayList<>();
            for (int i = 0; i < 10_000; i++) {
                int which = i % 2;
                statuses.add(instances.submit(() -> {
                    streams.get(which).acquire();
                    try {
                        Deadline deadline = Deadline.after(Duration.ofSeconds(60), "timeout of 60 s");
                        return status(action.execute(
                                Requests.get("/text"), connections.get(which), host.new Context(deadline)));
                    } finally {
                        streams.get(which).release();
                    }
                }));
            }
            for (Future<String> status : statuses) {
                assertThat(status.get()).isEqualTo("200");
            }
            connections.forEach(HttpConnection::close);
        }
        assertThat(nginx.answered() - before).isEqualTo(10_000);
    }
}
