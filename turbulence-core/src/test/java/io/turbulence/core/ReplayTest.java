package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.ScenarioRun.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// An instance that is run again gets what it got.
@Timeout(60)
class ReplayTest {

    private static final String SCENARIO = """
        id: buy
        entry: { seed_data: { customer: "cust_{{uuid}}", since: "{{now()}}" } }
        data: { file: rows.json, pick: shuffle }
        flow:
          - { name: first, type: fake, path: /first, json: { a: "{{uuid}}", at: "{{now()}}", ms: "{{now_ms()}}", c: "{{entry.seed_data}}", d: "{{data.n}}" }, extract: { token: "$.token" } }
          - { name: lot, type: decide, choose: { x: 1, y: 1, z: 1 }, output_var: choice }
          - name: each
            type: loop
            times: 3
            do:
              - { name: turn, type: fake, path: "/turn/{{loop_index}}", json: "{{choice}} {{token}} {{now('-15m')}} {{uuid}}" }
          - { name: flaky, type: fake, path: /flaky, json: "{{uuid}} {{now()}}", retry: { max_attempts: 2, on_status: [503], backoff: fixed, delay_ms: 1 } }
          - { name: other, type: call, scenario: leaf.yaml, with: { v: "{{now()}}" } }
          - { name: last, type: fake, path: /last, expect: { jsonpath: "$.n", equals: 1 } }
        """;

    private static final String LEAF = """
        id: leaf
        callable: true
        entry: { seed_data: { w: "{{uuid}}", t: "{{now()}}" } }
        flow: [ { name: leaf, type: fake, path: /leaf, json: "{{entry.seed_data}}" } ]
        """;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();

    private static FakePlugin plugin() {
        FakePlugin fake = new FakePlugin();
        fake.on("/first", FakePlugin.ok(Map.of("token", "t-1")));
        fake.on("/last", FakePlugin.ok(Map.of("n", 2)));
        Set<Long> asked = ConcurrentHashMap.newKeySet();
        fake.on(
                "/flaky",
                (sent, context) -> FakePlugin.observation(asked.add(sent.instance()) ? 503 : 200, null, Map.of()));
        return fake;
    }

    private ScenarioRun scenario(String name, FakePlugin fake) throws IOException {
        return new ScenarioRun(Files.createDirectories(folder.resolve(name)), fake)
                .file("rows.json", "[{\"n\":1},{\"n\":2},{\"n\":3},{\"n\":4},{\"n\":5}]")
                .file("leaf.yaml", LEAF)
                .scenario(SCENARIO);
    }

    private static List<String> requests(FakePlugin fake, long instance) {
        return fake.sent.stream()
                .filter(sent -> sent.instance() == instance)
                .map(sent -> sent.method() + " " + sent.path() + " " + sent.json())
                .toList();
    }

    /// The definitions of a run in its folder, another plugin beside them.
    private TurbulenceRun.Builder again(Result run, FakePlugin fake) {
        Path own = Objects.requireNonNull(run.run.folder().getParent());
        return TurbulenceRun.builder()
                .plugins(fake)
                .system(own.resolve("system.yaml"))
                .scenario(own.resolve("scenario.yaml"))
                .output(own.resolve("again"))
                .console(TurbulenceRun.Console.LINES, new PrintWriter(out), 100, false);
    }

    private ReplayResult replay(Result run, FakePlugin fake, Consumer<RunReplay.Builder> change) {
        RunReplay.Builder replay = RunReplay.of(again(run, fake), new RunFolder(run.run.folder()));
        change.accept(replay);
        return replay.build().execute();
    }

    @Nested
    class AgainstTheSystem {

        @Test
        void sendsTheSameRequests() throws IOException {
            FakePlugin first = plugin();
            Result run = scenario("run", first)
                    .with(builder -> builder.instances(9).concurrency(3))
                    .run();
            FakePlugin second = plugin();

            ReplayResult result = replay(run, second, replay -> replay.instance("6"));

            assertThat(requests(second, 6))
                    .hasSizeBetween(7, 8)
                    .containsAll(requests(first, 6).subList(0, 4));
            assertThat(requests(second, 6).stream().distinct().toList())
                    .isEqualTo(requests(first, 6).stream().distinct().toList());
            assertThat(second.sent)
                    .allSatisfy(sent -> assertThat(sent.instance()).isEqualTo(6));
            assertThat(result.instance()).isEqualTo(6);
            assertThat(result.exitCode()).isEqualTo(1);
            assertThat(result.changed()).isZero();
            assertThat(out.toString()).contains("Every step ended as it did then.");
        }

