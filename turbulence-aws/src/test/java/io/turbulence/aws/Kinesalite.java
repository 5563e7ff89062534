package io.turbulence.aws;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.turbulence.testkit.FreePort;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/// kinesalite as a process of its own. Skipped where Node.js or the package is not there.
final class Kinesalite implements AutoCloseable {

    private static final Path MODULES = Path.of("target/node_modules");

    private final Process process;
    private final String url;
    private final KinesisClient client;

    private Kinesalite(Process process, String url) {
        this.process = process;
        this.url = url;
        this.client = KinesisClients.build(new ServiceClient.Wiring(
                serviceAt(url),
                URI.create(url),
                Apache5HttpClient.create(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")),
                ClientOverrideConfiguration.builder().build()));
    }

    static Kinesalite start(Path home) throws Exception {
        assumeTrue(
                Files.isDirectory(MODULES.resolve("kinesalite")),
                "kinesalite is not there: npm install --prefix turbulence-aws/target --no-save kinesalite@3.3.3");
        int port = FreePort.choose();
        Path log = home.resolve("log");
        Process process = new ProcessBuilder(
                        "node",
                        "src/it/kinesalite/server.js",
                        MODULES.toAbsolutePath().toString(),
                        String.valueOf(port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        for (int attempt = 0; !Files.readString(log).contains("ready"); attempt++) {
            if (attempt == 300 || !process.isAlive()) {
                process.destroyForcibly();
                throw new IllegalStateException("kinesalite did not start: " + Files.readString(log));
            }
            Thread.sleep(100);
        }
        return new Kinesalite(process, "http://127.0.0.1:" + port);
    }

    static KinesisService serviceAt(String url) {
        return new KinesisService(
                Region.US_EAST_1.id(), url, Credentials.of("an-id", "a-secret-of-the-key"), AwsService.Retries.OFF);
    }

    KinesisService service() {
        return serviceAt(url);
    }

    String url() {
        return url;
    }

    KinesisClient client() {
        return client;
    }

    void stream(String name, int shards) throws InterruptedException {
        client.createStream(create -> create.streamName(name).shardCount(shards));
        awaitActive(name);
    }

    void awaitActive(String name) throws InterruptedException {
        for (int attempt = 0; attempt < 300; attempt++) {
            String status = client.describeStreamSummary(ask -> ask.streamName(name))
                    .streamDescriptionSummary()
                    .streamStatusAsString();
            if (status.equals("ACTIVE")) {
                return;
            }
            Thread.sleep(20);
        }
        throw new IllegalStateException("'" + name + "' did not become active");
    }

    void put(String stream, String key, String text) {
        client.putRecord(put ->
                put.streamName(stream).partitionKey(key).data(SdkBytes.fromString(text, StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        client.close();
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
