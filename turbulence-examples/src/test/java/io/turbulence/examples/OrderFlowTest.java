package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `examples/order-flow`: with everything in order, and with one thing broken.
@Tag("servers")
class OrderFlowTest {

    private static final Path EXAMPLE = Path.of("../examples/order-flow");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    @Test
    void aThousandOrdersArriveOnEveryHop() throws IOException {
        RunResult result = run("none").build().execute();

        assertThat(result.exitCode()).as(out.toString()).isZero();
        assertThat(result.passed()).isEqualTo(1_000);
        JsonNode summary = summary();
        assertThat(summary.path("pools").propertyNames()).contains("orders", "inventory", "events", "database");
        assertThat(summary.path("pools").path("database").path("opened").asInt())
                .isBetween(1, 10);
        assertThat(summary.path("subscriptions")
                        .path("events")
                        .path("orders")
                        .path("arrived")
                        .asInt())
                .isEqualTo(1_000);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"lost-event, told", "double-event, told_once", "processor-down, stored", "slow-database, stored"})
    void theHopThatFailsIsTheOneNamed(String fault, String hop) throws IOException {
        RunResult result = run(fault).instances(20).concurrency(20).build().execute();

        assertThat(result.exitCode()).as(out.toString()).isEqualTo(2);
        assertThat(failures()).as(out.toString()).containsOnlyKeys(hop);
    }

    /// How many instances failed first at which step.
    private Map<String, Integer> failures() throws IOException {
        Map<String, Integer> failures = new LinkedHashMap<>();
        for (String line : Files.readAllLines(folder.resolve("results/instances.jsonl"))) {
            JsonNode instance = JsonMapper.shared().readTree(line);
            if (!instance.path("ok").asBoolean()) {
                failures.merge(instance.path("failed_step").asString(), 1, Integer::sum);
            }
        }
        return failures;
    }

    private JsonNode summary() throws IOException {
        return JsonMapper.shared().readTree(Files.readString(folder.resolve("results/summary.json")));
    }

    private TurbulenceRun.Builder run(String fault) {
        return TurbulenceRun.builder()
                .system(EXAMPLE.resolve("system.yaml"))
                .scenario(EXAMPLE.resolve("scenarios"))
                .variable("EXAMPLE_CLASSES", System.getProperty("java.class.path"))
                .variable("FAULT", fault)
                .output(folder.resolve("results"))
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 100, false);
    }
}
