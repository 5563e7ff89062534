package io.turbulence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The program as a process of its own under its ordinary options, against a server that takes 100 ms for an answer.
@Tag("stress")
@EnabledOnOs(OS.LINUX)
@Timeout(400)
class LargeRunTest {

    private static final int INSTANCES = 100_000;
    private static final int AT_A_TIME = 1_000;
    private static final byte[] ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"id\":4711}"
                    .getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path folder;

    /// Whatever becomes of the test, it must not stay.
    private @Nullable Process started;

    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicLong answered = new AtomicLong();

    @AfterEach
    void endProgram() {
        if (started != null) {
            started.destroyForcibly();
        }
    }

    @Test
    void carriesHundredThousandInstancesInLittleMemoryAndLeavesNothingOpen() throws Exception {
        try (ServerSocket server = new ServerSocket(0, AT_A_TIME, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().name("server").start(() -> serve(server));
            Program files = new Program(folder);
            files.write("system.yaml", """
                services:
                  api: { base_url: "http://127.0.0.1:%d", pool: { max: %d } }
                """.formatted(server.getLocalPort(), AT_A_TIME));
            files.write("scenarios/ask.yaml", """
                id: ask
                flow:
                  - { name: ask, type: http, path: "/items/{{instance}}", extract: { id: $.id }, expect: { status_code: 200 } }
                load: { instances: %d, concurrency: %d, warm_up: 8s }
                """.formatted(INSTANCES, AT_A_TIME));

            Process program = start();
            long peak = peakMemory(program);
            try (BufferedReader out = program.inputReader()) {
                System.out.println(out.lines().reduce("", (all, line) -> all + "\n" + line));
            }

            assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
            System.out.printf("peak memory %d MB, %d connections opened%n", peak / 1024, accepted.get());
            assertThat(program.exitValue()).isZero();
            assertThat(files.read("out/summary.json")).containsPattern("\"passed\" ?: ?" + INSTANCES);
            assertThat(answered.get()).isGreaterThanOrEqualTo(INSTANCES);
            assertThat(peak).as("peak memory, KB").isLessThan(700 * 1024L);
            assertThat(accepted.get()).isLessThanOrEqualTo(AT_A_TIME);
            assertThat(open.get()).as("connections left open").isZero();
        }
    }

    /// Users who come, ask, and think for two minutes, so that all of them think at the same time. They come slowly
    /// enough
    /// for a machine that others keep busy, and wait for a connection as long as it takes: what is asked for is room.
    @Test
    void letsHundredThousandInstancesThinkInLessThanAGigabyte() throws Exception {
        try (ServerSocket server = new ServerSocket(0, AT_A_TIME, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().name("server").start(() -> serve(server));
            Program files = new Program(folder);
            files.write("system.yaml", """
                services:
                  api: { base_url: "http://127.0.0.1:%d", pool: { max: %d, acquire_timeout: 120s } }
                """.formatted(server.getLocalPort(), AT_A_TIME));
            files.write("scenarios/think.yaml", """
                id: think
                flow:
                  - { name: come, type: http, path: "/items/{{instance}}", timeout: 150s, extract: { id: $.id } }
                  - { name: think, type: sleep, duration: 125s, timeout: 280s }
                load: { rate: 1000/s, duration: 100s, max_concurrency: %d }
                """.formatted(INSTANCES));

            Process program = start("-Xmx800m");
            long peak = peakMemory(program);
            try (BufferedReader out = program.inputReader()) {
                System.out.println(out.lines().reduce("", (all, line) -> all + "\n" + line));
            }

            assertThat(program.waitFor(10, TimeUnit.SECONDS)).isTrue();
            System.out.printf("peak memory %d MB%n", peak / 1024);
            assertThat(program.exitValue()).isZero();
            assertThat(files.read("out/summary.json")).containsPattern("\"passed\" ?: ?" + INSTANCES);
            assertThat(peak).as("peak memory, KB").isLessThan(1024 * 1024L);
        }
    }

    private Process start(String... options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@src/main/distribution/lib/jvm.options");
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Turbulence.class.getName()));
        command.addAll(
                List.of("run", folder.toString(), "-o", folder.resolve("out").toString()));
        Process program = new ProcessBuilder(command).redirectErrorStream(true).start();
        started = program;
        return program;
    }

    /// In kilobytes, asked for until the process has ended.
    private static long peakMemory(Process program) throws Exception {
        Path status = Path.of("/proc", Long.toString(program.pid()), "status");
        long peak = 0;
        while (!program.waitFor(200, TimeUnit.MILLISECONDS)) {
            try {
                peak = Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .findFirst()
                        .orElse(peak);
            } catch (IOException ended) {
                break;
            }
        }
        return peak;
    }

    private void serve(ServerSocket server) {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                accepted.incrementAndGet();
                open.incrementAndGet();
                Thread.ofVirtual().start(() -> answer(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void answer(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    Thread.sleep(100);
                    socket.getOutputStream().write(ANSWER);
                    answered.incrementAndGet();
                }
            }
        } catch (IOException | InterruptedException gone) {
            // the client has gone
        } finally {
            open.decrementAndGet();
        }
    }
}
