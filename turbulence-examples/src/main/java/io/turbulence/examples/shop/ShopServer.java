package io.turbulence.examples.shop;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// A shop behind the JDK's HTTP server, on the loopback interface.
///
/// ```
/// GET  /health
/// GET  /products                GET  /products/{sku}
/// POST /carts                   POST /carts/{id}/items
/// POST /carts/{id}/checkout     GET  /orders/{id}
/// GET  /orders/{id}/invoice     GET  /stats
/// ```
public final class ShopServer implements AutoCloseable {

    private static final Map<String, Product> CATALOGUE = catalogue();

    private final HttpServer server;
    private final JsonMapper json = JsonMapper.builder().build();
    private final Map<String, Cart> carts = new ConcurrentHashMap<>();
    private final Orders orders = new Orders();
    private final AtomicLong ids = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final Set<InetSocketAddress> clients = ConcurrentHashMap.newKeySet();

    private ShopServer(HttpServer server) {
        this.server = server;
    }

    /// Starts on a port; 0 for any that is free.
    public static ShopServer start(int port) throws IOException {
        // Without it small answers wait for acknowledgements
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        ShopServer shop = new ShopServer(server);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", shop::handle);
        server.start();
        return shop;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /// How many connections clients have opened so far.
    public int connections() {
        return clients.size();
    }

    public long requests() {
        return requests.get();
    }

    @Override
    public void close() {
        server.stop(0);
        orders.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        clients.add(exchange.getRemoteAddress());
        try (exchange) {
            Answer answer;
            try {
                answer = route(exchange);
            } catch (JacksonException e) {
                answer = Answer.problem(400, "the body is no JSON");
            }
            byte[] body = json.writeValueAsBytes(answer.body());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body);
            }
        }
    }

    private Answer route(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().substring(1).split("/", -1);
        String what = exchange.getRequestMethod() + " " + path[0] + "/" + path.length;
        Map<String, Object> body = body(exchange);
        return switch (what) {
            case "GET health/1" -> Answer.ok(Map.of("status", "up"));
            case "GET products/1" -> Answer.ok(Map.of("products", List.copyOf(CATALOGUE.values())));
            case "GET products/2" -> found(CATALOGUE.get(path[1]), "product", path[1]);
            case "POST carts/1" -> newCart(body);
            case "POST carts/3" -> path[2].equals("items") ? addItem(path[1], body) : checkOut(path[1]);
            case "GET orders/2" -> found(orders.find(path[1]), "order", path[1]);
            case "GET orders/3" -> invoice(path[1]);
            case "GET stats/1" -> Answer.ok(Map.of("connections", clients.size(), "requests", requests.get()));
            default ->
                Answer.problem(404, "no such place: " + exchange.getRequestURI().getPath());
        };
    }

    private Map<String, Object> body(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        if (bytes.length == 0) {
            return Map.of();
        }
        @SuppressWarnings("unchecked") // JSON objects have text keys
        Map<String, Object> body = json.readValue(bytes, Map.class);
        return body;
    }

    private Answer newCart(Map<String, Object> body) {
        if (!(body.get("customer_id") instanceof String customer) || customer.isBlank()) {
            return Answer.problem(422, "customer_id is missing");
        }
        Cart cart = new Cart("c-" + ids.incrementAndGet(), customer, new ArrayList<>());
        carts.put(cart.id(), cart);
        return new Answer(201, cart);
    }

    private Answer addItem(String id, Map<String, Object> body) {
        Cart cart = carts.get(id);
        if (cart == null) {
            return Answer.problem(404, "no cart " + id);
        }
        Product product = CATALOGUE.get(String.valueOf(body.get("sku")));
        if (product == null || !(body.get("quantity") instanceof Integer quantity) || quantity < 1) {
            return Answer.problem(422, "a known sku and a quantity from 1 are needed");
        }
        synchronized (cart) {
            cart.items().add(new Item(product.sku(), quantity, product.price()));
        }
        return new Answer(201, cart);
    }

    private Answer checkOut(String id) {
        Cart cart = carts.remove(id);
        if (cart == null) {
            return Answer.problem(404, "no cart " + id);
        }
        synchronized (cart) {
            return cart.items().isEmpty()
                    ? Answer.problem(409, "cart " + id + " is empty")
                    : new Answer(202, orders.place("o-" + ids.incrementAndGet(), cart));
        }
    }

    private Answer invoice(String id) {
        Order order = orders.find(id);
        if (order == null || !order.status().equals("confirmed")) {
            return Answer.problem(404, "no invoice for " + id);
        }
        Map<String, Object> invoice = new LinkedHashMap<>();
        invoice.put("order_id", id);
        invoice.put("number", "inv-" + id);
        invoice.put("total", order.total());
        return Answer.ok(invoice);
    }

    private static Answer found(@Nullable Object value, String kind, String id) {
        return value == null ? Answer.problem(404, "no " + kind + " " + id) : Answer.ok(value);
    }

    private static Map<String, Product> catalogue() {
        Map<String, Product> catalogue = new LinkedHashMap<>();
        for (Product product : List.of(
                new Product("tea-1", "Green tea", 4.5),
                new Product("tea-2", "Oolong", 9),
                new Product("pot-1", "Iron tea pot", 79),
                new Product("cup-6", "Six cups", 24.9))) {
            catalogue.put(product.sku(), product);
        }
        return catalogue;
    }

    /// What is sold.
    record Product(String sku, String name, double price) {}

    /// So many of a product.
    record Item(String sku, int quantity, double price) {}

    /// What a customer may buy.
    record Cart(String id, String customer_id, List<Item> items) {}

    /// What a customer has bought.
    record Order(String id, String customer_id, String status, List<Item> items, double total) {}

    private record Answer(int status, Object body) {

        static Answer ok(Object body) {
            return new Answer(200, body);
        }

        static Answer problem(int status, String message) {
            return new Answer(status, Map.of("error", message));
        }
    }
}
