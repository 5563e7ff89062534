package io.turbulence.http;

import static io.turbulence.http.Http1ExchangeTest.failed;
import static io.turbulence.http.Http1ExchangeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.spi.Phase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsTest {

    @TempDir
    static Path folder;

    private static Certificates certificates;
    private static HttpsServer server;
    private static HttpsServer strict;

    @BeforeAll
    static void start() throws Exception {
        certificates = Certificates.in(folder);
        server = start(false);
        strict = start(true);
    }

    private static HttpsServer start(boolean clientCertificate) throws Exception {
        SSLContext context = certificates.serverContext();
        HttpsServer started = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        started.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = context.getDefaultSSLParameters();
                ssl.setNeedClientAuth(clientCertificate);
                parameters.setSSLParameters(ssl);
            }
        });
        started.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        started.createContext("/", exchange -> {
            byte[] answer = "secret".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        started.start();
        return started;
    }

    @AfterAll
    static void stop() {
        server.stop(0);
        strict.stop(0);
    }

    static HttpService service(String url, HttpService.@Nullable Tls tls) {
        return new HttpService(url, Map.of(), "auto", false, null, tls, null, true, null);
    }

    private static String url(HttpsServer of, String host) {
        return "https://" + host + ":" + of.getAddress().getPort();
    }

    private static HttpService.Tls trusting() {
        return new HttpService.Tls(certificates.ca, null, null, false, null);
    }

    @Test
    void trustsAnAuthorityOfItsOwn() {
        try (Host host = new Host(service(url(server, "localhost"), trusting()))) {
            assertThat(text(host.get("/"))).isEqualTo("secret");
            assertThat(host.phases)
                    .containsExactly(Phase.RESOLVED, Phase.CONNECTED, Phase.SECURED, Phase.SENT, Phase.FIRST_BYTE);
            assertThat(text(host.get("/"))).isEqualTo("secret");
            assertThat(host.opened).isEqualTo(1);
        }
    }

    @Test
    void saysThatACertificateIsNotTrusted() {
        try (Host host = new Host(service(url(server, "localhost"), null))) {
            Outcome.Failed failed = failed(host.get("/"));

            assertThat(failed.failure()).isEqualTo(Failure.TLS);
            assertThat(failed.message())
                    .isEqualTo("TLS with 'localhost:" + server.getAddress().getPort()
                            + "' failed: unable to find valid certification path to requested target; name the"
                            + " certificates that it was signed with as 'tls: {ca: FILE}'");
        }
    }

    @Test
    void saysThatTheNameIsNotInTheCertificate() {
        try (Host host = new Host(service(url(server, "127.0.0.1"), trusting()))) {
            Outcome.Failed failed = failed(host.get("/"));

            assertThat(failed.failure()).isEqualTo(Failure.TLS);
            assertThat(failed.message())
                    .isEqualTo("TLS with '127.0.0.1:" + server.getAddress().getPort()
                            + "' failed: No subject alternative names matching IP address 127.0.0.1 found");
        }
    }

    @Test
    void checksTheNameThatTheUserGives() {
        HttpService.Tls tls = new HttpService.Tls(certificates.ca, null, null, false, "localhost");
        try (Host host = new Host(service(url(server, "127.0.0.1"), tls))) {
            assertThat(text(host.get("/"))).isEqualTo("secret");
        }
    }

    @Test
    void checksNothingWhenToldSo() {
        HttpService.Tls tls = new HttpService.Tls(null, null, null, true, null);
        try (Host host = new Host(service(url(server, "127.0.0.1"), tls))) {
            assertThat(text(host.get("/"))).isEqualTo("secret");
        }
    }

    @Test
    void showsItsOwnCertificate() {
        HttpService.Tls tls =
                new HttpService.Tls(certificates.ca, certificates.clientCert, certificates.clientKey, false, null);
        try (Host host = new Host(service(url(strict, "localhost"), tls))) {
            assertThat(text(host.get("/"))).isEqualTo("secret");
        }
    }

    @Test
    void failsWithoutTheCertificateThatThePeerAsksFor() {
        try (Host host = new Host(service(url(strict, "localhost"), trusting()))) {
            Observation observation = host.get("/");

            assertThat(failed(observation).failure()).isIn(Failure.TLS, Failure.CLOSED);
        }
    }

    @Test
    void saysThatThePeerSpeaksNoTls() throws IOException {
        try (Script script = new Script(peer -> {
                    peer.send("HTTP/1.1 400 Bad Request\r\n\r\n");
                    peer.hang();
                });
                Host host = new Host(service("https://127.0.0.1:" + script.port(), trusting()))) {
            Outcome.Failed failed = failed(host.get("/"));

            assertThat(failed.failure()).isEqualTo(Failure.TLS);
            assertThat(failed.message())
                    .isEqualTo("TLS with '127.0.0.1:" + script.port()
                            + "' failed: Unsupported or unrecognized SSL message; does it speak TLS there?");
        }
    }

    @Test
    void holdsTheDeadlineDuringTheHandshake() throws IOException {
        try (Script script = new Script(Script.Peer::hang);
                Host host = new Host(service("https://127.0.0.1:" + script.port(), trusting()))
                        .within(Duration.ofSeconds(2))) {
            Outcome.Failed failed = failed(host.get("/"));

            assertThat(failed.failure()).isEqualTo(Failure.TIMEOUT);
            assertThat(failed.message())
                    .isEqualTo("'127.0.0.1:" + script.port()
                            + "' did not complete the TLS handshake within the timeout of 2000 ms");
        }
    }
}
