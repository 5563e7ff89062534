package io.turbulence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class DiffCommandTest {

    @TempDir
    private Path folder;

    private Program program;
    private HttpServer server;
    private volatile long delayMillis;
    private volatile int status = 200;

    @BeforeEach
    void start() throws IOException {
        program = new Program(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            LockSupport.parkNanos(delayMillis * 1_000_000);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        program.write(
                "system.yaml",
                "services: { api: { base_url: \"http://127.0.0.1:%d\" } }"
                        .formatted(server.getAddress().getPort()));
        program.write("ping.yaml", "id: ping\nflow: [ { name: ping, type: http, path: /ping } ]\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void run(String name) {
        program.call("run", "@/system.yaml", "@/ping.yaml", "-n", "200", "-p", "20", "-o", "@/runs/" + name, "--quiet");
    }

    @Test
    void failsOnARegression() {
        delayMillis = 5;
        run("before");
        delayMillis = 300;
        run("after");

        Program.Result diff = program.call(
                "diff", "before", "after", "--runs", "@/runs", "--fail-on-regression", "10%", "--no-color");

        assertThat(diff.err()).isEmpty();
        assertThat(diff.exitCode()).isEqualTo(2);
        assertThat(diff.out()).startsWith("A  runs/before\nB  runs/after\n").containsPattern("ping +p50 .* worse");
        assertThat(program.call("diff", "before", "after", "--runs", "@/runs", "--quiet"))
                .isEqualTo(new Program.Result(0, "", ""));
        assertThat(program.call("diff", "after", "before", "--runs", "@/runs", "--fail-on-regression", "10%")
                        .exitCode())
                .isZero();
    }

    @Test
    void warnsWhereARegressionIsNotRuledOut() {
        delayMillis = 5;
        program.call("run", "@/system.yaml", "@/ping.yaml", "-n", "5", "-o", "@/runs/before", "--quiet");
        program.call("run", "@/system.yaml", "@/ping.yaml", "-n", "5", "-o", "@/runs/after", "--quiet");

        assertThat(program.call(
                        "diff", "before", "after", "--runs", "@/runs", "--quiet", "--fail-on-regression", "10%"))
                .isEqualTo(new Program.Result(0, "", """
                    turbulence: no regression of more than 10% is shown, but it is not ruled out for ping p50, ping p95:\
                     the runs are too short or vary too much. Compare longer runs.
                    """));
    }

    @Test
    void failsOnMoreFailures() {
        run("before");
        status = 500;
        run("after");

        assertThat(program.call(
                                "diff",
                                "before",
                                "after",
                                "--runs",
                                "@/runs",
                                "--fail-on-regression",
                                "500%",
                                "--quiet")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void saysWhatItExpects() {
        assertThat(program.call("diff", "a", "b", "--fail-on-regression", "some"))
                .isEqualTo(new Program.Result(64, "", """
                    turbulence: --fail-on-regression was 'some' but it must be a percentage such as 10%
                    Try 'turbulence diff --help'.
                    """));
        assertThat(program.call("diff", "a", "b", "--runs", "@/runs"))
                .isEqualTo(new Program.Result(
                        64, "", "turbulence: 'a' is no run: neither a folder nor the id of one in 'runs'\n"));
        assertThat(program.call("diff", "a").exitCode()).isEqualTo(64);
    }
}
