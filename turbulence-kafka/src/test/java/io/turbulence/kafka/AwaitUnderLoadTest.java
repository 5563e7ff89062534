package io.turbulence.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.testkit.SimpleJson;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Many instances wait for their own records on one topic.
@Tag("stress")
class AwaitUnderLoadTest {

    private static Broker broker;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        broker = Broker.shared();
    }

    private RunResult run(String topic, int instances, String timeout, Thread publisher) throws Exception {
        Path system = Files.writeString(
                folder.resolve("system.yaml"),
                "services: { events: { bootstrap_servers: \"" + broker.address() + "\" } }");
        Path scenario = Files.writeString(folder.resolve("scenario.yaml"), """
            id: many
            flow:
              - { name: begin, type: kafka.produce, topic: %s-begun, key: "{{instance}}", value: x, timeout: 60s }
              - { name: mine, type: kafka.await, topic: %s, match: { key: "r-{{instance}}" }, timeout: %s, expect: { expression: "payload.me == instance" } }
            """.formatted(topic, topic, timeout));
        publisher.start();
        RunResult result = TurbulenceRun.builder()
                .system(system)
                .scenario(scenario)
                .plugins(new KafkaPlugin())
                .instances(instances)
                .concurrency(instances)
                .output(folder.resolve("result"))
                .build()
                .execute();
        publisher.join();
        return result;
    }

    private Map<?, ?> summary(String... path) throws Exception {
        Object found = new SimpleJson().read(Files.readString(folder.resolve("result/summary.json")));
        for (String name : path) {
            found = ((Map<?, ?>) found).get(name);
        }
        return (Map<?, ?>) found;
    }

    private static KafkaProducer<String, String> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.address(), "linger.ms", 5),
                new StringSerializer(),
                new StringSerializer());
    }

    /// Once instances are on their way: what is sent before the consumer is positioned is nobody's.
    private static void awaitBegun(String topic) {
        String begun = topic + "-begun";
        try (var consumer = new org.apache.kafka.clients.consumer.KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", broker.address(), "auto.offset.reset", "earliest"),
                new org.apache.kafka.common.serialization.StringDeserializer(),
                new org.apache.kafka.common.serialization.StringDeserializer())) {
            consumer.assign(List.of(new org.apache.kafka.common.TopicPartition(begun, 0)));
            consumer.seekToBeginning(consumer.assignment());
            while (consumer.poll(java.time.Duration.ofMillis(100)).isEmpty()) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void tenThousandFindTheirOwnAmongShuffledAndDuplicatedOnes() throws Exception {
        int instances = 10_000;
        String topic = broker.topic("many-" + UUID.randomUUID(), 12);
        broker.topic(topic + "-begun", 1);
        List<Integer> replies = new ArrayList<>();
        long lost = 0;
        long duplicates = 0;
        for (int i = 0; i < instances; i++) {
            if (i % 20 == 7) {
                lost++;
                continue;
            }
            replies.add(i);
            if (i % 10 == 3) {
                replies.add(i);
                duplicates++;
            }
        }
        Collections.shuffle(replies, new Random(42));
        Thread publisher = new Thread(() -> {
            awaitBegun(topic);
            try (KafkaProducer<String, String> producer = producer()) {
                replies.forEach(
                        each -> producer.send(new ProducerRecord<>(topic, "r-" + each, "{\"me\": " + each + "}")));
            }
        });

        RunResult result = run(topic, instances, "25s", publisher);

        assertThat(result.passed()).isEqualTo(instances - lost);
        assertThat(result.failed()).isEqualTo(lost);
        Map<?, ?> figures = summary("subscriptions", "events", topic);
        assertThat(figures.get("arrived")).hasToString(Integer.toString(replies.size()));
        assertThat(figures.get("taken")).hasToString(Long.toString(instances - lost));
        assertThat(figures.get("duplicate")).hasToString(Long.toString(duplicates));
        assertThat(figures.get("unmatched")).hasToString("0");
        assertThat(figures.get("overflowed")).hasToString("0");
        // One consumer of the topic, one producer
        assertThat(summary("pools", "events").get("opened")).hasToString("2");
        try (Stream<String> lines = Files.lines(folder.resolve("result/steps.jsonl"))) {
            List<String> failed = lines.filter(
                            line -> line.contains("\"step\":\"mine\"") && line.contains("\"ok\":false"))
                    .toList();
            assertThat(failed)
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line)
                            .containsPattern("no record with key \\\\\"r-\\d+\\\\\" within the timeout of 25 s"));
        }
    }

    @Test
    void missNothingAmongUnrelatedRecords() throws Exception {
        int instances = 1_000;
        int unrelated = 1_000_000;
        String topic = broker.topic("busy-" + UUID.randomUUID(), 12);
        broker.topic(topic + "-begun", 1);
        AtomicLong sent = new AtomicLong();
        Thread publisher = new Thread(() -> {
            awaitBegun(topic);
            try (KafkaProducer<String, String> producer = producer()) {
                for (int i = 0; i < unrelated; i++) {
                    producer.send(new ProducerRecord<>(topic, "u-" + i, "{\"of\": \"somebody else\"}"));
                    sent.incrementAndGet();
                    if (i % (unrelated / instances) == 0) {
                        int me = i / (unrelated / instances);
                        producer.send(new ProducerRecord<>(topic, "r-" + me, "{\"me\": " + me + "}"));
                        sent.incrementAndGet();
                    }
                }
            }
        });

        RunResult result = run(topic, instances, "60s", publisher);

        assertThat(result.passed()).isEqualTo(instances);
        Map<?, ?> figures = summary("subscriptions", "events", topic);
        assertThat(figures.get("taken")).hasToString(Integer.toString(instances));
        assertThat(Long.parseLong(figures.get("arrived").toString())).isLessThanOrEqualTo(sent.get());
        assertThat(figures.get("duplicate")).hasToString("0");
    }

    /// The thread that polls looks a record up once, however many wait. Measured twice, as the first time is spent on
    /// compiling; the figure is logged, and what is asserted leaves room for a busy machine.
    @Test
    void aRecordCostsAboutTheSameWithTenThousandWaitersAsWithAHundred() throws Exception {
        double few = 0;
        double many = 0;
        for (int turn = 0; turn < 2; turn++) {
            few = microsPerRecord(100, 20_000);
            many = microsPerRecord(10_000, 20_000);
        }
        System.getLogger("cost")
                .log(System.Logger.Level.INFO, "{0} us of CPU per record with 100 waiters, {1} with 10,000", few, many);
        assertThat(many / few).isLessThan(3);
    }

    private double microsPerRecord(int waiters, int records) throws Exception {
        String topic = broker.topic("cost-" + UUID.randomUUID(), 4);
        broker.topic(topic + "-begun", 1);
        AtomicLong nanos = new AtomicLong();
        Thread publisher = new Thread(() -> {
            awaitBegun(topic);
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            try (KafkaProducer<String, String> producer = producer()) {
                for (int i = 0; i < records; i++) {
                    // Replies come last, so that all wait while the others come
                    int me = i - (records - waiters);
                    producer.send(new ProducerRecord<>(topic, me < 0 ? "u-" + i : "r-" + me, "{\"me\": " + me + "}"));
                    if (me == waiters - 2) {
                        producer.flush();
                        nanos.set(cpuOf(threads, topic));
                    }
                }
            }
        });
        RunResult result = run(topic, waiters, "60s", publisher);
        assertThat(result.passed()).isEqualTo(waiters);
        return nanos.get() / 1e3 / records;
    }

    private static long cpuOf(ThreadMXBean threads, String topic) {
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().endsWith("-" + topic)) {
                return threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        throw new IllegalStateException("nobody polls '" + topic + "'");
    }
}
