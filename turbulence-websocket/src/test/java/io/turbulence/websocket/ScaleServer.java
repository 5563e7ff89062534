package io.turbulence.websocket;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.java_websocket.server.DefaultSSLWebSocketServerFactory;

/// [JavaServer] as a program, so that its memory is not measured: tells its port, then does what it reads, `count` or
/// `broadcast N`.
final class ScaleServer {

    private ScaleServer() {}

    public static void main(String[] arguments) throws Exception {
        JavaServer server = new JavaServer(false);
        if (arguments.length > 0) {
            server.setWebSocketFactory(new DefaultSSLWebSocketServerFactory(
                    Certificates.in(Path.of(arguments[0])).server()));
        }
        server.begin();
        System.out.println(server.getPort());
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals("count")) {
                    System.out.println(server.getConnections().size());
                } else {
                    for (int i = 0; i < Integer.parseInt(line.split(" ", 2)[1]); i++) {
                        server.broadcast("noise " + i);
                    }
                    System.out.println("done");
                }
            }
        }
        System.exit(0);
    }

    /// The program, started.
    static final class Running implements AutoCloseable {

        private final Process process;
        private final BufferedReader said;
        private final int port;

        Running(String... arguments) throws IOException {
            java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx1g",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ScaleServer.class.getName()));
            command.addAll(java.util.List.of(arguments));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            said = process.inputReader(StandardCharsets.UTF_8);
            port = Integer.parseInt(said.readLine());
        }

        int port() {
            return port;
        }

        String ask(String what) throws IOException {
            process.outputWriter(StandardCharsets.UTF_8)
                    .append(what)
                    .append('\n')
                    .flush();
            return said.readLine();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
