package io.turbulence.kafka;

import io.turbulence.api.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/// Asks the brokers for offsets within a deadline.
///
/// @param partitions the partitions asked for
record Offsets(Consumer<?, ?> consumer, Collection<TopicPartition> partitions, Deadline deadline)
        implements StartingPoint.Positions {

    @Override
    public Map<TopicPartition, Long> beginning() {
        return consumer.beginningOffsets(partitions, left());
    }

    @Override
    public Map<TopicPartition, Long> end() {
        return consumer.endOffsets(partitions, left());
    }

    @Override
    public Map<TopicPartition, Long> at(Instant time) {
        Map<TopicPartition, Long> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, time.toEpochMilli()));
        Map<TopicPartition, Long> found = new HashMap<>(end());
        Map<TopicPartition, OffsetAndTimestamp> first = consumer.offsetsForTimes(asked, left());
        first.forEach((partition, offset) -> {
            if (offset != null) {
                found.put(partition, offset.offset());
            }
        });
        return found;
    }

    static List<TopicPartition> partitions(List<PartitionInfo> infos) {
        return infos.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private Duration left() {
        return Duration.ofMillis(deadline.timeoutMillis());
    }
}
