package io.turbulence.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A server of Node's that frames its answers in odd ways, on free ports of 127.0.0.1.
final class Node implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/bin/node");
    private static final Path SCRIPT = Path.of("src/test/resources/node/odd.js");

    /// Speaks HTTP/1.1.
    final int port;

    /// Speaks HTTP/2 without TLS.
    final int http2Port;

    /// Leads anna (`secret`) to other places by CONNECT.
    final int proxyPort;

    private final Process process;

    private Node(Process process, int port, int http2Port, int proxyPort) {
        this.process = process;
        this.port = port;
        this.http2Port = http2Port;
        this.proxyPort = proxyPort;
    }

    /// Skips the test where there is no Node.
    static void assume() {
        Assumptions.assumeTrue(
                Files.isExecutable(PROGRAM), "Node is not installed; install it with 'apt-get install nodejs'");
    }

    static Node start() throws IOException {
        Process process = new ProcessBuilder(
                        PROGRAM.toString(), SCRIPT.toAbsolutePath().toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = said.readLine();
        if (line == null) {
            process.destroyForcibly();
            throw new IOException("Node did not start '" + SCRIPT + "'");
        }
        String[] ports = line.split(" ");
        return new Node(process, Integer.parseInt(ports[0]), Integer.parseInt(ports[1]), Integer.parseInt(ports[2]));
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
