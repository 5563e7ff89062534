package io.turbulence.kafka;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.turbulence.testkit.SimpleJson;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What is documented of Confluent's registry, as far as a client of it needs: registering, by id, by version.
final class StubRegistry implements AutoCloseable {

    private final HttpServer server;
    private final SimpleJson json = new SimpleJson();
    private final List<Map<String, Object>> schemas = new ArrayList<>();
    private final Map<String, List<Integer>> subjects = new LinkedHashMap<>();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile int refusal;
    private volatile boolean hangsUp;
    private volatile @Nullable String credentials;

    private StubRegistry(HttpServer server) {
        this.server = server;
    }

    static StubRegistry start() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        StubRegistry registry = new StubRegistry(server);
        server.createContext("/", registry::handle);
        server.start();
        return registry;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    int requests() {
        return requests.get();
    }

    void refuse(int status) {
        refusal = status;
    }

    /// Ends each connection from now on without an answer.
    void hangUp() {
        hangsUp = true;
    }

    /// Answers from now on only who brings this `Authorization`.
    void demand(String authorization) {
        credentials = authorization;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private synchronized void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            String[] path = exchange.getRequestURI().getRawPath().substring(1).split("/");
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (hangsUp) {
                return;
            }
            int refused = refusalOf(exchange);
            Map<String, Object> answer = refused > 0 ? null : answer(exchange.getRequestMethod(), path, body);
            int status = refused > 0 ? refused : answer == null ? 404 : 200;
            byte[] bytes = json.write(
                    answer == null ? Map.of("error_code", status * 100 + 1, "message", "not to be had") : answer);
            exchange.getResponseHeaders().set("Content-Type", "application/vnd.schemaregistry.v1+json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private int refusalOf(HttpExchange exchange) {
        boolean unknown = credentials != null
                && !credentials.equals(exchange.getRequestHeaders().getFirst("Authorization"));
        return unknown ? 401 : refusal;
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> answer(String method, String[] path, byte[] body) {
        if (path[0].equals("schemas")) {
            int id = Integer.parseInt(path[2]);
            return id <= schemas.size() ? schemas.get(id - 1) : null;
        }
        String subject = URLDecoder.decode(path[1], StandardCharsets.UTF_8);
        List<Integer> versions = subjects.computeIfAbsent(subject, ignored -> new ArrayList<>());
        if (method.equals("POST")) {
            Map<String, Object> schema = (Map<String, Object>) json.read(body);
            int at = schemas.indexOf(schema);
            if (at < 0) {
                schemas.add(schema);
                at = schemas.size() - 1;
            }
            if (!versions.contains(at + 1)) {
                versions.add(at + 1);
            }
            return Map.of("id", at + 1);
        }
        if (versions.isEmpty()) {
            return null;
        }
        int version = path[3].equals("latest") ? versions.size() : Integer.parseInt(path[3]);
        int id = versions.get(version - 1);
        Map<String, Object> found = new LinkedHashMap<>(schemas.get(id - 1));
        found.put("id", id);
        found.put("version", version);
        found.put("subject", subject);
        return found;
    }
}
