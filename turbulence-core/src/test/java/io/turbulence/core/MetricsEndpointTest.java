package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.FakePlugin.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsEndpointTest {

    private static final Pattern TOLD = Pattern.compile("Metrics at (http://127\\.0\\.0\\.1:\\d+/metrics)");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    @Test
    void showsTheRunWhileItGoesOn() {
        AtomicReference<String> page = new AtomicReference<>();
        Answer look = (sent, context) -> {
            page.set(read(uri()));
            return FakePlugin.observation(200, null, Map.of());
        };

        new ScenarioRun(
                        folder,
                        new FakePlugin().on("/a", FakePlugin.status(201, null)).on("/look", look))
                .with(this::listening)
                .scenario("""
                    id: shop
                    flow:
                      - { name: first, type: fake, path: /a }
                      - { name: second, type: fake, path: /look }
                    """)
                .run()
                .assertPassed();

        assertThat(page.get().lines())
                .contains(
                        "turbulence_steps_total{scenario=\"shop\",step=\"first\",outcome=\"ok\",status=\"201\",error=\"\"}"
                                + " 1",
                        "turbulence_step_duration_seconds_count{scenario=\"shop\",step=\"first\",outcome=\"ok\"} 1",
                        "turbulence_step_duration_seconds_count{scenario=\"shop\",step=\"second\",outcome=\"ok\"} 0",
                        "turbulence_pool_connections{service=\"api\",host=\"fake:1\",state=\"in_use\"} 1",
                        "turbulence_pool_opened_total{service=\"api\",host=\"fake:1\"} 1",
                        "turbulence_pool_lease_wait_seconds_count{service=\"api\",host=\"fake:1\"} 2");
        assertThatThrownBy(() -> read(uri())).isInstanceOf(ConnectException.class);
    }

    @Test
    void answersNothingElse() {
        AtomicReference<String> codes = new AtomicReference<>();
        Answer look = (sent, context) -> {
            codes.set(code("GET", uri().resolve("/other")) + " " + code("POST", uri()) + " " + code("HEAD", uri()));
            return FakePlugin.observation(200, null, Map.of());
        };

        new ScenarioRun(folder, new FakePlugin().on("/look", look))
                .with(this::listening)
                .scenario("{ id: shop, flow: [ { name: only, type: fake, path: /look } ] }")
                .run()
                .assertPassed();

        assertThat(codes.get()).isEqualTo("404 405 200");
    }

    @Test
    void saysThatAPortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            TurbulenceRun run = new ScenarioRun(folder, new FakePlugin().on("/a", FakePlugin.ok(null)))
                    .with(builder -> builder.metrics(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort())))
                    .scenario("{ id: shop, flow: [ { name: only, type: fake, path: /a } ] }")
                    .build();

            assertThatThrownBy(run::execute)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessage(
                            "'localhost:%d': metrics cannot be shown there: Address already in use. "
                                    + "Choose another port with --metrics-port.",
                            taken.getLocalPort());
        }
    }

    private void listening(TurbulenceRun.Builder builder) {
        builder.metrics(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 100, false);
    }

    private URI uri() {
        Matcher told = TOLD.matcher(out.toString());
        assertThat(told.find()).as(out.toString()).isTrue();
        return URI.create(told.group(1));
    }

    private static String read(URI uri) throws IOException {
        try (var stream = uri.toURL().openStream()) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static int code(String method, URI uri) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setRequestMethod(method);
        try {
            return connection.getResponseCode();
        } finally {
            connection.disconnect();
        }
    }
}
