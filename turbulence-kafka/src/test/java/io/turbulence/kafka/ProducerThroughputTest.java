package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.spi.OpenContext;
import io.turbulence.testkit.FakeOpenContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What our way of sending costs over the library's own, in turns on one broker with the same settings. Compares only
/// roughly: on a busy machine turns differ by more than what is looked for.
@Tag("stress")
class ProducerThroughputTest {

    private static final int RECORDS = 100_000;
    private static final int TURNS = 5;

    @Test
    void sendsAtLeastHalfAsFastAsTheLibraryAlone() throws Exception {
        Broker broker = Broker.shared();
        String topic = broker.topic("throughput-" + UUID.randomUUID(), 4);
        KafkaService service = broker.service();
        OpenContext context = FakeOpenContext.to(Brokers.endpoint(service));
        RecordSender ours = new Producers.Plain().open(service, context);
        double best = 0;
        double bestOurs = 0;
        try (KafkaProducer<byte[], byte[]> theirs = new KafkaProducer<>(
                ClientSettings.producer(service, context), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int turn = 0; turn < TURNS; turn++) {
                best = Math.max(best, rate(() -> {
                    List<Future<RecordMetadata>> pending = new ArrayList<>();
                    for (ProducerRecord<byte[], byte[]> each : records(topic)) {
                        pending.add(theirs.send(each));
                    }
                    for (Future<RecordMetadata> each : pending) {
                        each.get();
                    }
                }));
                bestOurs = Math.max(
                        bestOurs,
                        rate(() -> ours.send(records(topic), Deadline.after(Duration.ofMinutes(1), "test"), () -> {})));
            }
        } finally {
            ours.close();
        }
        System.getLogger("throughput")
                .log(System.Logger.Level.INFO, "library {0}/s, ours {1}/s", (long) best, (long) bestOurs);
        assertThat(bestOurs / best).isGreaterThan(0.5);
    }

    private static List<ProducerRecord<byte[], byte[]>> records(String topic) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(RECORDS);
        for (int i = 0; i < RECORDS; i++) {
            records.add(new ProducerRecord<>(topic, new byte[100]));
        }
        return records;
    }

    private static double rate(Turn turn) throws Exception {
        long start = System.nanoTime();
        turn.run();
        return RECORDS * 1e9 / (System.nanoTime() - start);
    }

    private interface Turn {

        void run() throws Exception;
    }
}
