package io.turbulence.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The scenarios that the RFCs' Guides show, against a server of batch jobs.
class RfcExamplesTest {

    private static final Path FOLDER = Path.of("src/test/resources/rfcs");

    @TempDir
    Path results;

    private final AtomicInteger polls = new AtomicInteger();
    private volatile String lastState = "success";
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/batches", this::batches);
        server.createContext("/output", exchange -> answer(exchange, 200, "{\"rows\": 1200}"));
        server.createContext("/events", RfcExamplesTest::events);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void runsAJobToItsEnd() {
        RunResult result = run("job.yaml");

        assertThat(result.message()).isNull();
        assertThat(result.ok()).isTrue();
        assertThat(polls).hasValue(3);
    }

    @Test
    void endsAJobAtOnceInAFailureState() throws IOException {
        lastState = "dead";
        RunResult result = run("job.yaml");

        assertThat(result.ok()).isFalse();
        assertThat(polls).hasValue(3);
        assertThat(Files.readString(results.resolve("instances.jsonl")))
                .contains("'report' ended in state 'dead', one of its failure_states");
    }

    @ParameterizedTest
    @ValueSource(strings = {"observation.yaml", "events.yaml"})
    void holds(String scenario) throws IOException {
        RunResult result = run(scenario);

        assertThat(result.ok())
                .as(Files.readString(results.resolve("instances.jsonl")))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"load-closed.yaml", "load-open.yaml", "load-stages.yaml", "load-paced.yaml"})
    void isAWorkload(String scenario) {
        assertThat(builder(scenario).build().check()).isEmpty();
    }

    private RunResult run(String scenario) {
        return builder(scenario).build().execute();
    }

    private TurbulenceRun.Builder builder(String scenario) {
        return TurbulenceRun.builder()
                .system(FOLDER.resolve("system.yaml"))
                .scenario(FOLDER.resolve(scenario))
                .variable("SPARK_URL", "http://127.0.0.1:" + server.getAddress().getPort())
                .output(results);
    }

    private void batches(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 201, "{\"id\": 7, \"state\": \"starting\"}");
        } else if (polls.incrementAndGet() < 3) {
            answer(exchange, 200, "{\"id\": 7, \"state\": \"running\"}");
        } else {
            answer(
                    exchange,
                    200,
                    "{\"id\": 7, \"state\": \"%s\", \"appInfo\": {\"output\": \"/output/7\"}}".formatted(lastState));
        }
    }

    private static void events(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (String state : new String[] {"queued", "running", "done"}) {
                out.write("data: {\"state\": \"%s\"}\n\n".formatted(state).getBytes(UTF_8));
                out.flush();
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        byte[] body = json.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }
}
