package io.turbulence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Signals to the program as a process of its own. Its two instances say hello to a server, sleep for
/// long, and say goodbye in `finally`.
@DisabledOnOs(OS.WINDOWS)
@Timeout(120)
class InterruptsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final CountDownLatch hellos = new CountDownLatch(2);
    private final CountDownLatch goodbyes = new CountDownLatch(2);
    private Program files;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            boolean hello = exchange.getRequestURI().getPath().equals("/hello");
            if (!hello) {
                // Before the program hears of it, which may end then
                goodbyes.countDown();
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            if (hello) {
                hellos.countDown();
            }
        });
        server.start();
        files = new Program(folder);
        files.write("system.yaml", """
            services:
              api: { base_url: "http://127.0.0.1:%d" }
            """.formatted(server.getAddress().getPort()));
        files.write("scenarios/nap.yaml", """
            id: nap
            flow:
              - { name: hello, type: http, path: /hello }
              - { name: nap, type: sleep, duration: 10m, timeout: 20m }
            finally:
              - { name: goodbye, type: http, path: /goodbye }
            load: { instances: 1000, concurrency: 2 }
            """);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void onceLetsFinallyRunAndKeepsTheResults() throws Exception {
        Process program = run("--grace", "100ms");
        try {
            assertThat(hellos.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            signal(program, "INT");

            assertThat(program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isEqualTo(130);
            assertThat(goodbyes.getCount()).isZero();
            assertThat(files.read("err")).isEqualToIgnoringNewLines("""

                Stopping: no new instances; running ones may end. Ctrl-C again stops at once.
                """);
            assertThat(files.read("out/instances.jsonl").lines()).hasSize(2);
            assertThat(files.read("out/steps.jsonl")).contains("\"step\":\"goodbye\"");
            assertThat(files.read("out/manifest.json"))
                    .containsPattern("\"interrupted\" ?: ?true")
                    .containsPattern("\"exit_code\" ?: ?130");
            assertThat(folder.resolve("out/summary.json")).exists();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void twiceStopsAtOnce() throws Exception {
        Process program = run("--grace", "10m");
        try {
            assertThat(hellos.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            signal(program, "INT");
            await(() -> read("err").contains("Ctrl-C again stops at once."));
            signal(program, "INT");

            assertThat(program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(program.exitValue()).isEqualTo(130);
            assertThat(files.read("err")).contains("Stopping at once.");
            assertThat(goodbyes.getCount()).isEqualTo(2);
            assertThat(folder.resolve("out/summary.json")).exists();
        } finally {
            program.destroyForcibly();
        }
    }

    @Test
    void killKeepsWhatWasWritten() throws Exception {
        Process program = run();
        try {
            assertThat(hellos.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            await(() -> read("out/steps.jsonl").lines().count() >= 2);

            signal(program, "KILL");

            assertThat(program.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(files.read("out/steps.jsonl").lines())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line)
                            .startsWith("{\"run_id\":")
                            .contains("\"step\":\"hello\"")
                            .endsWith("}"));
        } finally {
            program.destroyForcibly();
        }
    }

    private Process run(String... options) throws IOException {
        List<String> command = new ArrayList<>(withCtrlC());
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Turbulence.class.getName(),
                "run",
                folder.toString(),
                "-o",
                folder.resolve("out").toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("stdout").toFile())
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    /// A build that was started in the background ignores Ctrl-C, and so does what it starts.
    private static List<String> withCtrlC() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                        && Files.readString(status).lines().anyMatch(line -> line.matches("SigIgn:\\s*\\w*[2367abef]"))
                ? List.of("env", "--default-signal=INT")
                : List.of();
    }

    private static void signal(Process program, String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(program.pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    private String read(String name) {
        try {
            Path file = folder.resolve(name);
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as("waited for %s", PATIENCE).isNegative();
            Thread.sleep(20);
        }
    }
}
