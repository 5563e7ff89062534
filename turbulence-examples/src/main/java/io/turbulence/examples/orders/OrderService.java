package io.turbulence.examples.orders;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.json.JsonMapper;

/// Takes orders: `OrderService --port 8080 --brokers localhost:9092`. A `POST /orders` is answered with 202; that the
/// order is accepted, and later that it is shipped, stands on the topic `order-events` under the order's id.
public final class OrderService {

    private static final String TOPIC = "order-events";

    private final KafkaProducer<String, byte[]> producer;
    private final JsonMapper json = JsonMapper.builder().build();
    private final AtomicLong ids = new AtomicLong();

    private OrderService(String brokers) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers, "linger.ms", 0),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> all = List.of(arguments);
        int port = Integer.parseInt(all.get(all.indexOf("--port") + 1));
        OrderService service = new OrderService(all.get(all.indexOf("--brokers") + 1));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/health", exchange -> service.answer(exchange, 200, Map.of("status", "up")));
        server.createContext("/orders", service::order);
        server.start();
        Thread.currentThread().join();
    }

    private void order(HttpExchange exchange) throws IOException {
        @SuppressWarnings("unchecked") // JSON objects have text keys
        Map<String, Object> wanted = json.readValue(exchange.getRequestBody().readAllBytes(), Map.class);
        String id = "o-" + ids.incrementAndGet();
        String customer = String.valueOf(wanted.get("customer_id"));
        answer(exchange, 202, Map.of("id", id, "status", "new"));
        try {
            tell(id, customer, "accepted");
            Thread.sleep(ThreadLocalRandom.current().nextLong(20, 100));
            tell(id, customer, "shipped");
        } catch (ExecutionException e) {
            throw new IOException("the order '" + id + "' could not be told of", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(String id, String customer, String status) throws ExecutionException, InterruptedException {
        byte[] event = json.writeValueAsBytes(Map.of("order_id", id, "customer_id", customer, "status", status));
        producer.send(new ProducerRecord<>(TOPIC, id, event)).get();
    }

    private void answer(HttpExchange exchange, int status, Map<String, Object> body) throws IOException {
        try (exchange) {
            byte[] bytes = json.writeValueAsBytes(body);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(bytes);
            }
        }
    }
}
