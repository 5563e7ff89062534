package io.turbulence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.RunFolder;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class ReplayCommandTest {

    /// What is new in every run, as RFC-009 lists it.
    private static final Pattern RUN_UNIQUE = Pattern.compile(
            "(?i)(?<=x-correlation-id: )[-0-9a-f]+|(?<=traceparent: )[-0-9a-f]+|\\d{8}-\\d{6}-[0-9a-f]{4}(-\\d+)?");

    @TempDir
    private Path folder;

    private Program program;
    private Peer peer;

    @BeforeEach
    void start() throws IOException {
        program = new Program(folder);
        peer = new Peer();
        program.write("shop/system.yaml", """
            default_headers: { X-Now: "{{now()}}" }
            services:
              api: { base_url: "http://127.0.0.1:%d", headers: { X-Key: "{{env.KEY}}" } }
            before_run:
              - { name: login, type: http, path: /login, extract: { session: "$.token" } }
            """.formatted(peer.port()));
        program.write("shop/data.csv", "sku,amount\nA-1,1\nB-2,2\nC-3,3\nD-4,4\n");
        program.write("shop/scenarios/buy.yaml", """
            id: buy
            data: { file: ../data.csv, pick: shuffle }
            entry: { seed_data: { customer: "cust_{{uuid}}" } }
            flow:
              - { name: create, type: http, method: POST, path: "/carts?at={{now_ms()}}", json: { customer: "{{entry.seed_data.customer}}", run: "{{run_id}}", row: "{{data}}" }, extract: { cart: "$.id" } }
              - { name: way, type: decide, choose: { card: 1, cash: 1 }, output_var: pay }
              - { name: add, type: http, method: PUT, path: "/carts/{{cart}}/{{random_int(1, 1000000)}}", headers: { X-Pay: "{{pay}}" }, body: "{{uuid}} {{now()}}" }
              - { name: order, type: http, path: "/orders/{{cart}}", expect: { jsonpath: "$.state", equals: paid } }
            """);
    }

    @AfterEach
    void stop() {
        peer.close();
    }

    private Program.Result run() {
        return program.call("run", "@/shop", "-n", "12", "-p", "1", "--var", "KEY=k-1", "-o", "@/runs/one", "--quiet");
    }

    @Test
    void sendsTheSameBytesButForWhatIsNewInEveryRun() throws IOException {
        assertThat(run().exitCode()).isEqualTo(1);
        String id = failedInstance(folder.resolve("runs/one"));
        List<String> before = peer.requestsOf(id);
        peer.forget();

        Program.Result replay = program.call(
                "replay", "one", id, "--runs", "@/runs", "--var", "KEY=k-1", "-o", "@/runs/again", "--no-color");

        assertThat(replay.err()).isEmpty();
        assertThat(replay.exitCode()).isEqualTo(1);
        assertThat(replay.out())
                .contains(
                        "create  http  201",
                        "  > POST http://",
                        "  curl -X POST 'http://",
                        "Every step ended as it did then.");
        List<String> after = peer.requests();
        assertThat(after).hasSize(4);
        assertThat(after.subList(1, 4))
                .map(ReplayCommandTest::common)
                .isEqualTo(before.stream().map(ReplayCommandTest::common).toList());
        assertThat(after.get(1)).isNotEqualTo(before.getFirst());
        assertThat(after.getLast()).contains("X-Now: 20");
    }

    @Test
    void triesAnEditedScenarioWithoutTheSystem() throws IOException {
        run();
        peer.close();
        Path scenario = folder.resolve("shop/scenarios/buy.yaml");
        Files.writeString(scenario, Files.readString(scenario).replace("equals: paid", "in: [paid, open]"));

        Program.Result replay =
                program.call("replay", "one", "--runs", "@/runs", "--var", "KEY=k-1", "--offline", "--no-color");

        assertThat(replay.err()).isEmpty();
        assertThat(replay.exitCode()).isZero();
        assertThat(replay.out())
                .containsPattern("order +failed +ok")
                .contains("1 step ended otherwise.")
                .doesNotContain("report.html");
    }

    @Test
    void asksForSecretsThatWereNotKept() {
        program.call(
                "run",
                "@/shop",
                "--var",
                "KEY=k-1",
                "--var",
                "API_TOKEN=sesame-open-1234",
                "-o",
                "@/runs/one",
                "--quiet");

        assertThat(program.call("replay", "one", "0", "--runs", "@/runs").exitCode())
                .isEqualTo(64);
        assertThat(program.call("replay", "one", "0", "--runs", "@/runs").err())
                .isEqualTo(
                        "turbulence: the run in 'runs/one' was given API_TOKEN by --var, which is a secret and was not"
                                + " kept; give it again, such as --var API_TOKEN=…\n");
    }

    @Test
    void saysThatThereIsNoSuchInstance() {
        run();

        Program.Result result =
                program.call("replay", "-r", "one", "-i", "some", "--runs", "@/runs", "--var", "KEY=k-1");

        assertThat(result.exitCode()).isEqualTo(64);
        assertThat(result.err())
                .startsWith(
                        "turbulence: 'some' is no instance of 'runs/one'; its number was expected, such as 7, or its"
                                + " id, such as ");
    }

    @Test
    void saysWhereTheFilesOfTheRunWere() throws IOException {
        run();
        Path manifest = folder.resolve("runs/one/manifest.json");
        String elsewhere = Files.readString(manifest).replace(folder + "/shop/", "elsewhere/");
        Files.writeString(manifest, elsewhere);

        Program.Result result = program.call("replay", "one", "--runs", "@/runs", "--var", "KEY=k-1");

        assertThat(result.exitCode()).isEqualTo(64);
        assertThat(result.err())
                .isEqualTo("turbulence: 'elsewhere/system.yaml', which the run in 'runs/one' was of, is not in this"
                        + " folder, but in the one where the run was started; replay it there, or name the file"
                        + " with --sut\n");
        assertThat(program.call("replay", "one", "--runs", "@/runs", "-s", "@/shop/system.yaml")
                        .err())
                .contains("'elsewhere/scenarios/buy.yaml', which the run in 'runs/one' was of, is not in this folder,")
                .endsWith(" or name the file with --scenarios\n");
    }

    private static String common(String request) {
        return RUN_UNIQUE.matcher(request).replaceAll("·");
    }

    private static String failedInstance(Path run) throws IOException {
        assertThat(new RunFolder(run).start().flags()).startsWith("run");
        for (String line : Files.readAllLines(run.resolve("instances.jsonl"))) {
            Matcher failed = Pattern.compile("\"instance_id\":\"([^\"]+)\".*\"status\":\"failed\"")
                    .matcher(line);
            if (failed.find()) {
                return failed.group(1);
            }
        }
        throw new AssertionError("no instance failed");
    }

    /// Answers as the numbers in its requests say, so the same to the same, and keeps every byte that came.
    private static final class Peer implements Closeable {

        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();

        Peer() throws IOException {
            Thread.ofVirtual().name("peer").start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        List<String> requests() {
            return List.copyOf(requests);
        }

        /// Those of an instance: the one that names its run and number and those that follow it.
        List<String> requestsOf(String instanceId) {
            long number = Long.parseLong(instanceId.substring(instanceId.lastIndexOf('-') + 1));
            int first = (int) (1 + number * 3);
            return requests().subList(first, first + 3);
        }

        void forget() {
            requests.clear();
        }

        private void accept() {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    Thread.ofVirtual().name("peer-connection").start(() -> serve(socket));
                } catch (IOException e) {
                    return;
                }
            }
        }

        private void serve(Socket socket) {
            try (socket) {
                InputStream in = new BufferedInputStream(socket.getInputStream());
                for (String request = read(in); !request.isEmpty(); request = read(in)) {
                    requests.add(request);
                    String body = answer(request);
                    String status = request.startsWith("POST") ? "201 Created" : "200 OK";
                    socket.getOutputStream()
                            .write("HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                                    .formatted(status, body.length(), body)
                                    .getBytes(StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                // The client has gone
            }
        }

        private static String answer(String request) {
            if (request.startsWith("POST")) {
                Matcher amount = Pattern.compile("\"amount\":\"?(\\d)").matcher(request);
                return "{\"id\": \"c-%s\"}".formatted(amount.find() ? amount.group(1) : "0");
            }
            return request.startsWith("GET /login")
                    ? "{\"token\": \"t\"}"
                    : "{\"state\": \"%s\"}".formatted(request.startsWith("GET /orders/c-3") ? "open" : "paid");
        }

        private static String read(InputStream in) throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    return "";
                }
                head.write(next);
            }
            String text = head.toString(StandardCharsets.ISO_8859_1);
            Matcher length = Pattern.compile("(?i)content-length: (\\d+)").matcher(text);
            byte[] body = in.readNBytes(length.find() ? Integer.parseInt(length.group(1)) : 0);
            return text + new String(body, StandardCharsets.UTF_8);
        }

        @Override
        public void close() {
            try {
                server.close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
    }
}
