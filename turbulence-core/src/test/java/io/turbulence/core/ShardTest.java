package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.ScenarioRun.Result;
import io.turbulence.core.internal.observation.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A run in parts is the run.
@Timeout(120)
class ShardTest {

    private static final String SCENARIO = """
        id: %s
        entry: { seed_data: { customer: "cust_{{uuid}}" } }
        data: { file: rows.json, pick: shuffle }
        thresholds: ["pass_rate >= 10%%", "steps.%s.first.p99_latency_ms < 60000"]
        flow:
          - { name: first, type: fake, path: /first, json: { a: "{{uuid}}", b: "{{entry.seed_data}}", c: "{{data.n}}", d: "{{instance}}" } }
          - { name: lot, type: decide, choose: { x: 1, y: 2 }, output_var: choice }
          - { name: rare, type: fake, condition: "choice == 'x'", path: /rare, json: "{{random_int(1, 1000000)}}", expect: { status_code: 201 } }
        """;

    @TempDir
    private Path folder;

    private final Map<Long, List<String>> inputs = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void partsHaveTheInputsAndTheCountsOfTheWhole(int count) throws IOException {
        Result whole = run("whole", builder -> builder.instances(47).concurrency(7));
        Map<Long, List<String>> expected = Map.copyOf(inputs);
        inputs.clear();

        List<RunFolder> parts = new ArrayList<>();
        for (int index = 1; index <= count; index++) {
            int mine = index;
            Result part = run(
                    "part" + index,
                    builder -> builder.instances(47).concurrency(7).shard(mine, count));
            parts.add(new RunFolder(part.run.folder()));
        }
        RunResult merged = merge(parts);

        assertThat(inputs).isEqualTo(expected).hasSize(47);
        Map<String, @Nullable Object> summary = json(merged.folder().resolve("summary.json"));
        assertThat(counts(summary)).isEqualTo(counts(whole.summary));
        assertThat(summary.get("instances")).isEqualTo(whole.summary.get("instances"));
        assertThat(merged.exitCode()).isEqualTo(whole.run.exitCode());
        assertThat(instances(merged.folder())).isEqualTo(instances(whole.run.folder()));
        assertThat(merged.folder().resolve("report.html")).isNotEmptyFile();
        assertThat(merged.folder().resolve("junit.xml")).content().contains("instance 46");
    }

    @Test
    void arrivalsOfAnOpenWorkloadAreSplit() throws IOException {
        List<RunFolder> parts = new ArrayList<>();
        for (int index = 1; index <= 3; index++) {
            int mine = index;
            Result part = run(
                    "open" + index,
                    builder -> builder.rate("200/s")
                            .duration(Duration.ofMillis(500))
                            .shard(mine, 3));
            assertThat(part.run.total()).isBetween(33L, 34L);
            parts.add(new RunFolder(part.run.folder()));
        }

        assertThat(merge(parts).total()).isEqualTo(100);
        assertThat(inputs.keySet())
                .containsExactlyElementsOf(
                        Stream.iterate(0L, number -> number + 1).limit(100).toList());
    }

    @Test
    void loadsOfTheScenariosAreSplitEach() throws IOException {
        String own = SCENARIO.replace("flow:\n", "load: { instances: 9, concurrency: 2 }\nflow:\n");
        runScenarios("whole", own, builder -> {});
        Map<Long, List<String>> expected = Map.copyOf(inputs);
        inputs.clear();

        runScenarios("p1", own, builder -> builder.shard(1, 2));
        runScenarios("p2", own, builder -> builder.shard(2, 2));

        assertThat(inputs).isEqualTo(expected).hasSize(18);
    }

    @Test
    void figuresAreThoseOfAllParts() throws IOException {
        List<RunFolder> parts = new ArrayList<>();
        List<Map<?, ?>> latencies = new ArrayList<>();
        for (int index = 1; index <= 2; index++) {
            int mine = index;
            Result part = run("p" + index, builder -> builder.instances(20).shard(mine, 2));
            latencies.add((Map<?, ?>) part.summary.get("latency_ms"));
            parts.add(new RunFolder(part.run.folder()));
        }

        Map<String, @Nullable Object> summary = json(merge(parts).folder().resolve("summary.json"));

        Map<?, ?> together = (Map<?, ?>) summary.get("latency_ms");
        assertThat(together).isNotNull();
        assertThat(number(together, "max"))
                .isEqualTo(Math.max(number(latencies.getFirst(), "max"), number(latencies.getLast(), "max")));
        assertThat(number(together, "min"))
                .isEqualTo(Math.min(number(latencies.getFirst(), "min"), number(latencies.getLast(), "min")));
        assertThat((List<?>) summary.get("thresholds"))
                .hasSize(4)
                .allSatisfy(threshold ->
                        assertThat(((Map<?, ?>) threshold).get("holds")).isEqualTo(true));
        assertThat(number(summary, "rate_per_s")).isPositive();
        assertThat(Files.readAllLines(folder.resolve("merged/timeline.jsonl"))).isNotEmpty();
    }

