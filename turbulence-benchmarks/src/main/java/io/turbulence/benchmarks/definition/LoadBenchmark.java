package io.turbulence.benchmarks.definition;

import io.turbulence.core.TurbulenceRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// Loading and checking a folder of 200 scenarios of eight steps: the first time in a JVM, which is what a user waits
/// for
/// (`loadFirst`), and again.
@State(Scope.Benchmark)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(3)
public class LoadBenchmark {

    private static final int FILES = 200;

    private Path folder = Path.of("");

    @Setup
    public void write() throws IOException {
        folder = Files.createTempDirectory("turbulence-load");
        Files.writeString(
                folder.resolve("system.yaml"), "services: { api: { base_url: \"http://localhost:8080\" } }\n");
        for (int i = 0; i < FILES; i++) {
            Files.writeString(folder.resolve("scenario-%03d.yaml".formatted(i)), scenario(i));
        }
    }

    @Benchmark
    @BenchmarkMode(Mode.SingleShotTime)
    @Warmup(iterations = 0)
    @Measurement(iterations = 1)
    public List<String> loadFirst() {
        return load();
    }

    @Benchmark
    @BenchmarkMode(Mode.AverageTime)
    @Warmup(iterations = 3, time = 2)
    @Measurement(iterations = 3, time = 2)
    public List<String> loadAgain() {
        return load();
    }

    private List<String> load() {
        return TurbulenceRun.builder()
                .system(folder.resolve("system.yaml"))
                .scenario(folder)
                .build()
                .check();
    }

    private static String scenario(int number) {
        return """
            id: checkout_%d
            tags: [smoke]
            entry: { seed_data: { customer_id: "cust_{{uuid}}", items: [ { sku: A-1, quantity: 2 } ] } }
            flow:
              - name: create
                type: http
                method: POST
                path: "/orders?user={{entry.seed_data.customer_id}}"
                headers: { X-Tenant: "{{run_id}}" }
                json: { customer: "{{entry.seed_data.customer_id}}", items: "{{entry.seed_data.items}}", n: "{{random_int(1, 3)}}" }
                retry: { max_attempts: 3, on_status: [503] }
                extract: { order_id: $.id, total: "$.items[?@.price > 3].price" }
                expect: [ { status_code: 201 }, { jsonpath: $.status, matches: "^new|paid$" } ]
              - { name: wait, type: wait, path: "/orders/{{order_id}}", interval: 1s, until: { jsonpath: $.status, equals: confirmed } }
              - name: big
                type: branch
                condition: "len(total) > 2 and status_code == 200"
                if_true: [ { type: http, path: "/invoices/{{order_id}}" }, { type: sleep, duration: 5ms } ]
                if_false: [ { type: http, path: "/small/{{order_id}}" } ]
              - { name: each, type: loop, for_each: "{{entry.seed_data.items}}", as: item, do: [ { type: http, path: "/items/{{item.sku}}" } ] }
            assertions: [ { name: fast, expect: { latency_ms: { lt: 500 } } } ]
            """.formatted(number);
    }
}
