package io.turbulence.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.api.Observation;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.core.ConnectionRegistry;
import io.turbulence.core.RunResult;
import io.turbulence.core.Scenario;
import io.turbulence.core.Service;
import io.turbulence.core.SystemUnderTest;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.spi.Lease;
import io.turbulence.tck.PluginTestKit;
import io.turbulence.testkit.ClosedPort;
import io.turbulence.testkit.LocalServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the host tells of HTTP's connections.
@Timeout(60)
class ConnectionFiguresTest {

    @TempDir
    Path folder;

    @Test
    void countsWhatConnectsAnewInPlace() throws IOException {
        // Says that it keeps the connection, and closes it
        try (LocalServer server = LocalServer.start(socket -> answer(socket))) {
            RunResult result = TurbulenceRun.builder()
                    .plugins(new HttpPlugin())
                    .system(SystemUnderTest.named("s")
                            .service("api", Service.of("http").set("base_url", "http://127.0.0.1:" + server.port())))
                    .scenario(Scenario.named("twice")
                            .step("first", HttpStep.http().get("/"))
                            .step("pause", "sleep", Map.of("duration", "100ms"))
                            .step("second", HttpStep.http().get("/")))
                    .threshold("pools.api.opened == 2")
                    .threshold("pools.api.leases == 2")
                    .threshold("pools.api.reuse_rate == 0")
                    .output(folder)
                    .build()
                    .execute();

            assertThat(result.exitCode()).as(result.toString()).isZero();
            assertThat(server.accepted()).isEqualTo(2);
        }
    }

    @Test
    void tellsARefusedConnectionFromAWait() throws IOException {
        try (ClosedPort closed = ClosedPort.reserve()) {
            PluginTestKit.Result result = PluginTestKit.scenario("""
                id: refused
                flow: [ { name: only, type: http, path: / } ]
                """)
                    .with(new HttpPlugin())
                    .system("services: { api: { base_url: 'http://127.0.0.1:" + closed.port() + "' } }")
                    .run();

            Map<String, ?> only = result.observations("only").getFirst();
            assertThat(only.get("failure")).isEqualTo("CONNECT");
            assertThat(only.get("pool_wait_ms")).isEqualTo(0.0);
            assertThat(only.get("connect_ms")).isEqualTo(only.get("latency_ms"));
        }
    }

    @Test
    void opensNothingThatNobodyClosesOnceItsPoolIsClosed() throws Exception {
        try (LocalServer server = LocalServer.start(socket -> answer(socket))) {
            ConnectionRegistry registry = ConnectionRegistry.builder()
                    .plugin(new HttpPlugin())
                    .connect("api", Service.of("http").set("base_url", "http://127.0.0.1:" + server.port()))
                    .open();
            try (registry;
                    Lease<HttpConnection> lease = registry.lease("api", HttpConnection.class)) {
                lease.connection().get("/", Deadline.after(Duration.ofSeconds(5), "time"));
                registry.close();
                Observation answer = lease.connection().get("/", Deadline.after(Duration.ofSeconds(5), "time"));

                assertThat(answer.outcome()).isInstanceOf(Outcome.Failed.class);
                assertThat(answer.outcome().toString()).contains("CLOSED");
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void isUsedWithoutScenarios() throws Exception {
        try (LocalServer server = LocalServer.start(socket -> answer(socket));
                ConnectionRegistry registry = ConnectionRegistry.builder()
                        .plugin(new HttpPlugin())
                        .connect(
                                "api",
                                Service.of("http")
                                        .set("base_url", "http://127.0.0.1:" + server.port() + "/v1")
                                        .set("headers", Map.of("X-API-Key", "dev"))
                                        .set("auth", Map.of("bearer", "t0ken"))
                                        .pool("max", 2))
                        .open();
                Lease<HttpConnection> lease = registry.lease("api", HttpConnection.class)) {
            Observation answer = lease.connection()
                    .send(
                            "POST",
                            "/orders?fast=yes",
                            Map.of("x-api-key", "mine"),
                            "{}".getBytes(StandardCharsets.UTF_8),
                            Deadline.after(Duration.ofSeconds(10), "test"));

            assertThat(answer.outcome()).isEqualTo(new Outcome.Completed(true, "200"));
            assertThat(answer.payload())
                    .isInstanceOfSatisfying(
                            Payload.Bytes.class,
                            bytes -> assertThat(new String(bytes.content(), StandardCharsets.UTF_8))
                                    .startsWith("POST /v1/orders?fast=yes HTTP/1.1")
                                    .contains("x-api-key: mine", "Authorization: Bearer t0ken")
                                    .doesNotContain("X-API-Key", "traceparent"));
            assertThat(registry.figures("api").max()).isEqualTo(2);
        }
    }

    /// The request's head as the answer.
    private static void answer(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int read = in.read();
            if (read < 0) {
                return;
            }
            head.append((char) read);
        }
        byte[] body = head.toString().getBytes(StandardCharsets.US_ASCII);
        socket.getOutputStream()
                .write(("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
    }
}
