package io.turbulence.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// nginx with a configuration of the test's, on free ports of 127.0.0.1.
final class Nginx implements AutoCloseable {

    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");

    /// Speaks HTTP/1.1.
    final int port;

    /// Speaks HTTP/2 without TLS.
    final int http2Port;

    /// Speaks both over TLS.
    final int securePort;

    private final Path folder;
    private final Process process;

    private Nginx(Path folder, int port, int http2Port, int securePort, Process process) {
        this.folder = folder;
        this.port = port;
        this.http2Port = http2Port;
        this.securePort = securePort;
        this.process = process;
    }

    /// Skips the test where there is no nginx.
    static void assume() {
        Assumptions.assumeTrue(
                Files.isExecutable(PROGRAM), "nginx is not installed; install it with 'apt-get install nginx-light'");
    }

    /// @param locations what stands in the server's block
    static Nginx start(Path folder, Certificates certificates, String locations) throws Exception {
        int port = freePort();
        int http2Port = freePort();
        int securePort = freePort();
        String configuration = """
            daemon off; master_process off; worker_processes 1; pid %1$s/nginx.pid;
            error_log %1$s/error.log warn;
            events { worker_connections 4096; }
            http {
              access_log %1$s/access.log;
              client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f;
              uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
              keepalive_requests 100000;
              gzip on; gzip_min_length 10; gzip_types text/plain;
              server {
                listen 127.0.0.1:%2$d; listen 127.0.0.1:%7$d http2; listen 127.0.0.1:%3$d ssl http2;
                ssl_certificate %4$s; ssl_certificate_key %5$s;
                %6$s
              }
            }
            """.formatted(
                folder, port, securePort, certificates.serverCert, certificates.serverKey, locations, http2Port);
        Path file = Files.writeString(folder.resolve("nginx.conf"), configuration);
        return start(folder, file, port, http2Port, securePort);
    }

    private static Nginx start(Path folder, Path file, int port, int http2Port, int securePort) throws Exception {
        Process process = new ProcessBuilder(PROGRAM.toString(), "-p", folder.toString(), "-c", file.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out.log").toFile())
                .start();
        Nginx nginx = new Nginx(folder, port, http2Port, securePort, process);
        nginx.awaitPort();
        return nginx;
    }

    /// Ends it without a goodbye.
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /// Starts it again on the same ports.
    Nginx again() throws Exception {
        return start(folder, folder.resolve("nginx.conf"), port, http2Port, securePort);
    }

    private void awaitPort() throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < until) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (!process.isAlive()) {
                    break;
                }
                Thread.sleep(20);
            }
        }
        throw new IOException("nginx did not start: "
                + Files.readString(folder.resolve("out.log"), StandardCharsets.UTF_8)
                + Files.readString(folder.resolve("error.log"), StandardCharsets.UTF_8));
    }

    /// How many requests it has answered.
    long answered() throws IOException {
        try (var lines = Files.lines(folder.resolve("access.log"))) {
            return lines.count();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }
}
