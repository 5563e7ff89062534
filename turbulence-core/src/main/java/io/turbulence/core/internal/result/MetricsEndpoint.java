package io.turbulence.core.internal.result;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.engine.AssertionResult;
import io.turbulence.core.internal.engine.InstanceInfo;
import io.turbulence.core.internal.engine.InstanceResult;
import io.turbulence.core.internal.engine.RunInfo;
import io.turbulence.core.internal.engine.RunListener;
import io.turbulence.core.internal.engine.StepResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Shows a run's figures to Prometheus while it goes on: `GET /metrics`. Of the steps it counts what the
/// summary counts, so neither the warm-up nor `before_run`.
///
/// Listens from [#open] to [#close]. Memory depends on the number of steps and hosts alone. Thread-safe.
public final class MetricsEndpoint implements AutoCloseable {

    private static final String PATH = "/metrics";
    private static final Set<String> METHODS = Set.of("GET", "HEAD");

    private final HttpServer server;
    private final ExecutorService threads;
    private final Supplier<List<PoolFigures>> pools;
    private final List<StepCounters> steps;
    private final Object lock = new Object();

    /// Guarded by the lock.
    private final MetricsText text = new MetricsText();

    private MetricsEndpoint(HttpServer server, RunInfo run, Supplier<List<PoolFigures>> pools) {
        this.server = server;
        this.pools = pools;
        this.steps = run.steps().stream().map(StepCounters::new).toList();
        this.threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual()
                .name("turbulence-" + run.runId() + "-metrics-", 0)
                .factory());
    }

    /// Starts to listen.
    ///
    /// @param address port 0 for any that is free
    /// @param pools   figures of the services' pools at this moment; called for each look
    /// @throws UncheckedIOException when the address cannot be listened on
    public static MetricsEndpoint open(InetSocketAddress address, RunInfo run, Supplier<List<PoolFigures>> pools) {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "'%s:%d': metrics cannot be shown there: %s. Choose another port with --metrics-port."
                            .formatted(address.getHostString(), address.getPort(), e.getMessage()),
                    e);
        }
        MetricsEndpoint endpoint = new MetricsEndpoint(server, run, pools);
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

    /// Counts what the run tells, and passes it on.
    public RunListener before(RunListener next) {
        return new Counting(next);
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
        List<PoolFigures> figures = pools.get();
        synchronized (lock) {
            return text.render(figures, steps);
        }
    }

    private final class Counting implements RunListener {

        private final RunListener next;

        Counting(RunListener next) {
            this.next = next;
        }

        @Override
        public void stepFinished(StepResult result) {
            InstanceInfo instance = result.instance();
            if (instance.phase() == InstanceInfo.Phase.INSTANCE && !instance.warmUp()) {
                steps.get(result.step().index()).record(result);
            }
            next.stepFinished(result);
        }

        @Override
        public void instanceStarted(InstanceInfo instance) {
            next.instanceStarted(instance);
        }

        @Override
        public void assertionChecked(AssertionResult result) {
            next.assertionChecked(result);
        }

        @Override
        public void instanceFinished(InstanceResult result) {
            next.instanceFinished(result);
        }

        @Override
        public void arrived(boolean warmUp, long lateNanos) {
            next.arrived(warmUp, lateNanos);
        }

        @Override
        public void arrivalDropped(boolean warmUp) {
            next.arrivalDropped(warmUp);
        }

        @Override
        public void waitingFor(@Nullable String what) {
            next.waitingFor(what);
        }

        @Override
        public void roundStarted(int index) {
            next.roundStarted(index);
        }
    }
}