    @Test
    void partLeavesThresholdsToTheMerge() throws IOException {
        Result part = run("part", builder -> builder.instances(10).shard(1, 2).threshold("rate_per_s > 1000000000"));
        Result other = run("other", builder -> builder.instances(10).shard(2, 2).threshold("rate_per_s > 1000000000"));

        assertThat(part.run.exitCode()).isZero();
        assertThat(merge(List.of(new RunFolder(part.run.folder()), new RunFolder(other.run.folder())))
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void windowsOfTheWholeAreThoseOfARun() throws IOException {
        FakePlugin fake = new FakePlugin();
        ScenarioRun scenario = new ScenarioRun(Files.createDirectories(folder.resolve("part")), fake).scenario("""
            id: s
            load: { rate: 20/s, duration: 2s, warm_up: 1s }
            thresholds:
              - "rate_per_s > 5 over 1s"
              - { condition: "pass_rate >= 50% over 1s", abort: true, after: 1500ms }
            flow:
              - { type: fake, path: /a, condition: "instance < 15", expect: { status_code: 299 } }
            finally:
              - { type: sleep, duration: 2s, condition: "instance == 39" }
            """);
        Result part = scenario.with(builder -> builder.shard(1, 1)).run();

        RunResult merged = merge(List.of(new RunFolder(part.run.folder())));

        assertThat(merged.total()).isEqualTo(40);
        assertThat(merged.failed()).isEqualTo(15);
        assertThat(merged.exitCode()).as(merged.toString()).isZero();
    }

    @Test
    void partIsNotStoppedForAThresholdOfTheWhole() throws IOException {
        ScenarioRun scenario =
                new ScenarioRun(Files.createDirectories(folder.resolve("part")), new FakePlugin()).scenario("""
                    id: s
                    load: { rate: 20/s, duration: 2s }
                    thresholds: [ { condition: "rate_per_s > 15 over 1s", abort: true } ]
                    flow: [ { type: fake, path: /a } ]
                    """);

        assertThat(scenario.with(builder -> builder.shard(1, 2)).run().run.total())
                .isEqualTo(20);
    }

    @Test
    void moreShardsThanInstancesLeaveSomeEmpty() throws IOException {
        Result part = run("empty", builder -> builder.instances(2).shard(3, 3));

        assertThat(part.run.total()).isZero();
        assertThat(part.run.exitCode()).isZero();
    }

    @Nested
    class Refuses {

        @Test
        void missingParts() throws IOException {
            Result part = run("part", builder -> builder.instances(10).shard(2, 3));

            assertThatThrownBy(() -> merge(List.of(new RunFolder(part.run.folder()))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("shards 1/3, 3/3 are missing: name them too, or take what there is with --partial");
        }

        @Test
        void wholeRuns() throws IOException {
            Result whole = run("whole", builder -> builder.instances(2));

            assertThatThrownBy(() -> merge(List.of(new RunFolder(whole.run.folder()))))
                    .hasMessage("'" + whole.run.folder()
                            + "' is no part of a run: it was run without --shard, and is whole by itself");
        }

        @Test
        void samePartTwice() throws IOException {
            Result part = run("part", builder -> builder.instances(10).shard(1, 2));
            RunFolder same = new RunFolder(part.run.folder());

            assertThatThrownBy(() -> merge(List.of(same, same)))
                    .hasMessage("'%s' and '%s' are both shard 1/2".formatted(same.path(), same.path()));
        }

        @Test
        void otherSeed() throws IOException {
            Result one = run("one", builder -> builder.instances(10).shard(1, 2));
            Result two = run("two", builder -> builder.instances(10).shard(2, 2).seed(43));

            assertThatThrownBy(() -> merge(List.of(new RunFolder(one.run.folder()), new RunFolder(two.run.folder()))))
                    .hasMessage("'%s' has the seed 42 but '%s' has 43: the parts of a run need the same --seed"
                            .formatted(one.run.folder(), two.run.folder()));
        }
    }

    @Test
    void takesWhatThereIsWhenAsked() throws IOException {
        Result part = run("part", builder -> builder.instances(10).shard(2, 3));

        RunResult merged = RunMerge.of(List.of(new RunFolder(part.run.folder())))
                .partial(true)
                .output(folder.resolve("merged"))
                .build()
                .execute();

        assertThat(merged.total()).isEqualTo(3);
        Map<String, @Nullable Object> summary = json(merged.folder().resolve("summary.json"));
        assertThat(summary).containsEntry("valid", "suspect");
        assertThat((List<?>) summary.get("validity_reasons"))
                .first()
                .isEqualTo("shards 1/3, 3/3 are missing: the figures are those of the others");
    }

    @Test
    void partsThatRanOneAfterTheOtherAreNoLoadOfTheWhole() throws IOException {
        Result first = run("first", builder -> builder.instances(10).shard(1, 2));
        Result second = run("second", builder -> builder.instances(10).shard(2, 2));

        RunResult merged = merge(List.of(new RunFolder(second.run.folder()), new RunFolder(first.run.folder())));

        Map<String, @Nullable Object> summary = json(merged.folder().resolve("summary.json"));
        assertThat(summary).containsEntry("valid", "suspect");
        assertThat(String.valueOf(summary.get("validity_reasons")))
                .contains("shard 1/2 had ended when shard 2/2 began: the parts did not run together, so the load was"
                        + " not that of the whole");
    }

    private RunResult merge(List<RunFolder> parts) {
        return RunMerge.of(parts).output(folder.resolve("merged")).build().execute();
    }

    /// Runs two scenarios and notes what each instance sent.
    private Result run(String name, Consumer<TurbulenceRun.Builder> change) throws IOException {
        return runScenarios(name, SCENARIO, change);
    }

    private Result runScenarios(String name, String scenario, Consumer<TurbulenceRun.Builder> change)
            throws IOException {
        FakePlugin fake = new FakePlugin();
        Path own = Files.createDirectories(folder.resolve(name));
        Result result = new ScenarioRun(own, fake)
                .file("rows.json", "[{\"n\":1},{\"n\":2},{\"n\":3},{\"n\":4},{\"n\":5},{\"n\":6},{\"n\":7}]")
                .scenario("a.yaml", scenario.formatted("a", "a"))
                .scenario("b.yaml", scenario.formatted("b", "b"))
                .with(change)
                .run();
        fake.sent.forEach(sent -> inputs.computeIfAbsent(sent.instance(), key -> new ArrayList<>())
                .add(sent.path() + " " + sent.json()));
        return result;
    }

    /// Executed, good, failed and skipped by step, and failures by kind.
    private static Map<String, Object> counts(Map<String, @Nullable Object> summary) {
        Map<String, Object> counts = new TreeMap<>();
        map(summary.get("steps"))
                .forEach((scenario, steps) -> map(steps)
                        .forEach((step, figures) -> counts.put(
                                scenario + "/" + step,
                                Stream.of("count", "ok", "failed", "skipped")
                                        .map(name -> String.valueOf(map(figures).get(name)))
                                        .toList())));
        for (Object error : (List<?>) java.util.Objects.requireNonNull(summary.get("errors"))) {
            String signature = String.valueOf(map(error).get("signature")).replaceAll("\\(.*/", "(");
            counts.put(map(error).get("scenario") + " " + signature, map(error).get("count"));
        }
        return counts;
    }

    /// Number, scenario and end of each instance.
    private static List<String> instances(Path run) throws IOException {
        try (Stream<String> lines = Files.lines(run.resolve("instances.jsonl"))) {
            return lines.map(line -> map(JsonCodec.INSTANCE.read(line)))
                    .map(line -> line.get("instance") + " " + line.get("scenario") + " " + line.get("status"))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    private static double number(Map<?, ?> map, String name) {
        return ((Number) java.util.Objects.requireNonNull(map.get(name))).doubleValue();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(@Nullable Object tree) {
        return (Map<String, Object>) java.util.Objects.requireNonNull(tree);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> json(Path file) throws IOException {
        return (Map<String, @Nullable Object>) JsonCodec.INSTANCE.read(Files.readString(file));
    }
}
