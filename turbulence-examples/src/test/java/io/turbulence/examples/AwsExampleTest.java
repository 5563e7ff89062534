package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `examples/aws-pipeline`.
@Tag("servers")
class AwsExampleTest {

    @TempDir
    Path folder;

    @Test
    void everyInstanceGetsItsOwnInvoice() throws Exception {
        Path results = folder.resolve("results");
        StringWriter out = new StringWriter();
        RunResult result = TurbulenceRun.builder()
                .system(Path.of("../examples/aws-pipeline/system.yaml"))
                .scenario(Path.of("../examples/aws-pipeline/scenarios"))
                .variable("EXAMPLE_CLASSES", System.getProperty("java.class.path"))
                .output(results)
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 100, false)
                .build()
                .execute();

        assertThat(result.exitCode()).as(out.toString()).isZero();
        assertThat(result.passed()).isEqualTo(100);
        JsonNode summary = JsonMapper.shared().readTree(Files.readString(results.resolve("summary.json")));
        assertThat(summary.path("pools").path("files").path("in_use_max").asInt())
                .isBetween(1, 20);
        assertThat(out.toString()).doesNotContain("warning");
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }
}
