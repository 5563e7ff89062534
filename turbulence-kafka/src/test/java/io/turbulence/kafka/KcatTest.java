package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.api.Frame;
import io.turbulence.spi.Subscription;
import io.turbulence.spi.SubscriptionRequest;
import io.turbulence.tck.PluginTestKit;
import io.turbulence.testkit.FakeOpenContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// With another implementation of the protocol (librdkafka).
@Tag("servers")
class KcatTest {

    private static final Path KCAT = Path.of("/usr/bin/kcat");

    private static Broker broker;

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(Files.isExecutable(KCAT), "kcat is not installed (apt install kcat)");
        broker = Broker.shared();
    }

    private static String kcat(String input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(KCAT.toString(), "-b", broker.address()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    @Test
    void readsWhatWeProduce() throws Exception {
        String topic = broker.topic("kcat-" + UUID.randomUUID(), 1);
        PluginTestKit.scenario(("{ id: k, flow: [ { name: send, type: kafka.produce, topic: " + topic
                        + ", key: k-1, value: hello, headers: { a: b }, propagate: false } ] }"))
                .system("services: { events: { bootstrap_servers: \"" + broker.address() + "\", compression: lz4 } }")
                .with(new KafkaPlugin())
                .run();
        assertThat(kcat("", "-C", "-e", "-q", "-t", topic, "-f", "%k=%s (%h) %p@%o\n"))
                .isEqualTo("k-1=hello (a=b) 0@0\n");
    }

    @Test
    void producesWhatWeAwait() throws Exception {
        String topic = broker.topic("kcat-" + UUID.randomUUID(), 1);
        try (Subscription subscription = new Topics()
                .open(
                        broker.service(),
                        SubscriptionRequest.of(topic),
                        FakeOpenContext.to(Brokers.endpoint(broker.service())))) {
            kcat("k-1|{\"n\": 1}\n", "-P", "-t", topic, "-K", "|", "-H", "me=you", "-z", "snappy");
            List<Frame> received = new ArrayList<>();
            Deadline deadline = Deadline.after(Duration.ofSeconds(30), "test");
            while (received.isEmpty() && !deadline.expired()) {
                subscription.poll(Duration.ofMillis(200), received::add);
            }
            assertThat(received).hasSize(1);
            assertThat(received.getFirst().metadata().get("key")).isEqualTo("k-1");
            assertThat(received.getFirst().metadata().get("headers")).hasToString("{me=you}");
        }
    }
}