        @Test
        void takesTheFirstThatFailedWhenNoneIsNamed() throws IOException {
            Result run = scenario("run", plugin())
                    .with(builder -> builder.instances(3))
                    .run();

            assertThat(replay(run, plugin(), replay -> {}).instance()).isZero();
        }

        @Test
        void findsAnInstanceByItsId() throws IOException {
            Result run = scenario("run", plugin())
                    .with(builder -> builder.instances(3))
                    .run();

            assertThat(replay(run, plugin(), replay -> replay.instance(run.run.runId() + "-2"))
                            .instance())
                    .isEqualTo(2);
        }

        @Test
        void tellsWhichStepsEndedOtherwise() throws IOException {
            Result run = scenario("run", plugin()).run();
            FakePlugin mended = plugin().on("/last", FakePlugin.ok(Map.of("n", 1)));

            ReplayResult result = replay(run, mended, replay -> {});

            assertThat(result.ok()).isTrue();
            assertThat(result.changed()).isEqualTo(1);
            assertThat(out.toString())
                    .contains(
                            "last         failed    ok",
                            "1 step ended otherwise.",
                            "then: 'last': $.n was 2 but expected: equals 1");
        }

        @Test
        void runsOneThatWasNotRecordedFromItsSeed() throws IOException {
            FakePlugin first = plugin();
            Result run = scenario("run", first)
                    .with(builder -> builder.instances(3).recording(TurbulenceRun.Recording.NONE))
                    .run();
            FakePlugin second = plugin();

            replay(run, second, replay -> replay.instance("1"));

            assertThat(second.sent("/first").getFirst().json())
                    .extracting("a")
                    .isEqualTo(first.sent("/first").stream()
                            .filter(sent -> sent.instance() == 1)
                            .map(sent -> ((Map<?, ?>) Objects.requireNonNull(sent.json())).get("a"))
                            .findFirst()
                            .orElseThrow());
            assertThat(out.toString())
                    .contains("Instance 1 was not recorded with its steps: its inputs come from the seed,");
        }

        @Test
        void saysThatAScenarioHasChanged() throws IOException {
            Result run = scenario("run", plugin()).run();
            Path file = folder.resolve("run/scenario.yaml");
            Files.writeString(file, SCENARIO.replace("equals: 1", "equals: 2"));

            assertThat(replay(run, plugin(), replay -> {}).ok()).isTrue();
            assertThat(out.toString())
                    .contains("'" + file + "' has changed since the run: the instance may do something else.");
        }
    }

    @Nested
    class Offline {

        @Test
        void asksNobodyAndEndsTheSame() throws IOException {
            Result run = scenario("run", plugin()).run();
            FakePlugin untouched = plugin();

            ReplayResult result = replay(run, untouched, replay -> replay.offline(true));

            assertThat(untouched.sent).isEmpty();
            assertThat(untouched.opened).hasValue(0);
            assertThat(result).isEqualTo(new ReplayResult(1, 0, null, 0));
        }

        @Test
        void showsWhatAnEditedScenarioMakesOfTheAnswers() throws IOException {
            Result run = scenario("run", plugin()).run();
            Files.writeString(
                    folder.resolve("run/scenario.yaml"),
                    SCENARIO.replace("equals: 1", "equals: 2")
                            .replace("$.token", "$.tokens")
                            .replace("flow:\n", "flow:\n  - { name: new, type: fake, path: /new }\n"));

            ReplayResult result = replay(run, plugin(), replay -> replay.offline(true));

            assertThat(result.ok()).isFalse();
            assertThat(out.toString())
                    .contains(
                            "new               -    failed",
                            "first            ok   skipped",
                            "now:  no answer to 'new' was recorded: it is new, or the instance did not come to it");

            out.getBuffer().setLength(0);
            Files.writeString(folder.resolve("run/scenario.yaml"), SCENARIO.replace("equals: 1", "equals: 2"));
            assertThat(replay(run, plugin(), replay -> replay.offline(true)).ok())
                    .isTrue();
            assertThat(out.toString()).contains("1 step ended otherwise.");
        }

        @Test
        void findsTheAnswerOfAStepThatMoved() throws IOException {
            Result run = scenario("run", plugin()).run();
            Files.writeString(
                    folder.resolve("run/scenario.yaml"),
                    SCENARIO.replace("flow:\n", "flow:\n  - { name: pause, type: sleep, duration: 1h }\n"));

            ReplayResult result = replay(run, plugin(), replay -> replay.offline(true));

            assertThat(result.changed()).as(out::toString).isEqualTo(1);
        }

