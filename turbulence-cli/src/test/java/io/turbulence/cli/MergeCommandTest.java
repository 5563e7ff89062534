package io.turbulence.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class MergeCommandTest {

    @TempDir
    private Path folder;

    private Program program;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        program = new Program(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().endsWith("3") ? 500 : 200, -1);
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
              - { name: ping, type: http, path: "/{{instance}}" }
            """);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Program.Result part(String shard, String name) {
        return program.call(
                "run",
                "@/system.yaml",
                "@/ping.yaml",
                "-n",
                "20",
                "--seed",
                "7",
                "--shard",
                shard,
                "-o",
                "@/runs/" + name,
                "--quiet");
    }

    @Test
    void putsPartsTogetherAndExitsAsTheWhole() throws IOException {
        assertThat(part("1/2", "one").exitCode()).isZero();
        assertThat(part("2/2", "two").exitCode()).isEqualTo(1);

        Program.Result merged = program.call("merge", "@/runs/one", "two", "--runs", "@/runs", "-o", "@/runs/whole");

        assertThat(merged.err()).isEmpty();
        assertThat(merged.exitCode()).isEqualTo(1);
        assertThat(merged.out()).contains("18 of 20 passed, 2 failed", "report in runs/whole/report.html");
        assertThat(program.read("runs/whole/summary.json")).contains("\"total\" : 20", "\"failed\" : 2");
        assertThat(program.call("report", "whole", "--runs", "@/runs").exitCode())
                .isZero();
    }

    @Test
    void judgesThresholdsOfTheWhole() {
        part("1/2", "one");
        part("2/2", "two");

        assertThat(program.call(
                                "merge",
                                "one",
                                "two",
                                "--runs",
                                "@/runs",
                                "-o",
                                "@/a",
                                "--quiet",
                                "--threshold",
                                "pass_rate >= 90%")
                        .exitCode())
                .isZero();
        assertThat(program.call(
                                "merge",
                                "one",
                                "two",
                                "--runs",
                                "@/runs",
                                "-o",
                                "@/b",
                                "--quiet",
                                "--fail-on",
                                "error_count >= 2")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void saysWhatIsMissing() {
        part("2/2", "two");

        assertThat(program.call("merge", "two", "--runs", "@/runs"))
                .isEqualTo(new Program.Result(
                        64,
                        "",
                        "turbulence: shard 1/2 is missing: name it too, or take what there is with --partial\n"));
        assertThat(program.call("merge", "nope", "--runs", "@/runs").exitCode()).isEqualTo(64);
        assertThat(program.call("merge").exitCode()).isEqualTo(64);
    }

    @Test
    void shardNeedsASeed() {
        assertThat(program.call("run", "@/system.yaml", "@/ping.yaml", "--shard", "1/2"))
                .isEqualTo(new Program.Result(64, "", """
                    turbulence: --shard needs --seed, the same number for all parts: it decides what each instance does
                    Try 'turbulence run --help'.
                    """));
    }

    @Nested
    class Shards {

        @Test
        void areNamedByIndexAndCount() {
            assertThat(ShardOption.parse("2/5", Map.of())).isEqualTo(new ShardOption(2, 5));
        }

        @Test
        void ofAJobAreCountedAsItCounts() {
            assertThat(ShardOption.parse("auto/5", Map.of("JOB_COMPLETION_INDEX", "0")))
                    .isEqualTo(new ShardOption(1, 5));
            assertThat(ShardOption.parse("auto/5", Map.of("AWS_BATCH_JOB_ARRAY_INDEX", "4")))
                    .isEqualTo(new ShardOption(5, 5));
            assertThat(ShardOption.parse("auto/5", Map.of("CI_NODE_INDEX", "4")))
                    .isEqualTo(new ShardOption(4, 5));
        }

        @Test
        void thatCannotBeAreRefused() {
            assertThatThrownBy(() -> ShardOption.parse("0/5", Map.of()))
                    .hasMessage("--shard was '0/5' but parts are counted from 1 to their number: 1/5 to 5/5 of five");
            assertThatThrownBy(() -> ShardOption.parse("auto/2", Map.of("JOB_COMPLETION_INDEX", "2")))
                    .hasMessage("--shard was 'auto/2', which is 3/2 in this job, but parts are counted from 1 to their"
                            + " number: 1/5 to 5/5 of five");
            assertThatThrownBy(() -> ShardOption.parse("half", Map.of()))
                    .hasMessage(
                            "--shard was 'half' but it must be one such as 2/5, the second of five, or auto/5 in a job"
                                    + " that knows its index");
            assertThatThrownBy(() -> ShardOption.parse("auto/2", Map.of()))
                    .hasMessage("--shard was 'auto/2' but none of JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX,"
                            + " CI_NODE_INDEX is set; name the index, such as 1/5");
        }
    }
}
