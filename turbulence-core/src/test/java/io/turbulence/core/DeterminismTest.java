package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.ScenarioRun.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The same seed gives an instance the same inputs, however many run beside it and whether the others run at all.
@Timeout(120)
class DeterminismTest {

    private static final String SCENARIO = """
        id: %s
        entry: { seed_data: { customer: "cust_{{uuid}}", lucky: "{{random_int(1, 1000000)}}" } }
        data: { file: rows.json, pick: shuffle }
        flow:
          - { name: first, type: fake, path: /first, json: { a: "{{uuid}}", b: "{{uuid()}}", c: "{{entry.seed_data}}", d: "{{data.n}}", e: "{{random_choice([1, 2, 3, 4, 5, 6, 7, 8])}}" } }
          - { type: decide, choose: { x: 1, y: 1, z: 1 }, output_var: choice }
          - type: loop
            times: 3
            do:
              - { type: fake, path: "/loop/{{loop_index}}", json: "{{uuid}}{{choice}}" }
          - type: parallel
            branches:
              - [ { type: fake, path: /left, json: "{{random_int(1, 1000000)}}" } ]
              - [ { type: fake, path: /right, json: "{{random_int(1, 1000000)}}" } ]
          - { type: fake, path: /flaky, json: "{{uuid}}", retry: { max_attempts: 2, on_status: [503], backoff: fixed, delay_ms: 1 } }
          - { type: call, scenario: leaf.yaml, with: { v: "{{uuid}}" } }
        """;

    @TempDir
    private Path folder;

    @Test
    void concurrencyDoesNotChangeInputs() throws IOException {
        Map<Long, List<String>> alone = inputs("p1", 1, 60, 42);

        assertThat(inputs("p7", 7, 60, 42)).isEqualTo(alone);
        assertThat(inputs("p50", 50, 60, 42)).isEqualTo(alone);
        assertThat(alone.values().stream().distinct()).hasSize(60);
    }

    @Test
    void subsetHasSameInputs() throws IOException {
        Map<Long, List<String>> all = inputs("all", 10, 60, 7);

        assertThat(all).containsAllEntriesOf(inputs("some", 3, 11, 7));
    }

    @Test
    void otherSeedGivesOtherInputs() throws IOException {
        assertThat(inputs("one", 1, 5, 1).get(0L))
                .isNotEqualTo(inputs("two", 1, 5, 2).get(0L));
    }

    /// What each instance sent, sorted, for the branches of a parallel may come in any order.
    private Map<Long, List<String>> inputs(String name, int concurrency, int instances, long seed) throws IOException {
        FakePlugin fake = new FakePlugin();
        fake.on("/flaky", (sent, context) -> FakePlugin.observation(503, null, Map.of()));
        Path own = Files.createDirectory(folder.resolve(name));
        Result result = new ScenarioRun(own, fake)
                .file("rows.json", "[{\"n\":1},{\"n\":2},{\"n\":3},{\"n\":4},{\"n\":5},{\"n\":6},{\"n\":7}]")
                .file(
                        "leaf.yaml",
                        "id: leaf\n"
                                + "callable: true\n"
                                + "entry: { seed_data: { w: \"{{uuid}}\" } }\n"
                                + "flow: [ { type: fake, path: /leaf, json: \"{{entry.seed_data}}\" } ]\n")
                .scenario(
                        "a.yaml",
                        SCENARIO.formatted("a").replace("flow:\n", "stop_when: { any_action_fails: false }\nflow:\n"))
                .scenario(
                        "b.yaml",
                        SCENARIO.formatted("b").replace("flow:\n", "stop_when: { any_action_fails: false }\nflow:\n"))
                .with(builder -> builder.seed(seed).instances(instances).concurrency(concurrency))
                .run();
        assertThat(result.run.total()).isEqualTo(instances);
        Map<Long, List<String>> inputs = new TreeMap<>();
        fake.sent.forEach(sent -> inputs.computeIfAbsent(sent.instance(), key -> new ArrayList<>())
                .add(sent.path() + " " + sent.json()));
        inputs.values().forEach(all -> assertThat(all).hasSize(9));
        inputs.values().forEach(java.util.Collections::sort);
        return inputs;
    }
}
