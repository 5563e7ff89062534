package io.turbulence.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.turbulence.core.RunResult;
import io.turbulence.core.Scenario;
import io.turbulence.core.Service;
import io.turbulence.core.SystemUnderTest;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.spi.Json;
import io.turbulence.testkit.SimpleJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Where the time of an exchange went, as a run tells it.
@Timeout(60)
class PhaseTimesTest {

    private static final Json JSON = new SimpleJson();
    private static final int PAUSE = 600;

    /// The client's part of the pause at least: its thread may run late.
    private static final double NOTED = PAUSE / 2.0;

    @TempDir
    Path folder;

    @Test
    void tellTheOpeningOfAConnectionOnce() throws Exception {
        Certificates certificates = Certificates.in(folder);
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(certificates.serverContext()));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, 2);
                exchange.getResponseBody().write("ok".getBytes(StandardCharsets.US_ASCII));
                exchange.close();
            });
            server.start();

            RunResult result = run(Service.of("http")
                    .set("base_url", "https://localhost:" + server.getAddress().getPort())
                    .set("tls", Map.of("ca", certificates.ca.toString())));

            Map<String, @Nullable Object> first = step(result, "first");
            assertThat(phases(first)).containsOnlyKeys("dns", "connect", "tls", "first_byte", "transfer");
            assertThat(number(phases(first), "tls")).isPositive();
            assertThat(sum(phases(first), "dns", "connect", "tls"))
                    .isLessThanOrEqualTo(number(first, "connect_ms") + 0.01);
            assertThat(sum(phases(first), "first_byte", "transfer"))
                    .isCloseTo(number(first, "latency_ms"), within(0.01));
            assertThat(phases(step(result, "second"))).containsOnlyKeys("first_byte", "transfer");
            Map<String, @Nullable Object> summary = summary(result, "first");
            assertThat(summary.get("tls_ms"))
                    .isInstanceOfSatisfying(
                            Map.class, tls -> assertThat(tls.get("p99")).isInstanceOf(Number.class));
            assertThat(List.of("dns_ms", "connect_ms", "first_byte_ms", "transfer_ms"))
                    .allSatisfy(name -> assertThat(summary.get(name)).isInstanceOf(Map.class));
            assertThat(summary(result, "second")).doesNotContainKeys("dns_ms", "connect_ms", "tls_ms");
            assertThat(Files.readString(result.folder().resolve("report.html"))).contains("<h2>Phases</h2>");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void tellWhatConnectingAnewTook() throws IOException {
        // Says that it keeps the connection, and closes it
        try (Script script = Script.closingAfter("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")) {
            RunResult result = run(Service.of("http").set("base_url", "http://localhost:" + script.port()));

            Map<String, @Nullable Object> second = step(result, "second");
            assertThat(second.get("connect_ms")).isNull();
            assertThat(phases(second)).containsOnlyKeys("dns", "connect", "first_byte", "transfer");
            assertThat(sum(phases(second), "dns", "connect", "first_byte", "transfer"))
                    .isCloseTo(number(second, "latency_ms"), within(0.01));
        }
    }

    @Test
    void tellTheWaitForTheFirstByteFromTheTransfer() throws IOException {
        try (Script script = new Script(peer -> {
            while (peer.request()) {
                Thread.sleep(peer.last().startsWith("GET /first") ? PAUSE : 0);
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
                Thread.sleep(peer.last().startsWith("GET /second") ? PAUSE : 0);
                peer.send("ok");
            }
        })) {
            RunResult result = run(Service.of("http").set("base_url", "http://127.0.0.1:" + script.port()));

            assertThat(number(phases(step(result, "first")), "first_byte")).isGreaterThanOrEqualTo(NOTED);
            assertThat(number(phases(step(result, "second")), "transfer")).isGreaterThanOrEqualTo(NOTED);
        }
    }

    private RunResult run(Service service) {
        RunResult result = TurbulenceRun.builder()
                .plugins(new HttpPlugin())
                .system(SystemUnderTest.named("s").service("api", service))
                .scenario(Scenario.named("twice")
                        .step("first", HttpStep.http().get("/first"))
                        .step("pause", "sleep", Map.of("duration", "50ms"))
                        .step("second", HttpStep.http().get("/second")))
                .output(folder.resolve("runs"))
                .build()
                .execute();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        return result;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> step(RunResult result, String name) throws IOException {
        for (String line : Files.readAllLines(result.folder().resolve("steps.jsonl"))) {
            Map<String, @Nullable Object> step =
                    (Map<String, @Nullable Object>) JSON.read(line.getBytes(StandardCharsets.UTF_8));
            if (name.equals(step.get("step"))) {
                return step;
            }
        }
        throw new AssertionError("no step " + name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> phases(Map<String, @Nullable Object> step) {
        return (Map<String, @Nullable Object>) ((Map<?, ?>) step.get("metadata")).get("phases_ms");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> summary(RunResult result, String step) throws IOException {
        Object summary = JSON.read(Files.readAllBytes(result.folder().resolve("summary.json")));
        for (Object steps : ((Map<?, ?>) ((Map<?, ?>) summary).get("steps")).values()) {
            return (Map<String, @Nullable Object>) ((Map<?, ?>) steps).get(step);
        }
        throw new AssertionError("no scenario");
    }

    private static double number(Map<String, @Nullable Object> from, String name) {
        return ((Number) from.get(name)).doubleValue();
    }

    private static double sum(Map<String, @Nullable Object> from, String... names) {
        double sum = 0;
        for (String name : names) {
            sum += number(from, name);
        }
        return sum;
    }
}
