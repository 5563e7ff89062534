package io.turbulence.kafka;

import io.turbulence.api.Failure;
import io.turbulence.api.Outcome;
import io.turbulence.spi.Subscription.Interruption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.jspecify.annotations.Nullable;

/*
 * A consumer whose brokers are away polls as one to whose topic nothing is written: it says nothing, and goes on trying.
 * Yet a broker answers every fetch within fetch.max.wait.ms, with records or without, and the consumer counts what each
 * broker answered. A leader that has not answered for longer is away.
 */
/// Whether the brokers that lead the partitions of a topic answer. Used by the thread that polls.
final class Leaders {

    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int KNOCK_MILLIS = 200;

    private final KafkaConsumer<?, ?> consumer;
    private final String topic;
    private final long longestNanos;
    private final boolean anyBroker;
    private final Map<Integer, Answers> byNode = new HashMap<>();
    private List<PartitionInfo> partitions = List.of();
    private @Nullable Metric connections;
    private long lookedAt = System.nanoTime();
    private @Nullable Interruption last;

    /// @param longestMillis how long a broker may hold a fetch
    /// @param anyBroker     whether a partition is read from another broker than its leader
    Leaders(KafkaConsumer<?, ?> consumer, String topic, long longestMillis, boolean anyBroker) {
        this.consumer = consumer;
        this.topic = topic;
        this.longestNanos = TimeUnit.MILLISECONDS.toNanos(longestMillis) + SLACK_NANOS;
        this.anyBroker = anyBroker;
    }

    /// What one broker has answered.
    private static final class Answers {

        private @Nullable Metric metric;
        private double count;
        private long at;
    }

    /// The partitions with those who lead them now.
    void are(List<PartitionInfo> now) {
        partitions = List.copyOf(now);
    }

    /// Why a partition cannot be read; null when all can.
    @Nullable
    Interruption interruption() {
        long now = System.nanoTime();
        if (now - lookedAt < EVERY_NANOS) {
            return last;
        }
        lookedAt = now;
        last = looked(now);
        return last;
    }

    private @Nullable Interruption looked(long now) {
        if (connections == null) {
            connections = metric("connection-count", null);
        }
        boolean connected = value(connections) > 0;
        List<Node> silent = new ArrayList<>();
        int heard = 0;
        for (PartitionInfo partition : partitions) {
            Node leader = partition.leader();
            if (leader == null || leader.isEmpty()) {
                return away(
                        Failure.CONNECT, "partition %d of '%s' has no leader".formatted(partition.partition(), topic));
            }
            long silence = silence(leader, now);
            if (connected && silence <= longestNanos) {
                heard++;
            } else if (!silent.contains(leader)) {
                silent.add(leader);
            }
        }
        return silent.isEmpty() || (anyBroker && heard > 0) ? null : away(silent.getFirst(), now);
    }

    private long silence(Node leader, long now) {
        Answers answers = byNode.computeIfAbsent(leader.id(), id -> new Answers());
        if (answers.metric == null) {
            answers.metric = metric("response-total", "node-" + leader.id());
            answers.at = answers.at == 0 ? now : answers.at;
        }
        double count = value(answers.metric);
        if (count != answers.count) {
            answers.count = count;
            answers.at = now;
        }
        return now - answers.at;
    }

    /// The library keeps the reason to itself, so it is asked for at the door.
    private Interruption away(Node leader, long now) {
        String at = leader.host() + ":" + leader.port();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(leader.host(), leader.port()), KNOCK_MILLIS);
        } catch (IOException | IllegalArgumentException e) {
            return away(Failure.CONNECT, "'" + at + "': " + e.getMessage());
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(silence(leader, now));
        return away(Failure.TIMEOUT, "'%s': the broker has not answered for %d ms".formatted(at, millis));
    }

    private static Interruption away(Failure failure, String message) {
        return new Interruption(new Outcome.Failed(failure, message, null), false);
    }

    private @Nullable Metric metric(String name, @Nullable String node) {
        for (Metric metric : consumer.metrics().values()) {
            if (metric.metricName().name().equals(name)
                    && (node == null
                            ? metric.metricName().group().equals("consumer-metrics")
                            : node.equals(metric.metricName().tags().get("node-id")))) {
                return metric;
            }
        }
        return null;
    }

    private static double value(@Nullable Metric metric) {
        return metric != null && metric.metricValue() instanceof Number number ? number.doubleValue() : 0;
    }
}
