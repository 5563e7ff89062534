package io.turbulence.websocket;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// Node's `ws`, installed once below `target`.
final class NodeServer implements AutoCloseable {

    private static final Path HOME = Path.of("target", "node-ws");
    private static final String PACKAGE = "ws@8";

    private final Process process;
    private final int port;

    private NodeServer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static NodeServer start() throws Exception {
        install();
        Path script = Path.of("src/test/resources/echo.js").toAbsolutePath();
        ProcessBuilder builder =
                new ProcessBuilder("node", script.toString()).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment()
                .put("NODE_PATH", HOME.resolve("node_modules").toAbsolutePath().toString());
        Process process = builder.start();
        BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
        String port = said.readLine();
        if (port == null) {
            throw new IOException("Node's ws did not start");
        }
        return new NodeServer(process, Integer.parseInt(port));
    }

    private static void install() throws Exception {
        if (Files.exists(HOME.resolve("node_modules/ws"))) {
            return;
        }
        Files.createDirectories(HOME);
        boolean installed;
        try {
            Process npm = new ProcessBuilder(
                            "npm", "install", "--no-audit", "--no-fund", "--prefix", HOME.toString(), PACKAGE)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            installed = npm.waitFor(180, TimeUnit.SECONDS) && npm.exitValue() == 0;
            npm.destroyForcibly();
        } catch (IOException e) {
            installed = false;
        }
        Assumptions.assumeTrue(installed, "npm is missing, or could not install " + PACKAGE);
    }

    String url() {
        return "ws://127.0.0.1:" + port + "/";
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        process.waitFor(5, TimeUnit.SECONDS);
    }
}
