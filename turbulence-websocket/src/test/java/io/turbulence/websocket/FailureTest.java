package io.turbulence.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Endpoint;
import io.turbulence.api.Failure;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.testkit.FaultProxy;
import io.turbulence.testkit.FaultProxy.Way;
import io.turbulence.testkit.LocalServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What goes wrong on the way, each with its outcome.
@Timeout(60)
class FailureTest {

    private JavaServer server;
    private FaultProxy proxy;

    @BeforeEach
    void open() throws Exception {
        server = JavaServer.start(false);
        proxy = FaultProxy.to("127.0.0.1", server.getPort());
    }

    @AfterEach
    void close() throws Exception {
        proxy.close();
        server.close();
    }

    private WebSocketHost host(WebSocketService.@Nullable Heartbeat heartbeat) throws Exception {
        WebSocketService service = WebSocketHost.service(server.url(), false, heartbeat, "1 MiB", false);
        return new WebSocketHost(service, Endpoint.of("ws", proxy.host(), proxy.port()));
    }

    private String url() {
        return "ws://" + proxy.host() + ":" + proxy.port() + "/chat";
    }

    private static void assertFailed(Observation observation, Failure failure, String message) {
        assertThat(observation.outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.message()).isEqualTo(message);
            assertThat(failed.failure()).isEqualTo(failure);
        });
    }

    @Test
    void tellsACutFromACloseFrame() throws Exception {
        try (WebSocketHost host = host(null)) {
            host.connect();
            proxy.cut();
            Observation waited = host.await(null);
            assertFailed(
                    waited,
                    Failure.CLOSED,
                    "'" + url() + "': the server ended the connection without a close frame; no message was left");
            assertThat(waited.metadata().get("close_code")).isEqualTo(1006);
        }
    }

    @Test
    void tellsAReset() throws Exception {
        try (WebSocketHost host = host(null)) {
            host.connect();
            proxy.reset();
            assertFailed(
                    host.await(null),
                    Failure.CLOSED,
                    "'" + url() + "': the connection broke: Connection reset; no message was left");
            assertThat(host.send("more").outcome()).isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
                assertThat(failed.failure()).isEqualTo(Failure.CLOSED);
                assertThat(failed.message())
                        .isEqualTo("'" + url() + "': the connection broke: Connection reset, before this step; nothing"
                                + " was sent. 'ws.connect' connects anew, as does every step with the service's"
                                + " 'reconnect: true'");
            });
        }
    }

    @Test
    void tellsAMessageThatBrokeOff() throws Exception {
        try (WebSocketHost host = host(null)) {
            host.connect();
            proxy.cutAfter(Way.TO_CLIENT, proxy.bytes(Way.TO_CLIENT) + 3);
            host.send("a message that is longer than three bytes");
            assertFailed(
                    host.await(null),
                    Failure.CLOSED,
                    "'" + url() + "': the server ended the connection without a close frame; no message was left");
        }
    }

    @Test
    void waitsInVainInABlackHole() throws Exception {
        try (WebSocketHost host = host(null)) {
            host.connect();
            proxy.blackHole();
            host.send("lost");
            host.within(Duration.ofMillis(300));
            assertFailed(
                    host.await(null),
                    Failure.TIMEOUT,
                    "'" + url() + "': no message within the "
                            + host.context().deadline().limit() + "; none came meanwhile");
        }
    }

    @Test
    void findsAPeerThatIsGoneByItsHeartbeat() throws Exception {
        try (WebSocketHost host =
                host(new WebSocketService.Heartbeat(Duration.ofMillis(100), Duration.ofMillis(200)))) {
            host.connect();
            host.send("hello");
            host.await(null);
            proxy.halfOpen();
            assertFailed(
                    host.await(null),
                    Failure.TIMEOUT,
                    "'" + url() + "': nothing came within the heartbeat timeout of 200 ms after a ping; the connection"
                            + " was given up; no message was left");
        }
    }

    @Test
    void keepsAConnectionWhosePeerAnswersPings() throws Exception {
        try (WebSocketHost host = host(new WebSocketService.Heartbeat(Duration.ofMillis(20), Duration.ofSeconds(10)))) {
            host.connect();
            long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
            Observation absent;
            do {
                absent = host.await(null, 1, Duration.ofMillis(300));
                assertThat(absent.outcome()).isEqualTo(new Outcome.Completed(true, "ABSENT"));
            } while (!absent.metadata().has("ping_ms") && System.nanoTime() - until < 0);
            assertThat((Double) absent.metadata().get("ping_ms")).isPositive();
        }
    }

    @Test
    void doesNotWaitForeverForAServerThatDoesNotRead() throws Exception {
        try (WebSocketHost host = host(null)) {
            host.connect();
            proxy.stopReading(Way.TO_SERVER);
            host.within(Duration.ofMillis(500));
            Observation sent = host.send("x".repeat(32 << 20));
            assertFailed(
                    sent,
                    Failure.TIMEOUT,
                    "'" + url() + "': a message of 33554446 bytes was not taken within the "
                            + host.context().deadline().limit() + "; the server does not read");
        }
    }

    @Test
    void doesNotWaitForeverForAnAnswerToItsCloseFrame() throws Exception {
        try (WebSocketHost host = host(null)) {
            host.connect();
            proxy.blackHole();
            host.within(Duration.ofMillis(300));
            assertFailed(
                    host.close(1000, "done"),
                    Failure.TIMEOUT,
                    "'" + url() + "': the server did not answer our close frame 1000 (normal closure) within the "
                            + host.context().deadline().limit());
        }
    }

    @Test
    void takesEverythingFromASlowServer() throws Exception {
        proxy.bandwidth(Way.TO_CLIENT, 20_000);
        try (WebSocketHost host = host(null)) {
            host.send("!push 10 " + "x".repeat(500));
            assertThat(WebSocketHost.texts(host.await(null, 10, null))).hasSize(10);
        }
    }

    @Nested
    class Handshakes {

        private void assertRefused(String answer, Failure failure, String told) throws Exception {
            try (LocalServer wrong = LocalServer.start(socket -> {
                        readHead(socket);
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                    });
                    WebSocketHost host =
                            new WebSocketHost(WebSocketHost.service("ws://127.0.0.1:" + wrong.port() + "/"))) {
                assertFailed(host.connect(), failure, "'ws://127.0.0.1:" + wrong.port() + "/' " + told);
            }
        }

        private static void readHead(java.net.Socket socket) throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) socket.getInputStream().read());
            }
        }

        @Test
        void failWhereNoHttpIsSpoken() throws Exception {
            assertRefused(
                    "SSH-2.0-OpenSSH_9.6\r\n\r\n",
                    Failure.PROTOCOL,
                    "answered the handshake with 'SSH-2.0-OpenSSH_9.6', which is no HTTP/1.1");
        }

        @Test
        void failWithAWrongKey() throws Exception {
            assertRefused(
                    "HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Accept: abc\r\n\r\n",
                    Failure.PROTOCOL,
                    "answered the handshake with the Sec-WebSocket-Accept 'abc', which does not belong to our key");
        }

        @Test
        void failWithoutAnUpgrade() throws Exception {
            assertRefused(
                    "HTTP/1.1 101 X\r\nConnection: upgrade\r\n\r\n",
                    Failure.PROTOCOL,
                    "answered the handshake with 101 but without 'Upgrade: websocket'");
        }

        @Test
        void failInTheMiddleOfAnAnswer() throws Exception {
            assertRefused(
                    "HTTP/1.1 10",
                    Failure.CLOSED,
                    "ended the connection in the middle of its answer to the handshake, after 11 bytes");
        }

        @Test
        void failWithoutAnAnswer() throws Exception {
            assertRefused("", Failure.CLOSED, "ended the connection instead of answering the handshake");
        }

        @Test
        void failWithAServerThatIsSilent() throws Exception {
            try (LocalServer silent = LocalServer.silent();
                    WebSocketHost host =
                            new WebSocketHost(WebSocketHost.service("ws://127.0.0.1:" + silent.port() + "/"))) {
                host.within(Duration.ofMillis(300));
                assertFailed(
                        host.connect(),
                        Failure.TIMEOUT,
                        "'ws://127.0.0.1:" + silent.port() + "/' gave no answer to the handshake within the "
                                + host.context().deadline().limit());
            }
        }
    }
}
