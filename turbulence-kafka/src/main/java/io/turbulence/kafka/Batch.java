package io.turbulence.kafka;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/// One batch of one consumer. For one thread.
final class Batch {

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final ConsumeSettings settings;
    private final Deadline deadline;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final Map<TopicPartition, Long> next = new HashMap<>();
    private boolean isAssigned;

    Batch(KafkaConsumer<byte[], byte[]> consumer, ConsumeSettings settings, Deadline deadline) {
        this.consumer = consumer;
        this.settings = settings;
        this.deadline = deadline;
    }

    List<ConsumerRecord<byte[], byte[]>> records() {
        return records;
    }

    /// Reads until there are enough or nothing comes any more. Joining the group does not count as idle, nor does
    /// waiting for a broker's answer.
    ///
    /// @param came run for the first record
    void read(Runnable came) throws InterruptedException {
        begin();
        long idleSince = System.nanoTime();
        long idle = settings.idleTimeout().toNanos();
        while (records.size() < settings.maxMessages()) {
            boolean any = false;
            for (ConsumerRecord<byte[], byte[]> each : poll()) {
                if (records.size() == settings.maxMessages()) {
                    break;
                }
                if (records.isEmpty()) {
                    came.run();
                }
                any = true;
                records.add(each);
                next.put(new TopicPartition(each.topic(), each.partition()), each.offset() + 1);
            }
            long now = System.nanoTime();
            if (any || !isAssigned || !isAtEnd()) {
                idleSince = now;
            } else if (now - idleSince >= idle) {
                return;
            }
            if (deadline.expired()) {
                throw new FailureException(
                        Failure.TIMEOUT,
                        "'%s': the batch was not complete within the %s: %s"
                                .formatted(
                                        settings.topic(),
                                        deadline.limit(),
                                        isAssigned
                                                ? records.size() + " of at most " + settings.maxMessages()
                                                        + " records, and they still came"
                                                : "group '" + settings.group() + "' gave us no partition"));
            }
        }
    }

    /// Whether each broker has answered, and we have read what it said there is.
    private boolean isAtEnd() {
        return consumer.assignment().stream()
                .allMatch(partition -> consumer.currentLag(partition).orElse(1) == 0);
    }

    private Iterable<ConsumerRecord<byte[], byte[]>> poll() throws InterruptedException {
        Duration most = deadline.remaining().compareTo(POLL) < 0 ? deadline.remaining() : POLL;
        Duration idle = settings.idleTimeout();
        try {
            return consumer.poll(idle.compareTo(most) < 0 ? idle : most);
        } catch (WakeupException e) {
            throw KafkaFailures.interrupted(e);
        }
    }

    private void begin() {
        StartingPoint from = StartingPoint.parse(settings.from());
        if (settings.group() != null) {
            consumer.subscribe(List.of(settings.topic()), new Assignment(from));
            return;
        }
        List<PartitionInfo> infos = consumer.partitionsFor(settings.topic(), deadline.remaining());
        List<TopicPartition> partitions = infos == null ? List.of() : Offsets.partitions(infos);
        if (partitions.isEmpty()) {
            throw new FailureException(Failure.PROTOCOL, "'" + settings.topic() + "': no such topic");
        }
        consumer.assign(partitions);
        from.offsets(new Offsets(consumer, partitions, deadline)).forEach(consumer::seek);
        isAssigned = true;
    }

    boolean commit() {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        Set<TopicPartition> ours = consumer.assignment();
        next.forEach((partition, offset) -> {
            if (ours.contains(partition)) {
                offsets.put(partition, new OffsetAndMetadata(offset));
            }
        });
        consumer.commitSync(offsets, deadline.remaining());
        return true;
    }

    List<Integer> partitions() {
        return consumer.assignment().stream()
                .map(TopicPartition::partition)
                .sorted()
                .toList();
    }

    /// By partition, how many records are there that were not read.
    Map<String, Long> lags() {
        Set<TopicPartition> ours = consumer.assignment();
        Map<String, Long> lags = new TreeMap<>();
        Duration left = Duration.ofMillis(Math.max(1000, deadline.remainingMillis()));
        consumer.endOffsets(ours, left).forEach((partition, end) -> {
            long position = next.containsKey(partition) ? next.get(partition) : consumer.position(partition, left);
            lags.put(Integer.toString(partition.partition()), Math.max(0, end - position));
        });
        return lags;
    }

    /// Learns when the group gave us partitions, be it none, and sets where to begin where nothing was committed.
    private final class Assignment implements ConsumerRebalanceListener {

        private final StartingPoint from;

        Assignment(StartingPoint from) {
            this.from = from;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            isAssigned = true;
            Instant time = from.instant();
            if (time == null || partitions.isEmpty()) {
                return;
            }
            Map<TopicPartition, OffsetAndMetadata> committed =
                    consumer.committed(Set.copyOf(partitions), deadline.remaining());
            Map<TopicPartition, Long> wanted = new Offsets(consumer, partitions, deadline).at(time);
            for (TopicPartition partition : partitions) {
                Long offset = wanted.get(partition);
                if (committed.get(partition) == null && offset != null) {
                    consumer.seek(partition, offset);
                }
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            // What was read of them stays in the batch; it is not committed
        }
    }
}
