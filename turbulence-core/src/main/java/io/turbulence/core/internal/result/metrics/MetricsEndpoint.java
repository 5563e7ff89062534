package io.turbulence.core.internal.result.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.result.figures.LiveCounts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Shows a run's figures to Prometheus while it goes on: `GET /metrics`. Listens from [#open] to [#close]. Thread-safe.
public final class MetricsEndpoint implements AutoCloseable {

    private static final String PATH = "/metrics";
    private static final Set<String> METHODS = Set.of("GET", "HEAD");

    private final HttpServer server;
    private final ExecutorService threads;
    private final LiveCounts counts;
    private final Object lock = new Object();

    /// Guarded by the lock.
    private final MetricsText text = new MetricsText();

    private MetricsEndpoint(HttpServer server, RunInfo run, LiveCounts counts) {
        this.server = server;
        this.counts = counts;
        this.threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual()
                .name("turbulence-" + run.runId() + "-metrics-", 0)
                .factory());
    }

    /// Starts to listen.
    ///
    /// @param address port 0 for any that is free
    /// @throws UncheckedIOException when the address cannot be listened on
    public static MetricsEndpoint open(InetSocketAddress address, RunInfo run, LiveCounts counts) {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "'%s:%d': metrics cannot be shown there: %s. Choose another port with --metrics-port."
                            .formatted(address.getHostString(), address.getPort(), e.getMessage()),
                    e);
        }
        MetricsEndpoint endpoint = new MetricsEndpoint(server, run, counts);
        server.setExecutor(endpoint.threads);
        server.createContext("/", endpoint::answer);
        server.start();
        return endpoint;
    }

    /// Where the figures are.
    public URI uri() {
        InetSocketAddress address = server.getAddress();
        String host = address.getAddress().getHostAddress();
        return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort() + PATH);
    }

    /// Idempotent.
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(404, -1);
            } else if (!METHODS.contains(exchange.getRequestMethod())) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                exchange.sendResponseHeaders(405, -1);
            } else {
                show(exchange);
            }
        }
    }

    private void show(HttpExchange exchange) throws IOException {
        byte[] page = page().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", MetricsText.CONTENT_TYPE);
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(page.length));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, page.length);
        exchange.getResponseBody().write(page);
    }

    private String page() {
        List<PoolFigures> figures = counts.pools();
        synchronized (lock) {
            return text.render(figures, counts.steps());
        }
    }
}
