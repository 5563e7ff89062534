package io.turbulence.examples.orderflow;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Moves orders from the topic into the table: `Processor --brokers host:port --database jdbc:… --fault none`.
public final class Processor {

    private static final Duration SLOW = Duration.ofSeconds(1);

    private Processor() {}

    public static void main(String[] arguments) throws Exception {
        Options options = Options.of(arguments);
        String brokers = options.text("brokers");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
            admin.createTopics(List.of(new NewTopic(Orders.TOPIC, 6, (short) 1)))
                    .all()
                    .get();
        }
        try (Connection connection = DriverManager.getConnection(options.text("database"), "postgres", "postgres");
                KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                brokers,
                                "group.id",
                                "processor",
                                "auto.offset.reset",
                                "earliest",
                                "metadata.max.age.ms",
                                500),
                        new StringDeserializer(),
                        new ByteArrayDeserializer())) {
            connection.createStatement().execute("""
                create table orders (
                    id text primary key, customer_id text not null, total numeric(12, 2) not null, status text not null)
                """);
            consumer.subscribe(List.of(Orders.TOPIC));
            System.out.println("The processor is ready");
            if (options.has(Fault.PROCESSOR_DOWN)) {
                Thread.currentThread().join();
            }
            move(consumer, connection, options.has(Fault.SLOW_DATABASE));
        }
    }

    private static void move(KafkaConsumer<String, byte[]> consumer, Connection connection, boolean slow)
            throws SQLException, InterruptedException {
        JsonMapper json = JsonMapper.builder().build();
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into orders (id, customer_id, total, status) values (?, ?, ?, 'stored') on conflict do"
                        + " nothing")) {
            while (true) {
                for (ConsumerRecord<String, byte[]> each : consumer.poll(Duration.ofMillis(200))) {
                    JsonNode order = json.readTree(each.value());
                    insert.setString(1, each.key());
                    insert.setString(2, order.path("customer_id").asString());
                    insert.setBigDecimal(3, order.path("total").decimalValue());
                    insert.addBatch();
                    if (slow) {
                        Thread.sleep(SLOW);
                    }
                }
                insert.executeBatch();
                connection.commit();
            }
        }
    }
}
