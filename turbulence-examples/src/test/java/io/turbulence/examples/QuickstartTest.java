package io.turbulence.examples;

import static org.assertj.core.api.Assertions.assertThat;

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

/// `examples/quickstart`, and what README shows of it.
class QuickstartTest {

    private static final Path QUICKSTART = Path.of("../examples/quickstart");

    @TempDir
    Path folder;

    @Test
    void passesOverFewConnectionsOfWhichNoneIsLeft() throws IOException {
        String system = Files.readString(QUICKSTART.resolve("system.yaml"));
        Path copy = Files.writeString(folder.resolve("system.yaml"), system + """
            before_run:
              - { name: stats_before, type: http, service: api, path: /stats }
            after_run:
              - { name: stats_after, type: http, service: api, path: /stats }
            """);
        Path results = folder.resolve("results");
        StringWriter out = new StringWriter();

        RunResult result = TurbulenceRun.builder()
                .system(copy)
                .scenario(QUICKSTART.resolve("scenarios"))
                .variable("SHOP_CLASSES", System.getProperty("java.class.path"))
                .output(results)
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 100, false)
                .build()
                .execute();

        assertThat(result.exitCode()).as(out.toString()).isZero();
        assertThat(result.total()).isEqualTo(200);
        assertThat(result.passed()).isEqualTo(200);
        JsonNode api = json(Files.readString(results.resolve("summary.json")))
                .path("pools")
                .path("api");
        assertThat(api.path("reuse_rate").asDouble()).isGreaterThan(0.9);
        assertThat(api.path("opened").asInt()).isBetween(1, 20);
        assertThat(api.path("closed").asInt()).isEqualTo(api.path("opened").asInt());
        assertThat(api.path("leaked").asInt()).isZero();
        // The first question is over the pool's first connection; what was before it is the wait for the shop to open
        JsonNode before = payload(results, "stats_before");
        JsonNode after = payload(results, "stats_after");
        assertThat(grown("connections", before, after))
                .as("connections that the shop counted after the first")
                .isEqualTo(api.path("opened").asInt() - 1);
        // Leases are those of the instances: the last question is none of them
        assertThat(grown("requests", before, after))
                .as("requests that the shop counted after the first")
                .isEqualTo(api.path("leases").asInt() + 1);
        assertThat(ProcessHandle.current().descendants()).isEmpty();
        assertThat(shape(withoutReasons(out.toString()))).isEqualTo(shape(shown()));
    }

    private static JsonNode payload(Path results, String step) throws IOException {
        return Files.readAllLines(results.resolve("steps.jsonl")).stream()
                .map(QuickstartTest::json)
                .filter(line -> line.path("step").asString().equals(step))
                .findFirst()
                .orElseThrow()
                .path("payload");
    }

    private static int grown(String name, JsonNode before, JsonNode after) {
        return after.path(name).asInt() - before.path(name).asInt();
    }

    private static String shown() throws IOException {
        return ReadmeTest.blocks("text").findFirst().orElseThrow();
    }

    /// A machine that others keep busy makes a run suspect, which it then says.
    private static String withoutReasons(String printed) {
        return printed.replaceAll("(?m)^the run is (suspect|invalid|not valid).*\\R( .*\\R)+", "");
    }

    /// The result with every figure as `0`, and without what a run prints while it goes on.
    private static List<String> shape(String printed) {
        return printed.lines()
                .dropWhile(line -> !line.startsWith("checkout "))
                .map(line -> line.replaceAll("(report|results) in .*", "report in …")
                        .replaceAll("[0-9][0-9.,]*", "0")
                        .replaceAll("\\s+", " ")
                        .strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
