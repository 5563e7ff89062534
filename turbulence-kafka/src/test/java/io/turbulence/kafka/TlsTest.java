package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.api.Observation;
import io.turbulence.testkit.FakeActionContext;
import io.turbulence.testkit.FakeOpenContext;
import io.turbulence.testkit.FreePort;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Over TLS, with certificates on both sides, and SASL above it.
class TlsTest {

    @TempDir
    Path folder;

    @Test
    void speaksTlsWithCertificatesOnBothSides() throws Exception {
        pem("broker");
        pem("us");
        int port = FreePort.choose();
        try (Broker broker = Broker.start(Map.ofEntries(
                Map.entry(
                        "listeners",
                        "PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller},TLS://127.0.0.1:" + port),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,TLS:SASL_SSL"),
                Map.entry("sasl.enabled.mechanisms", "PLAIN"),
                Map.entry(
                        "listener.name.tls.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required user_ann=\"secret\";"),
                Map.entry("listener.name.tls.ssl.client.auth", "required"),
                Map.entry("listener.name.tls.ssl.keystore.type", "PEM"),
                Map.entry("listener.name.tls.ssl.keystore.certificate.chain", read("broker.cert")),
                Map.entry("listener.name.tls.ssl.keystore.key", read("broker.key")),
                Map.entry("listener.name.tls.ssl.truststore.type", "PEM"),
                Map.entry("listener.name.tls.ssl.truststore.certificates", read("us.cert"))))) {
            String topic = broker.topic("tls", 1);
            KafkaService service = service(port, "broker.cert");
            RecordSender sender = new Producers.Plain()
                    .open(service, FakeOpenContext.to(Brokers.endpoint(service)).withDeadline(soon()));
            try (FakeActionContext context = FakeActionContext.of(service).deadline(Duration.ofSeconds(60))) {
                Observation observation = Produce.action().execute(Produce.text(topic, "k", "v"), sender, context);
                assertThat(observation.outcome().success())
                        .as("%s", observation)
                        .isTrue();
            } finally {
                sender.close();
            }
            KafkaService mistrusting = service(port, "us.cert");
            assertThatThrownBy(() -> new Producers.Plain()
                            .open(
                                    mistrusting,
                                    FakeOpenContext.to(Brokers.endpoint(mistrusting))
                                            .withDeadline(soon())))
                    .isInstanceOfSatisfying(
                            FailureException.class,
                            thrown -> assertThat(thrown.failure()).isEqualTo(Failure.TLS));
        }
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(60), "limit of the test");
    }

    private KafkaService service(int port, String ca) {
        return new KafkaService(
                "127.0.0.1:" + port,
                Map.of(),
                new KafkaService.Security(
                        null,
                        "PLAIN",
                        "ann",
                        "secret",
                        new KafkaService.Tls(
                                folder.resolve(ca), folder.resolve("us.cert"), folder.resolve("us.key"), null, true)),
                null,
                "all",
                KafkaService.Compression.NONE,
                null,
                true);
    }

    private String read(String file) throws Exception {
        return Files.readString(folder.resolve(file));
    }

    /// A key and a certificate that it signed itself, as PEM.
    private void pem(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        name,
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "password",
                        "-keystore",
                        store.toString())
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, "password".toCharArray());
        }
        write(
                name + ".key",
                "PRIVATE KEY",
                keys.getKey(name, "password".toCharArray()).getEncoded());
        write(name + ".cert", "CERTIFICATE", keys.getCertificate(name).getEncoded());
    }

    private void write(String file, String type, byte[] content) throws Exception {
        Files.writeString(
                folder.resolve(file),
                "-----BEGIN " + type + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + type
                        + "-----\n");
    }
}
