package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.PluginCommands;
import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `examples/grpc`.
class GrpcExampleTest {

    @TempDir
    Path folder;

    @Test
    void everyInstanceMakesAllFourKindsOfCallOverTwoChannels() throws IOException {
        Path results = folder.resolve("results");
        StringWriter out = new StringWriter();
        RunResult result = TurbulenceRun.builder()
                .system(Path.of("../examples/grpc/system.yaml"))
                .scenario(Path.of("../examples/grpc/scenarios"))
                .variable("EXAMPLE_CLASSES", System.getProperty("java.class.path"))
                .output(results)
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 100, false)
                .build()
                .execute();

        assertThat(result.exitCode()).as(out.toString()).isZero();
        assertThat(result.passed()).isEqualTo(200);
        JsonNode pool = JsonMapper.shared()
                .readTree(Files.readString(results.resolve("summary.json")))
                .path("pools")
                .path("depot");
        assertThat(pool.path("opened").asInt()).isBetween(1, 2);
        int checked = 5;
        assertThat(pool.path("leases").asInt())
                .as("five calls of each instance, and one for each step that the server was asked about first")
                .isEqualTo(5 * 200 + checked);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void aPluginsCommandsAreThoseOfTheProgram() throws Exception {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        assertThat(PluginCommands.run(
                        List.of(), "grpc", List.of(), new PrintWriter(out, true), new PrintWriter(err, true)))
                .hasValue(0);
        assertThat(out.toString()).contains("turbulence grpc ls [TARGET]", "turbulence grpc describe [TARGET]");
        assertThat(PluginCommands.run(
                        List.of(), "grpc", List.of("lss"), new PrintWriter(out, true), new PrintWriter(err, true)))
                .hasValue(64);
        assertThat(err.toString()).contains("turbulence: 'grpc' has no command 'lss'");
        assertThat(PluginCommands.run(
                        List.of(), "http", List.of(), new PrintWriter(out, true), new PrintWriter(err, true)))
                .isEmpty();
    }
}
