package io.turbulence.aws;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turbulence.testkit.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Adobe's S3Mock as a process of its own, on this machine's own address. Skipped where its class path has not been
/// made.
final class S3Mock implements AutoCloseable {

    private static final Path CLASS_PATH = Path.of("target/s3mock.cp");

    private final Process process;
    private final String url;

    private S3Mock(Process process, String url) {
        this.process = process;
        this.url = url;
    }

    static S3Mock start(Path home) throws Exception {
        assumeTrue(
                Files.isReadable(CLASS_PATH),
                "S3Mock's class path is not there: mvn -q -f turbulence-aws/src/it/s3mock/pom.xml"
                        + " dependency:build-classpath -Dmdep.outputFile=$PWD/turbulence-aws/target/s3mock.cp");
        int port = FreePort.choose();
        Path log = home.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "-cp",
                        Files.readString(CLASS_PATH).strip(),
                        "src/it/s3mock/S3MockServer.java",
                        String.valueOf(port),
                        home.resolve("store").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        S3Mock mock = new S3Mock(process, "http://127.0.0.1:" + port);
        mock.awaitReady(log);
        return mock;
    }

    private void awaitReady(Path log) throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        while (System.nanoTime() < until && process.isAlive()) {
            try {
                if (request("GET", "/") == 200) {
                    return;
                }
            } catch (IOException e) {
                // Not yet
            }
            Thread.sleep(100);
        }
        close();
        throw new IllegalStateException("S3Mock did not start: " + Files.readString(log));
    }

    private int request(String method, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create(url + path))
                                    .method(method, HttpRequest.BodyPublishers.noBody())
                                    .timeout(Duration.ofSeconds(10))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    void bucket(String name) throws Exception {
        if (request("PUT", "/" + name) != 200) {
            throw new IllegalStateException("no bucket '" + name + "'");
        }
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
