package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `examples/chat` and `examples/comfyui`.
class WebSocketExamplesTest {

    @TempDir
    Path folder;

    private JsonNode run(String example, int instances, int concurrency) throws IOException {
        Path results = folder.resolve(example);
        StringWriter out = new StringWriter();
        RunResult result = TurbulenceRun.builder()
                .system(Path.of("../examples", example, "system.yaml"))
                .scenario(Path.of("../examples", example, "scenarios"))
                .variable("EXAMPLE_CLASSES", System.getProperty("java.class.path"))
                .instances(instances)
                .concurrency(concurrency)
                .output(results)
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 100, false)
                .build()
                .execute();
        assertThat(result.exitCode()).as(out.toString()).isZero();
        assertThat(result.passed()).isEqualTo(instances);
        assertThat(out.toString()).doesNotContain("warning");
        assertThat(ProcessHandle.current().descendants()).isEmpty();
        return JsonMapper.shared().readTree(Files.readString(results.resolve("summary.json")));
    }

    @Test
    void everyUserHearsTheRoomAndNobodyElse() throws IOException {
        JsonNode pool = run("chat", 200, 200).path("pools").path("chat");
        assertThat(pool.path("opened").asInt()).isEqualTo(200);
        assertThat(pool.path("evicted").path("over_limit").asInt()).isZero();
    }

    @Test
    void everyInstanceGetsItsOwnImage() throws IOException {
        JsonNode steps = run("comfyui", 20, 5).path("steps").path("image");
        assertThat(steps.path("saved").path("ok").asInt()).isEqualTo(20);
        assertThat(steps.path("image").path("ok").asInt()).isEqualTo(20);
    }
}
