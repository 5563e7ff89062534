package io.turbulence.examples.orderflow;

import com.google.protobuf.DynamicMessage;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Takes orders: `Orders --port 8080 --inventory host:port --brokers host:port --fault none`. A `POST /orders` reserves
/// the
/// goods in the inventory and tells of the order on the topic `orders` under the order's id; `DELETE /orders/<id>`
/// gives the goods free.
public final class Orders {

    static final String TOPIC = "orders";
    private static final long EACH_LOST = 10;

    private final Channel inventory;
    private final KafkaProducer<String, byte[]> producer;
    private final Options options;
    private final JsonMapper json = JsonMapper.builder().build();
    private final AtomicLong ids = new AtomicLong();

    private Orders(Options options) {
        this.options = options;
        inventory = NettyChannelBuilder.forTarget(options.text("inventory"))
                .usePlaintext()
                .build();
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", options.text("brokers"), "linger.ms", 0),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Options options = Options.of(arguments);
        Orders orders = new Orders(options);
        HttpServer server = HttpServer.create(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), options.number("port")), 1000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/health", exchange -> orders.answer(exchange, 200, Map.of("status", "up")));
        server.createContext("/orders", orders::handle);
        server.start();
        Thread.currentThread().join();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try {
            switch (exchange.getRequestMethod()) {
                case "POST" -> place(exchange);
                case "DELETE" -> cancel(exchange);
                default -> answer(exchange, 405, Map.of("error", "POST or DELETE"));
            }
        } catch (StatusRuntimeException e) {
            answer(exchange, 502, Map.of("error", "inventory: " + e.getMessage()));
        }
    }

    private void place(HttpExchange exchange) throws IOException {
        JsonNode wanted = json.readTree(exchange.getRequestBody().readAllBytes());
        long number = ids.incrementAndGet();
        String id = "o-" + number;
        String sku = wanted.path("sku").asString();
        int quantity = wanted.path("quantity").asInt();
        BigDecimal total = wanted.path("price").decimalValue().multiply(BigDecimal.valueOf(quantity));
        ask(InventoryApi.RESERVE, InventoryApi.reserveRequest(id, sku, quantity));
        Map<String, Object> order = Map.of(
                "id",
                id,
                "customer_id",
                wanted.path("customer_id").asString(),
                "sku",
                sku,
                "quantity",
                quantity,
                "total",
                total,
                "status",
                "placed");
        if (!options.has(Fault.LOST_EVENT) || number % EACH_LOST != 0) {
            tell(id, order);
        }
        if (options.has(Fault.DOUBLE_EVENT)) {
            tell(id, order);
        }
        answer(exchange, 201, order);
    }

    private void cancel(HttpExchange exchange) throws IOException {
        String id = exchange.getRequestURI().getPath().substring("/orders/".length());
        ask(InventoryApi.RELEASE, InventoryApi.orderId(id));
        answer(exchange, 200, Map.of("id", id, "status", "cancelled"));
    }

    private void ask(MethodDescriptor<DynamicMessage, DynamicMessage> method, DynamicMessage request) {
        ClientCalls.blockingUnaryCall(inventory, method, CallOptions.DEFAULT, request);
    }

    private void tell(String id, Map<String, Object> order) throws IOException {
        try {
            producer.send(new ProducerRecord<>(TOPIC, id, json.writeValueAsBytes(order)))
                    .get();
        } catch (ExecutionException e) {
            throw new IOException("the order '" + id + "' could not be told of", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the order '" + id + "' was told of");
        }
    }

    private void answer(HttpExchange exchange, int status, Map<String, ?> body) throws IOException {
        byte[] bytes = json.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }
}