        @Test
        void judgesPollsAndJobsByTheirLastAnswer() throws IOException {
            FakePlugin fake = new FakePlugin()
                    .on("/jobs", FakePlugin.ok(Map.of("id", "j1")))
                    .on("/jobs/j1", FakePlugin.ok(Map.of("state", "running")), FakePlugin.ok(Map.of("state", "done")))
                    .on("/poll", FakePlugin.ok(Map.of("n", 1)), FakePlugin.ok(Map.of("n", 2)));
            String jobs = """
                id: jobs
                flow:
                  - { name: poll, type: wait, poll: { type: fake, path: /poll }, until: { jsonpath: "$.n", equals: 2 }, interval: 1ms }
                  - name: job
                    type: job
                    submit: { type: fake, path: /jobs, extract: { id: "$.id" } }
                    poll: { path: "/jobs/{{id}}", interval: 1ms }
                    state: "$.state"
                    success_states: [done]
                    failure_states: [dead]
                  - { name: after, type: fake, path: "/after/{{id}}" }
                """;
            Result run = new ScenarioRun(Files.createDirectories(folder.resolve("jobs")), fake)
                    .scenario(jobs)
                    .run()
                    .assertPassed();

            assertThat(replay(
                            run,
                            new FakePlugin(),
                            replay -> replay.instance("0").offline(true)))
                    .as(out::toString)
                    .isEqualTo(new ReplayResult(0, 0, null, 0));

            Files.writeString(folder.resolve("jobs/scenario.yaml"), jobs.replace("equals: 2", "equals: 3"));
            ReplayResult result =
                    replay(run, new FakePlugin(), replay -> replay.instance("0").offline(true));
            assertThat(result.ok()).isFalse();
            assertThat(out.toString()).contains("poll           ok    failed");
        }

        @Test
        void needsTheAnswers() throws IOException {
            Result run = scenario("run", plugin())
                    .with(builder -> builder.instances(3).recording(TurbulenceRun.Recording.NONE))
                    .run();

            assertThatThrownBy(() ->
                            replay(run, plugin(), replay -> replay.instance("1").offline(true)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "instance 1 of '%s' was not recorded with its steps, so its answers are not known; run with --record all to keep those of every instance"
                                    .formatted(run.run.folder()));
        }
    }

    @Nested
    class Refuses {

        @Test
        void whatIsNoInstance() throws IOException {
            Result run = scenario("run", plugin()).run();

            assertThatThrownBy(() -> replay(run, plugin(), replay -> replay.instance("some")))
                    .hasMessage(
                            "'some' is no instance of '%s'; its number was expected, such as 7, or its id, such as %s-7"
                                    .formatted(run.run.folder(), run.run.runId()));
        }

        @Test
        void anInstanceThatNeverWas() throws IOException {
            Result run = scenario("run", plugin())
                    .with(builder -> builder.instances(3))
                    .run();

            assertThatThrownBy(() -> replay(
                            run, plugin(), replay -> replay.instance("99").offline(true)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'%s' has no instance 99: it ran 3, numbered from 0 to 2".formatted(run.run.folder()));
            assertThatThrownBy(() -> replay(run, plugin(), replay -> replay.instance(run.run.runId() + "-99")))
                    .hasMessage("'%s' has no instance 99: it ran 3, numbered from 0 to 2".formatted(run.run.folder()));
        }

        @Test
        void runsWithoutFailuresWhenNoInstanceIsNamed() throws IOException {
            Result run = new ScenarioRun(Files.createDirectories(folder.resolve("good")), new FakePlugin())
                    .scenario("id: good\nflow: [ { type: fake, path: /a } ]\n")
                    .run();

            assertThatThrownBy(() -> replay(run, plugin(), replay -> {}))
                    .hasMessage("no instance of '%s' failed; name one by its number or its id, such as 0"
                            .formatted(run.run.folder()));
        }

        @Test
        void anInstanceOfAScenarioThatIsNotThere() throws IOException {
            Result run = scenario("run", plugin()).run();
            Files.writeString(folder.resolve("run/scenario.yaml"), SCENARIO.replace("id: buy", "id: sell"));

            assertThatThrownBy(() -> replay(run, plugin(), replay -> replay.instance("0")))
                    .hasMessageStartingWith(
                            "instance 0 of '%s' ran the scenario 'buy', which is not among those loaded: "
                                    .formatted(run.run.folder()));
        }
    }
}
