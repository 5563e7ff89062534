package io.turbulence.otel;

import com.sun.net.httpserver.HttpServer;
import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import io.turbulence.http.HttpPlugin;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A system under test that remembers by which `traceparent` it was called: `/ok` is good, all else is not found.
final class Shop implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Path folder;
    private final StringWriter console = new StringWriter();

    /// `path traceparent`.
    final List<String> calls = new CopyOnWriteArrayList<>();

    private Shop(HttpServer server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    static Shop start(Path folder) throws IOException {
        Shop shop = new Shop(HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0), folder);
        shop.server.setExecutor(shop.threads);
        shop.server.createContext("/", exchange -> {
            try (exchange) {
                String path = exchange.getRequestURI().getPath();
                shop.calls.add(path + " " + exchange.getRequestHeaders().getFirst("traceparent"));
                exchange.sendResponseHeaders(path.startsWith("/ok") ? 200 : 404, -1);
            }
        });
        shop.server.start();
        return shop;
    }

    /// A run of one scenario, set up but not run.
    TurbulenceRun.Builder run(String flow) throws IOException {
        Path system = folder.resolve("system.yaml");
        Files.writeString(system, """
            services:
              shop: { base_url: "http://127.0.0.1:%d" }
            """.formatted(server.getAddress().getPort()));
        Path scenario = folder.resolve("buy.yaml");
        Files.writeString(scenario, "id: buy\n" + flow);
        return TurbulenceRun.builder()
                .system(system)
                .scenario(scenario)
                .plugins(new HttpPlugin(), new OtelPlugin())
                .output(folder.resolve("run"))
                .console(TurbulenceRun.Console.LINES, new PrintWriter(console, true), 120, false);
    }

    RunResult execute(TurbulenceRun.Builder run) {
        return run.build().execute();
    }

    String console() {
        return console.toString();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
