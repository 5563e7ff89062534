package io.turbulence.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The YAML language server that editors use, spoken to over its standard streams (LSP).
final class YamlLanguageServer implements AutoCloseable {

    private static final String PACKAGE = "yaml-language-server@1.25.0";
    private static final Path HOME = Path.of("target/yaml-language-server");
    private static final long SECONDS = 60;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Process process;
    private final OutputStream out;
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private int requests;

    private YamlLanguageServer(Process process) {
        this.process = process;
        this.out = process.getOutputStream();
        Thread.ofVirtual().name("language-server-reader").start(this::readAll);
    }

    /// Starts it, after it was installed below `target` where it is not; skips the test where that cannot be done.
    static YamlLanguageServer start() throws Exception {
        Path program = HOME.resolve("node_modules/.bin/yaml-language-server");
        if (!Files.exists(program)) {
            install();
        }
        Assumptions.assumeTrue(
                Files.exists(program),
                () ->
                        "the YAML language server is not installed; install it with 'npm install --prefix turbulence-http/%s %s'"
                                .formatted(HOME, PACKAGE));
        YamlLanguageServer server = new YamlLanguageServer(
                new ProcessBuilder(program.toAbsolutePath().toString(), "--stdio")
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start());
        int id = server.request("initialize", Map.of("capabilities", Map.of(), "rootUri", "file:///"));
        server.await(message -> message.path("id").asInt(-1) == id && message.has("result"));
        server.notify("initialized", Map.of());
        server.notify(
                "workspace/didChangeConfiguration",
                Map.of("settings", Map.of("yaml", Map.of("validate", true, "hover", true, "completion", true))));
        return server;
    }

    private static void install() throws Exception {
        try {
            Files.createDirectories(HOME);
            Process npm = new ProcessBuilder(
                            "npm", "install", "--no-audit", "--no-fund", "--prefix", HOME.toString(), PACKAGE)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!npm.waitFor(180, TimeUnit.SECONDS)) {
                npm.destroyForcibly();
            }
        } catch (IOException e) {
            Assumptions.abort("npm is not installed; install it with 'apt-get install npm'");
        }
    }

    /// What it finds wrong with a file: `line: message`, counted from 1.
    List<String> problems(Path file) throws Exception {
        String uri = open(file);
        JsonNode found = await(message ->
                "textDocument/publishDiagnostics".equals(message.path("method").asString())
                        && uri.equals(message.path("params").path("uri").asString()));
        return found.path("params")
                .path("diagnostics")
                .valueStream()
                .map(problem ->
                        (problem.path("range").path("start").path("line").asInt() + 1)
                                + ": "
                                + problem.path("message").asString())
                .toList();
    }

    /// What it shows of the word at a place, counted from 0.
    String hover(Path file, int line, int character) throws Exception {
        int id = request(
                "textDocument/hover",
                Map.of(
                        "textDocument", Map.of("uri", file.toUri().toString()),
                        "position", Map.of("line", line, "character", character)));
        return await(message -> message.path("id").asInt(-1) == id && message.has("result"))
                .path("result")
                .path("contents")
                .path("value")
                .asString("");
    }

    private String open(Path file) throws Exception {
        String uri = file.toUri().toString();
        notify(
                "textDocument/didOpen",
                Map.of(
                        "textDocument",
                        Map.of("uri", uri, "languageId", "yaml", "version", 1, "text", Files.readString(file))));
        return uri;
    }

    private int request(String method, Object params) throws IOException {
        int id = ++requests;
        send(Map.of("jsonrpc", "2.0", "id", id, "method", method, "params", params));
        return id;
    }

    private void notify(String method, Object params) throws IOException {
        send(Map.of("jsonrpc", "2.0", "method", method, "params", params));
    }

    private void send(Object message) throws IOException {
        byte[] body = JSON.writeValueAsBytes(message);
        synchronized (out) {
            out.write(("Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
        }
    }

    private JsonNode await(Predicate<JsonNode> wanted) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (true) {
            JsonNode message = received.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
            if (message == null) {
                throw new AssertionError("the language server said nothing for " + SECONDS + " s");
            }
            if (wanted.test(message)) {
                return message;
            }
        }
    }

    private void readAll() {
        try (InputStream in = new BufferedInputStream(process.getInputStream())) {
            while (true) {
                int length = -1;
                for (String line = line(in); !line.isEmpty(); line = line(in)) {
                    if (line.startsWith("Content-Length: ")) {
                        length = Integer.parseInt(line.substring("Content-Length: ".length()));
                    }
                }
                JsonNode message = JSON.readTree(in.readNBytes(length));
                if (message.has("method") && message.has("id")) {
                    answer(message);
                } else {
                    received.add(message);
                }
            }
        } catch (IOException e) {
            // The server has ended
        }
    }

    /// What it asks for: the configuration, which it gets as none, and leave to register.
    private void answer(JsonNode question) throws IOException {
        int items = question.path("params").path("items").size();
        Object none = "workspace/configuration".equals(question.path("method").asString())
                ? java.util.Collections.nCopies(items, Map.of())
                : Map.of();
        send(Map.of("jsonrpc", "2.0", "id", JSON.treeToValue(question.path("id"), Object.class), "result", none));
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = in.read(); read != '\n'; read = in.read()) {
            if (read < 0) {
                throw new IOException("end");
            }
            if (read != '\r') {
                line.write(read);
            }
        }
        return line.toString(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
