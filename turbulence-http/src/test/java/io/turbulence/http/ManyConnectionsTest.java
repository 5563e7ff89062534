package io.turbulence.http;

import static io.turbulence.http.Http1ExchangeTest.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Deadline;
import io.turbulence.core.ConnectionRegistry;
import io.turbulence.core.Service;
import io.turbulence.spi.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What ten thousand open connections cost this process; the server is another one.
@Tag("stress")
@Timeout(300)
class ManyConnectionsTest {

    private static final int CONNECTIONS = 10_000;
    private static final int KIB = 1024;

    private Node node;
    private ConnectionRegistry registry;

    @BeforeEach
    void start() throws Exception {
        Node.assume();
        node = Node.start();
        registry = ConnectionRegistry.builder()
                .plugin(new HttpPlugin())
                .connect(
                        "api",
                        Service.of("http")
                                .set("base_url", "http://127.0.0.1:" + node.port)
                                .pool("max", CONNECTIONS + 1)
                                .pool("acquire_timeout", "60s"))
                .open();
        try (Lease<HttpConnection> first = lease()) {
            assertThat(text(first.connection().get("/text", soon()))).isEqualTo("hello from node");
        }
    }

    @AfterEach
    void stop() throws Exception {
        if (node != null) {
            registry.close();
            node.close();
        }
    }

    private Lease<HttpConnection> lease() throws Exception {
        return registry.lease("api", HttpConnection.class);
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofMinutes(2), "timeout of 2 min");
    }

    @Test
    void takeLittleMemoryEachWhileTheyAreIdle() throws Exception {
        Memory before = Memory.now();
        List<Lease<HttpConnection>> leases = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Lease<HttpConnection> lease = lease();
            leases.add(lease);
            assertThat(text(lease.connection().get("/text", soon()))).isEqualTo("hello from node");
        }

        double heap = Memory.now().told("idle", before);

        assertThat(heap).isLessThan(20);
        // They are open, each of them
        assertThat(registry.figures("api").opened()).isEqualTo(CONNECTIONS);
        leases.forEach(lease -> assertThat(lease.connection().isAlive()).isTrue());
        leases.forEach(Lease::close);
    }

    @Test
    void takeLittleMemoryEachWhileAllWaitForAnswers() throws Exception {
        Memory before = Memory.now();
        List<Future<String>> answers = new ArrayList<>();
        try (ExecutorService instances = Executors.newVirtualThreadPerTaskExecutor();
                Lease<HttpConnection> asking = lease()) {
            for (int i = 0; i < CONNECTIONS; i++) {
                answers.add(instances.submit(() -> {
                    try (Lease<HttpConnection> lease = lease()) {
                        return text(lease.connection().get("/hold", soon()));
                    }
                }));
            }
            Deadline waiting = soon();
            String held = "0";
            while (!held.equals(String.valueOf(CONNECTIONS)) && !waiting.expired()) {
                Thread.sleep(100);
                held = text(asking.connection().get("/held", soon()));
            }

            double heap = Memory.now().told("waiting", before);

            assertThat(text(asking.connection().get("/release", soon()))).isEqualTo("released");
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo("at last");
            }
            assertThat(held).isEqualTo(String.valueOf(CONNECTIONS));
            assertThat(heap).isLessThan(30);
        }
    }

    /// @param heap     live bytes of it
    /// @param resident of the process
    private record Memory(long heap, long resident) {

        static Memory now() throws InterruptedException, IOException {
            long least = Long.MAX_VALUE;
            for (int i = 0; i < 4; i++) {
                System.gc();
                Thread.sleep(50);
                Runtime runtime = Runtime.getRuntime();
                least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
            }
            return new Memory(least, residentBytes());
        }

        private static long residentBytes() throws IOException {
            Path status = Path.of("/proc/self/status");
            if (!Files.isReadable(status)) {
                return 0;
            }
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
                    .findFirst()
                    .orElse(0);
        }

        /// @return KiB of heap for each connection
        double told(String how, Memory before) {
            double kib = (heap - before.heap) / (double) KIB / CONNECTIONS;
            System.out.printf(
                    Locale.ROOT,
                    "%d connections, %s: %.1f KiB of heap each; the process grew by %.1f KiB each%n",
                    CONNECTIONS,
                    how,
                    kib,
                    (resident - before.resident) / (double) KIB / CONNECTIONS);
            return kib;
        }
    }
}
