package io.turbulence.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/// Several real brokers in this process; the first is also the controller.
final class Cluster implements AutoCloseable {

    private final List<Broker> brokers;

    private Cluster(List<Broker> brokers) {
        this.brokers = brokers;
    }

    static Cluster start(int size) {
        String id = Uuid.randomUuid().toString();
        List<Broker> brokers = new ArrayList<>();
        Broker first = Broker.start(Map.of(), id, 1, null);
        brokers.add(first);
        for (int node = 2; node <= size; node++) {
            brokers.add(Broker.start(Map.of(), id, node, first));
        }
        return new Cluster(brokers);
    }

    String addresses() {
        return brokers.stream().map(Broker::address).collect(Collectors.joining(","));
    }

    private Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", addresses()));
    }

    void topic(String name, int partitions, int replicas) throws InterruptedException, ExecutionException {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(partitions), Optional.of((short) replicas))))
                    .all()
                    .get();
        }
    }

    int leader(String topic) throws InterruptedException, ExecutionException {
        try (Admin admin = admin()) {
            return admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get()
                    .get(topic)
                    .partitions()
                    .getFirst()
                    .leader()
                    .id();
        }
    }

    /// Makes another broker lead partition 0.
    ///
    /// @return the one that led before
    int moveLeader(String topic) throws InterruptedException, ExecutionException {
        int before = leader(topic);
        List<Integer> order = new ArrayList<>();
        for (int node = 1; node <= brokers.size(); node++) {
            order.add(node);
        }
        order.remove(Integer.valueOf(before));
        order.add(before);
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = admin()) {
            admin.alterPartitionReassignments(Map.of(partition, Optional.of(new NewPartitionReassignment(order))))
                    .all()
                    .get();
            while (!admin.listPartitionReassignments().reassignments().get().isEmpty()) {
                Thread.onSpinWait();
            }
            admin.electLeaders(ElectionType.PREFERRED, java.util.Set.of(partition))
                    .all()
                    .get();
        }
        return before;
    }

    @Override
    public void close() {
        brokers.reversed().forEach(Broker::close);
    }
}
