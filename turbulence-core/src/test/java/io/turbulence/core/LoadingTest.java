package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.engine.load.Loaded;
import io.turbulence.core.internal.engine.load.Loader;
import io.turbulence.core.internal.engine.load.Source;
import io.turbulence.core.internal.engine.load.Sources;
import io.turbulence.core.internal.plugin.PluginCatalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What loading many files costs. Work is counted, not timed: in a folder of twice as many files it must not be much
/// more
/// than twice as much.
class LoadingTest {

    @TempDir
    private Path folder;

    @Test
    void costsAsMuchForEachOfManyFilesAsForEachOfFew() throws IOException {
        Path few = folder("few", 100);
        Path many = folder("many", 400);
        load(few);

        long forFew = allocated(() -> load(few)) / 100;
        long forMany = allocated(() -> load(many)) / 400;

        assertThat(forMany).isLessThan(forFew * 3 / 2);
    }

    @Test
    void compilesASharedScenarioOnceHoweverManyCallIt() throws IOException {
        Path all = folder("calling", 50);
        Files.writeString(
                all.resolve("login.yaml"),
                "id: login\n"
                        + "callable: true\n"
                        + "flow: [ { name: ask, type: fake, path: /login, extract: { token: $.t } } ]\n");
        for (int i = 0; i < 50; i++) {
            Files.writeString(
                    all.resolve("scenario-%03d.yaml".formatted(i)),
                    "id: caller_%d\nflow: [ { type: call, scenario: login.yaml, returns: [ token ] }, { type: fake, path: \"/{{token}}\" } ]\n"
                            .formatted(i));
        }

        Loaded loaded = load(all);

        assertThat(loaded.steps().stream().filter(step -> step.name().equals("ask")))
                .hasSize(1);
        assertThat(loaded.steps()).hasSize(101);
    }

    private Loaded load(Path place) {
        try (PluginCatalog plugins = PluginCatalog.of(new FakePlugin())) {
            Path system = Files.writeString(folder.resolve("system.yaml"), ScenarioRun.SYSTEM);
            return new Loader(
                            plugins,
                            new Sources(
                                    new Source.InFile(system),
                                    List.of(new Source.InFile(place)),
                                    null,
                                    Map.of(),
                                    Set.of(),
                                    Set.of(),
                                    null,
                                    Duration.ofSeconds(30)))
                    .load();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Path folder(String name, int files) throws IOException {
        Path place = Files.createDirectories(folder.resolve(name));
        for (int i = 0; i < files; i++) {
            Files.writeString(place.resolve("scenario-%03d.yaml".formatted(i)), scenario(i));
        }
        return place;
    }

    private static long allocated(Runnable work) {
        var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        work.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static String scenario(int number) {
        return """
            id: checkout_%d
            tags: [smoke]
            entry: { seed_data: { customer_id: "cust_{{uuid}}", items: [ { sku: A-1, quantity: 2 } ] } }
            flow:
              - name: create
                type: fake
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
                if_true: [ { type: fake, path: "/invoices/{{order_id}}" }, { type: sleep, duration: 5ms } ]
                if_false: [ { type: fake, path: "/small/{{order_id}}" } ]
              - { name: each, type: loop, for_each: "{{entry.seed_data.items}}", as: item, do: [ { type: fake, path: "/items/{{item.sku}}" } ] }
            assertions: [ { name: fast, expect: { latency_ms: { lt: 500 } } } ]
            """.formatted(number);
    }
}
