package io.turbulence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a system answers may hold half of a surrogate pair, and a cut may fall inside one: no result is lost by it.
@DisabledOnOs(OS.WINDOWS)
class HalfCharactersTest {

    @TempDir
    private Path folder;

    private Program program;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        program = new Program(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        answer("/half", "application/json", "{\"status\": \"a\\ud800b\"}");
        answer("/json", "application/json", "{\"status\": \"" + "😀".repeat(20_000) + "\"}");
        answer("/shifted-json", "application/json", "{\"status\": \"a" + "😀".repeat(20_000) + "\"}");
        answer("/text", "text/plain", "😀".repeat(20_000));
        answer("/shifted-text", "text/plain", "a" + "😀".repeat(20_000));
        server.start();
        program.write("system.yaml", """
            services:
              api: { base_url: "http://127.0.0.1:%d" }
            """.formatted(server.getAddress().getPort()));
    }

    private void answer(String path, String type, String text) {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        server.createContext(path, exchange -> {
            exchange.getResponseHeaders().add("Content-Type", type);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        /half         | $.status
        /json         | $.status
        /shifted-json | $.status
        /text         | $.status
        /shifted-text | $.status
        """)
    void costNoResult(String path, String subject) throws IOException {
        program.write("broken.yaml", """
            id: broken
            flow:
              - { name: ask, type: http, path: %s, expect: { jsonpath: "%s", equals: "ok" } }
            """.formatted(path, subject));

        Program.Result result = program.call(
                "run", "@/system.yaml", "@/broken.yaml", "-n", "2", "--record", "all", "--output", "@/runs/one");

        assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
        Path run = folder.resolve("runs/one");
        List<Path> files;
        try (Stream<Path> listed = Files.list(run)) {
            files = listed.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".hlog"))
                    .toList();
        }
        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .contains("summary.json", "junit.xml", "report.html", "examples.jsonl", "steps.jsonl");
        assertThat(files)
                .allSatisfy(file -> assertThat(Files.readString(file)).doesNotContainPattern("(?i)\\\\ud[89a-f]"));
        assertThat(program.call("report", "@/runs/one").exitCode()).isZero();
    }
}
