package io.turbulence.kafka;

import io.turbulence.testkit.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// With Apicurio Registry through its Confluent API, as a process of its own. Skipped where it has not been fetched:
/// `mvn dependency:get -Dartifact=io.apicurio:apicurio-registry-app:3.3.3:tar.gz:all -Dtransitive=false`.
@Tag("servers")
class ApicurioTest extends SchemaCases {

    private static final Path ARCHIVE = Path.of(
            System.getProperty("user.home"),
            ".m2/repository/io/apicurio/apicurio-registry-app/3.3.3/apicurio-registry-app-3.3.3-all.tar.gz");

    @TempDir
    static Path home;

    private static Process process;
    private static String url;

    @BeforeAll
    static void startRegistry() throws Exception {
        Assumptions.assumeTrue(Files.exists(ARCHIVE), "Apicurio Registry has not been fetched");
        new ProcessBuilder("tar", "xzf", ARCHIVE.toString(), "-C", home.toString())
                .inheritIO()
                .start()
                .waitFor(60, TimeUnit.SECONDS);
        Path jar;
        try (Stream<Path> files = Files.walk(home)) {
            jar = files.filter(file -> file.endsWith("quarkus-run.jar"))
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
        }
        int port = FreePort.choose();
        process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "-Dquarkus.http.host=127.0.0.1",
                        "-Dquarkus.http.port=" + port,
                        "-Dquarkus.management.host=127.0.0.1",
                        "-Dquarkus.management.port=" + FreePort.choose(),
                        "-jar",
                        jar.toString()))
                .redirectErrorStream(true)
                .redirectOutput(home.resolve("log").toFile())
                .start();
        url = "http://127.0.0.1:" + port + "/apis/ccompat/v7";
        awaitReady();
    }

    private static void awaitReady() throws Exception {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(url + "/subjects")).build();
            while (System.nanoTime() < until && process.isAlive()) {
                try {
                    if (client.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200) {
                        return;
                    }
                } catch (IOException e) {
                    // Not yet
                }
                Thread.sleep(100);
            }
        }
        throw new IllegalStateException("Apicurio did not start: " + Files.readString(home.resolve("log")));
    }

    @AfterAll
    static void stopRegistry() throws InterruptedException {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    @Override
    String registry() {
        return url;
    }
}
