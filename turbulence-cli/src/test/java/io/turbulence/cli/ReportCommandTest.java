package io.turbulence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class ReportCommandTest {

    @TempDir
    private Path folder;

    private Program program;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        program = new Program(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        program.write("system.yaml", """
            services:
              api: { base_url: "http://127.0.0.1:%d" }
            """.formatted(server.getAddress().getPort()));
        program.write("ping.yaml", """
            id: ping
            flow:
              - { name: ping, type: http, path: /ping }
            """);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void makesTheReportOfAFolderAgain() throws IOException {
        assertThat(program.call("run", "@/system.yaml", "@/ping.yaml", "--output", "@/runs/one", "--quiet")
                        .exitCode())
                .isZero();
        Path report = folder.resolve("runs/one/report.html");
        Files.delete(report);

        assertThat(program.call("report", "@/runs/one")).isEqualTo(new Program.Result(0, "runs/one/report.html\n", ""));
        assertThat(report).content().contains("<title>Turbulence: ping</title>");
    }

    @Test
    void findsARunByItsIdAndTheLatest() {
        assertThat(program.call("run", "@/system.yaml", "@/ping.yaml", "--output", "@/runs/one", "--quiet")
                        .exitCode())
                .isZero();

        assertThat(program.call("report", "one", "--runs", "@/runs").out()).isEqualTo("runs/one/report.html\n");
        assertThat(program.call("report", "-r", "one", "--runs", "@/runs").out())
                .isEqualTo("runs/one/report.html\n");
        assertThat(program.call("report", "--runs", "@/runs").out()).endsWith("one/report.html\n");
    }

    @Test
    void saysThatThereIsNoSuchRun() {
        assertThat(program.call("report", "nope", "--runs", "@/runs"))
                .isEqualTo(new Program.Result(
                        64, "", "turbulence: 'nope' is no run: neither a folder nor the id of one in 'runs'\n"));
        assertThat(program.call("report", "--runs", "@/runs").exitCode()).isEqualTo(64);
    }

    @Test
    void saysThatARunDidNotEnd() throws IOException {
        Files.createDirectories(folder.resolve("killed"));

        Program.Result result = program.call("report", "@/killed");

        assertThat(result.exitCode()).isEqualTo(6);
        assertThat(result.err()).contains("holds no run: there is no 'manifest.json'");
    }
}
