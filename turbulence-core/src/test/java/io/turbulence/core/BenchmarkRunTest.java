package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.api.Failure;
import io.turbulence.core.FakePlugin.Answer;
import io.turbulence.core.internal.observation.JsonCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchmarkRunTest {

    @TempDir
    Path folder;

    @Test
    void measuresEachLevelInRoundsOverTheSameConnections() throws IOException {
        FakePlugin plugin = new FakePlugin().on("/a", FakePlugin.ok(null)).on("/before", FakePlugin.ok(null));
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Answer counted = (sent, context) -> {
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            // For the others to come, however slowly they are started
            for (int i = 0; i < 100 && most.get() < 4; i++) {
                Thread.sleep(1);
            }
            running.decrementAndGet();
            return FakePlugin.observation(200, null, Map.of());
        };
        plugin.on("/a", counted);

        BenchmarkResult result = benchmark(plugin)
                .levels(List.of(4, 1))
                .instances(20)
                .target("error_rate <= 0")
                .build()
                .execute();

        assertThat(result.message()).isNull();
        assertThat(result.exitCode()).isZero();
        assertThat(plugin.sent("/before")).hasSize(1);
        // A warm-up and five rounds of each level, with four instances each
        assertThat(plugin.sent("/a")).hasSize(2 * 6 * 4);
        assertThat(plugin.sent("/a")).extracting(FakePlugin.Sent::instance).doesNotHaveDuplicates();
        assertThat(most.get()).isEqualTo(4);
        assertThat(plugin.opened.get()).isLessThanOrEqualTo(4);
        assertThat(plugin.closed.get()).isEqualTo(plugin.opened.get());
        assertThat(levels(result)).extracting(level -> level.get("concurrency")).containsExactly(1, 4);
        assertThat(levels(result)).extracting(level -> level.get("instances")).containsExactly(20, 20);
        assertThat(levels(result))
                .allSatisfy(level -> assertThat((List<?>) level.get("rounds")).hasSize(5));
    }

    @Test
    void runsAtLeastAsManyInstancesInARoundAsGoAtATime() throws IOException {
        FakePlugin plugin = new FakePlugin().on("/a", FakePlugin.ok(null)).on("/before", FakePlugin.ok(null));

        BenchmarkResult result = benchmark(plugin)
                .levels(List.of(3))
                .duration(Duration.ofNanos(1))
                .build()
                .execute();

        assertThat(levels(result)).extracting(level -> level.get("instances")).containsExactly(15);
    }

    @Test
    void countsFailuresAndKeepsSecretsOut() throws IOException {
        FakePlugin plugin = new FakePlugin()
                .on("/before", FakePlugin.ok(null))
                .on("/a", FakePlugin.failing(Failure.CLOSED, "closed while asked for token=s3cr3t-value"));

        BenchmarkResult result =
                benchmark(plugin).levels(List.of(2)).instances(10).build().execute();

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(levels(result)).extracting(level -> level.get("failed")).containsExactly(10);
        assertThat(result.recommendations().getFirst()).contains("closed while asked for token=***");
    }

    @Test
    void tellsWhyItCouldNotBegin() {
        FakePlugin plugin =
                new FakePlugin().on("/before", FakePlugin.status(500, null)).on("/a", FakePlugin.ok(null));

        BenchmarkResult result = benchmark(plugin).levels(List.of(1)).build().execute();

        assertThat(result.exitCode()).isEqualTo(6);
        assertThat(result.file()).isNull();
        assertThat(result.message()).startsWith("before_run failed at step 'prepare': ");
    }

    @Test
    void refusesABaselineOfOtherLevels() throws IOException {
        FakePlugin plugin = new FakePlugin().on("/a", FakePlugin.ok(null)).on("/before", FakePlugin.ok(null));
        BenchmarkResult first =
                benchmark(plugin).levels(List.of(1)).instances(5).build().execute();

        Benchmark second =
                benchmark(plugin).levels(List.of(2, 3)).baseline(first.file()).build();

        assertThatThrownBy(second::execute)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'" + first.file()
                        + "' has no level in common with [2, 3]; choose some of its own with --levels");
    }

    private Benchmark.Builder benchmark(FakePlugin plugin) {
        Path system = write("system.yaml", """
            services: { api: { protocol: fake } }
            before_run: [ { name: prepare, type: fake, path: /before } ]
            """);
        Path scenario = write("scenario.yaml", """
            id: shop
            flow: [ { name: only, type: fake, path: /a } ]
            """);
        return Benchmark.of(TurbulenceRun.builder()
                        .plugins(plugin)
                        .system(system)
                        .scenario(scenario)
                        .seed(42))
                .folder(folder);
    }

    private Path write(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> levels(BenchmarkResult result) throws IOException {
        Path file = result.file();
        assertThat(file).isNotNull();
        Map<String, Object> content = (Map<String, Object>) JsonCodec.INSTANCE.read(Files.readString(file));
        assertThat(content).isNotNull();
        return (List<Map<String, Object>>) content.get("levels");
    }
}
