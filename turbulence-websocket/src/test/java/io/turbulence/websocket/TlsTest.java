package io.turbulence.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import java.nio.file.Path;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `wss`.
@Timeout(60)
class TlsTest {

    @TempDir
    private static Path folder;

    private static Certificates certificates;
    private static JavaServer server;

    @BeforeAll
    static void open() throws Exception {
        certificates = Certificates.in(folder);
        server = new JavaServer(false);
        server.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(certificates.server()));
        server.begin();
    }

    @AfterAll
    static void close() throws Exception {
        server.close();
    }

    private static WebSocketService service(@Nullable Path ca, @Nullable String name, boolean skip) {
        return WebSocketHost.tls(
                "wss://127.0.0.1:" + server.getPort() + "/chat", new WebSocketService.Tls(ca, null, null, name, skip));
    }

    private static void converses(WebSocketService service) throws Exception {
        try (WebSocketHost host = new WebSocketHost(service)) {
            host.send("x".repeat(100_000));
            Observation back = host.await(null);
            assertThat(back.outcome().success()).as(back.toString()).isTrue();
            assertThat(WebSocketHost.text(back.payload())).hasSize(100_000);
            assertThat(host.close(1000, "").outcome()).isEqualTo(new Outcome.Completed(true, "1000"));
        }
    }

    @Test
    void conversesWithAServerOfATrustedAuthority() throws Exception {
        converses(service(certificates.ca, null, false));
        converses(service(certificates.ca, "localhost", false));
    }

    @Test
    void conversesWithAnyServerWhenItIsTold() throws Exception {
        converses(service(null, null, true));
    }

    @Test
    void tellsACertificateThatIsNotTrusted() {
        Throwable thrown = catchThrowable(() -> new WebSocketHost(service(null, null, false)));
        Outcome.Failed failed = Outcome.Failed.of(thrown);
        assertThat(failed.failure()).isEqualTo(Failure.TLS);
        assertThat(failed.message())
                .isEqualTo("TLS with '127.0.0.1:" + server.getPort()
                        + "' failed: unable to find valid certification path to requested target; name the certificates"
                        + " that it was signed with as 'tls: {ca: FILE}'");
    }

    @Test
    void tellsACertificateOfAnotherName() {
        Throwable thrown = catchThrowable(() -> new WebSocketHost(service(certificates.ca, "other.local", false)));
        Outcome.Failed failed = Outcome.Failed.of(thrown);
        assertThat(failed.failure()).isEqualTo(Failure.TLS);
        assertThat(failed.message())
                .isEqualTo("TLS with '127.0.0.1:" + server.getPort()
                        + "' failed: No subject alternative DNS name matching other.local found.");
    }
}
