package io.turbulence.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.http.HttpPlugin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of the HTTP-only past load and run as they are, over real HTTP.
class OlderFormatTest {

    private record Request(String method, String path, Map<String, String> headers, String body) {}

    @TempDir
    private Path folder;

    private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
    private HttpServer orders;
    private HttpServer payments;

    @BeforeEach
    void start() throws IOException {
        orders = server();
        payments = server();
    }

    @AfterEach
    void stop() {
        orders.stop(0);
        payments.stop(0);
    }

    @Test
    void runsFlowAcrossTwoServicesWithWaitRetryBranchAndAssertions() throws IOException {
        RunResult run = run("""
            name: shop
            default_headers:
              Content-Type: application/json
              X-Tenant: default
              X-Correlation-ID: "{{correlation_id}}"
            services:
              orders:
                base_url: "{{env.ORDERS_URL | default:http://localhost:1}}"
                timeout_seconds: 5
                headers:
                  x-tenant: acme
                  X-Api-Key: "{{env.API_KEY | default:dev-key}}"
              payments:
                protocol: http
                http:
                  base_url: "{{env.PAYMENTS_URL}}"
            """, """
            id: checkout_older
            description: The whole journey
            tags: [smoke, orders]
            entry:
              seed_data:
                customer_id: "cust_{{uuid}}"
                amount: 129.5
                items:
                  - sku: A-1
                    quantity: 2
            stop_when:
              any_action_fails: true
              any_assertion_fails: false
            max_steps: 50
            flow:
              - name: create_order
                type: http
                service: orders
                method: POST
                path: /orders
                headers:
                  X-TENANT: step
                body:
                  customer_id: "{{entry.seed_data.customer_id}}"
                  amount: "{{entry.seed_data.amount}}"
                  items: "{{entry.seed_data.items}}"
                  note: "for {{entry.seed_data.customer_id}}"
                extract:
                  order_id: "$.id"
                  total: "$.amount"
                expect:
                  status_code: 201

              - name: pay
                type: http
                service: payments
                method: POST
                path: /pay/{{order_id}}
                json: { order: "{{order_id}}", total: "{{total}}" }
                retry:
                  max_attempts: 3
                  on_status: [503]
                  backoff: fixed
                  delay_ms: 10
                extract:
                  payment_id: "$.payment.id"

              - name: wait_for_confirmation
                type: wait
                service: orders
                path: /orders/{{order_id}}
                interval_seconds: 0.05
                timeout_seconds: 10
                expect:
                  jsonpath: "$.status"
                  equals: confirmed

              - name: remember
                type: assert
                expect:
                  expression: "last_response.status_code == 200 and last_response.body.status == 'confirmed'"

              - name: only_if_large
                type: http
                service: orders
                path: /never
                condition: "total > 1000"

              - name: is_big
                type: branch
                condition: "total > 100 and status_code == 200"
                if_true:
                  - name: mark_big
                    type: http
                    service: orders
                    method: PUT
                    path: /orders/{{order_id}}/big
                if_false:
                  - name: mark_small
                    type: http
                    service: orders
                    path: /never
            assertions:
              - name: order_confirmed
                expect: { context_path: "payment_id", equals: 77 }
              - name: last_is_fast
                expect: { status_code: [200, 204], latency_ms: { lt: 5000 } }
              - name: content_type
                expect: { header: content-type, contains: json }
              - name: body_text
                expect: { expression: "'confirmed' in last_response.body.status" }
            """);

        assertThat(run.exitCode())
                .as(() -> Files.exists(run.folder()) ? text(run.folder()) : "")
                .isZero();
        assertThat(requests.stream().map(one -> one.method() + " " + one.path()))
                .containsExactly(
                        "POST /orders",
                        "POST /pay/42",
                        "POST /pay/42",
                        "GET /orders/42",
                        "GET /orders/42",
                        "GET /orders/42",
                        "PUT /orders/42/big");
        Request create = requests.peek();
        assertThat(create.body())
                .matches("\\{\"customer_id\":\"(cust_[0-9a-f-]{36})\",\"amount\":129\\.5,"
                        + "\"items\":\\[\\{\"sku\":\"A-1\",\"quantity\":2}],\"note\":\"for \\1\"}");
        assertThat(create.headers())
                .containsEntry("x-tenant", "step")
                .containsEntry("x-api-key", "dev-key")
                .containsEntry("content-type", "application/json")
                .containsKey("x-correlation-id")
                .containsKey("traceparent");
        Request pay = requests.stream().skip(1).findFirst().orElseThrow();
        assertThat(pay.headers()).containsEntry("x-tenant", "default").doesNotContainKey("x-api-key");
        assertThat(pay.body()).isEqualTo("{\"order\":42,\"total\":129.5}");
        assertThat(requests)
                .extracting(one -> one.headers().get("x-correlation-id"))
                .containsOnly(create.headers().get("x-correlation-id"));
    }

    private RunResult run(String system, String scenario) throws IOException {
        return TurbulenceRun.builder()
                .plugins(new HttpPlugin())
                .system(Files.writeString(folder.resolve("system.yaml"), system))
                .scenario(Files.writeString(folder.resolve("scenario.yaml"), scenario))
                .variable("ORDERS_URL", url(orders))
                .variable("PAYMENTS_URL", url(payments))
                .output(folder.resolve("result"))
                .build()
                .execute();
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
        return server;
    }

    private void handle(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        String path = exchange.getRequestURI().toString();
        Map<String, String> headers = new ConcurrentHashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
        requests.add(new Request(exchange.getRequestMethod(), path, headers, body));
        int call = calls.computeIfAbsent(path, key -> new AtomicInteger()).incrementAndGet();
        switch (path) {
            case "/orders" -> answer(exchange, 201, "{\"id\":42,\"amount\":129.5}");
            case "/orders/42" ->
                answer(
                        exchange,
                        call == 1 ? 404 : 200,
                        "{\"status\":\"%s\"}".formatted(call < 3 ? "pending" : "confirmed"));
            case "/pay/42" -> answer(exchange, call < 2 ? 503 : 200, "{\"payment\":{\"id\":77}}");
            case "/orders/42/big" -> answer(exchange, 200, "{\"status\":\"confirmed, big\"}");
            default -> answer(exchange, 500, "{}");
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static String text(Path folder) {
        try {
            return Files.readString(folder.resolve("steps.jsonl"))
                    + Files.readString(folder.resolve("instances.jsonl"))
                    + Files.readString(folder.resolve("assertions.jsonl"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
