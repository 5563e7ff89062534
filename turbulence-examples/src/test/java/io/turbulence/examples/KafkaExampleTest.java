package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `examples/kafka`.
@Tag("servers")
class KafkaExampleTest {

    @TempDir
    Path folder;

    @Test
    void everyInstanceFindsItsOwnEvents() throws IOException {
        Path results = folder.resolve("results");
        StringWriter out = new StringWriter();
        RunResult result = TurbulenceRun.builder()
                .system(Path.of("../examples/kafka/system.yaml"))
                .scenario(Path.of("../examples/kafka/scenarios"))
                .variable("EXAMPLE_CLASSES", System.getProperty("java.class.path"))
                .output(results)
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 100, false)
                .build()
                .execute();

        assertThat(result.exitCode()).as(out.toString()).isZero();
        assertThat(result.passed()).isEqualTo(200);
        JsonNode summary = JsonMapper.shared().readTree(Files.readString(results.resolve("summary.json")));
        JsonNode topic = summary.path("subscriptions").path("events").path("order-events");
        assertThat(topic.path("arrived").asInt()).isEqualTo(400);
        assertThat(topic.path("taken").asInt()).isEqualTo(400);
        assertThat(summary.path("steps")
                        .path("order")
                        .path("accepted")
                        .path("propagation_ms")
                        .path("p99")
                        .asDouble())
                .isPositive();
        assertThat(out.toString()).doesNotContain("warning");
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }
}
