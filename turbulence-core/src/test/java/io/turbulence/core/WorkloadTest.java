package io.turbulence.core;

import static java.time.Duration.between;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.ScenarioRun.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class WorkloadTest {

    private static final String FLOW = "\nflow: [ { name: a, type: fake, path: /a } ]\n";

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin().on("/a", FakePlugin.ok(null));

    private ScenarioRun scenario(String load) {
        return new ScenarioRun(folder, fake).scenario("id: s\nload: " + load + FLOW);
    }

    private ScenarioRun two(String first, String second) {
        return new ScenarioRun(folder, fake)
                .scenario("first.yaml", "id: first\n" + first + FLOW)
                .scenario("second.yaml", "id: second\n" + second + FLOW);
    }

    private static long total(Result result, String scenario) {
        return result.instances.stream()
                .filter(line -> scenario.equals(line.get("scenario")))
                .count();
    }

    private static List<Instant> starts(Result result, String scenario) {
        return result.instances.stream()
                .filter(line -> scenario.equals(line.get("scenario")))
                .map(line -> Instant.parse(String.valueOf(line.get("started_at"))))
                .sorted()
                .toList();
    }

    @Test
    void warmsUpForAsLongAsAsked() {
        Result result =
                scenario("{ rate: 1/s, duration: 100ms, warm_up: 900ms }").run().assertPassed();

        List<Instant> starts = starts(result, "s");
        assertThat(starts).hasSize(2);
        assertThat(between(starts.getFirst(), starts.getLast())).isGreaterThan(Duration.ofMillis(850));
    }

    @Test
    void stepsFromRateToRate() {
        Result result = scenario("{ stages: [ { rate: 20/s, duration: 500ms }, { rate: 80/s, duration: 500ms },"
                        + " { hold: 500ms, rate: 20/s }, { ramp_to: 0/s, duration: 500ms } ] }")
                .run()
                .assertPassed();

        assertThat(result.run.total()).isEqualTo(10 + 40 + 10 + 5);
    }

    @Test
    void arrivesIndependentlyOfOthers() {
        Result one = scenario("{ rate: 100/s, duration: 500ms, arrivals: poisson }")
                .run()
                .assertPassed();
        Result again = scenario("{ rate: 100/s, duration: 500ms, arrivals: poisson }")
                .run()
                .assertPassed();

        assertThat(one.run.total()).isBetween(20L, 80L).isEqualTo(again.run.total());
    }

    @Test
    void dropsArrivalsBeyondTheMostAtOnceAndCountsThem() throws Exception {
        CountDownLatch free = new CountDownLatch(1);
        fake.on("/a", (sent, context) -> {
            free.await(20, TimeUnit.SECONDS);
            return FakePlugin.observation(200, null, Map.of());
        });
        TurbulenceRun run = scenario("{ rate: 50/s, duration: 400ms, max_concurrency: 3 }")
                .with(builder -> builder.requireValid(true))
                .build();
        // The others must come while these are there
        when(() -> fake.sent.size() == 3 && !isThere("turbulence-arrivals-"), free::countDown);
        Result result = new Result(run.execute());

        assertThat(result.run.total()).isEqualTo(3);
        assertThat(result.summary).containsEntry("dropped_arrivals", 17).containsEntry("valid", "invalid");
        assertThat(result.run.exitCode()).isEqualTo(4);
    }

    /// On a thread of its own.
    private static void when(BooleanSupplier holds, Runnable then) {
        Thread.ofPlatform().daemon().start(() -> {
            while (!holds.getAsBoolean()) {
                LockSupport.parkNanos(1_000_000);
            }
            then.run();
        });
    }

    private static boolean isThere(String thread) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(each -> each.getName().startsWith(thread));
    }

    @Test
    void countsDroppedArrivalsByScenario() {
        Result result = new ScenarioRun(folder, fake)
                .scenario("many.yaml", "id: many\nload: { rate: 100/s, duration: 400ms }" + FLOW)
                .scenario("few.yaml", """
                    id: few
                    load: { rate: 10/s, duration: 400ms, max_concurrency: 1 }
                    flow: [ { name: z, type: sleep, duration: 1s } ]
                    """)
                .run();

        assertThat(result.summary).containsEntry("dropped_arrivals", 3).containsEntry("valid", "invalid");
        assertThat(result.summary)
                .extractingByKey("scenarios", InstanceOfAssertFactories.MAP)
                .extractingByKeys("few", "many")
                .extracting("dropped_arrivals")
                .containsExactly(3, 0);
        assertThat(result.summary)
                .extractingByKey("validity_reasons", InstanceOfAssertFactories.LIST)
                .first(InstanceOfAssertFactories.STRING)
                .startsWith("3 of 4 arrivals of 'few' were dropped (75%), for as many instances as");
    }

    @Test
    void standsInTheManifestAndTheReport() throws Exception {
        Result result =
                scenario("{ rate: 50/s, duration: 200ms, warm_up: 100ms }").run();

        String load = "{ rate: 50/s, duration: 200ms, max_concurrency: 5000, warm_up: 100ms }";
        assertThat(Files.readString(result.run.folder().resolve("manifest.json")))
                .contains("\"load\" : [ \"" + load + "\" ]");
        assertThat(Files.readString(result.run.folder().resolve("report.html")))
                .contains("<dt>load</dt><dd>" + load + "</dd>");
    }

    @Test
    void paces() {
        Result result = scenario("{ instances: 6, concurrency: 2, pacing: 500ms }")
                .run()
                .assertPassed();

        List<Instant> starts = starts(result, "s");
        assertThat(starts).hasSize(6);
        // 1,250 ms less what the first one took to begin
        assertThat(Duration.between(starts.getFirst(), starts.getLast()))
                .isGreaterThanOrEqualTo(Duration.ofMillis(600));
    }

    @Test
    void refusesKeysOfAnotherKind() {
        assertThatThrownBy(() ->
                        scenario("{ rate: 5/s, duration: 1s, concurrency: 5 }").run())
                .isInstanceOf(DefinitionException.class)
                .hasMessageContaining(
                        "scenario.yaml:2:34: load.concurrency: 'concurrency' beside 'rate'; expected instances,"
                                + " concurrency, duration and pacing; or rate, duration, max_concurrency and arrivals; or"
                                + " stages in the place of rate and duration");
        assertThatThrownBy(() -> scenario("{ instances: 5, arrivals: poisson }").run())
                .hasMessageContaining("load.arrivals: 'arrivals' beside 'instances'");
        assertThatThrownBy(() -> scenario("{ stages: [ { hold: 1s, rate: 5/s } ], duration: 5s }")
                        .run())
                .hasMessageContaining("load.duration: 'duration' beside 'stages'");
    }

    @Nested
    class OfEachScenario {

        @Test
        void runsBesideTheOthers() {
            Result result = two("load: { instances: 7, concurrency: 2 }", "load: { rate: 40/s, duration: 500ms }")
                    .run()
                    .assertPassed();

            assertThat(total(result, "first")).isEqualTo(7);
            assertThat(total(result, "second")).isEqualTo(20);
            Set<@Nullable Object> ids = result.instances.stream()
                    .map(line -> line.get("instance_id"))
                    .collect(Collectors.toSet());
            assertThat(ids).hasSize(27);
        }

        @Test
        void beginsAfterAnother() {
            Result result = two(
                            "load: { instances: 4, concurrency: 2 }",
                            "load: { instances: 3, concurrency: 1, after: first }")
                    .run()
                    .assertPassed();

            Instant lastEnd = result.instances.stream()
                    .filter(line -> "first".equals(line.get("scenario")))
                    .map(line -> Instant.parse(String.valueOf(line.get("started_at"))))
                    .max(Instant::compareTo)
                    .orElseThrow();
            assertThat(starts(result, "second")).hasSize(3).allMatch(start -> !start.isBefore(lastEnd));
        }

        @Test
        void beginsWhenTheTimeOfAnotherIsOver() {
            Result result = two("load: { rate: 1/s, duration: 900ms }", "load: { instances: 1, after: first }")
                    .run()
                    .assertPassed();

            assertThat(between(
                            starts(result, "first").getFirst(),
                            starts(result, "second").getFirst()))
                    .isGreaterThan(Duration.ofMillis(850));
        }

        @Test
        void doesNotWaitForAPaceThatOutlastsAnother() {
            Result result = two(
                            "load: { concurrency: 1, duration: 300ms, pacing: 1h }",
                            "load: { instances: 1, after: first }")
                    .run()
                    .assertPassed();

            assertThat(result.run.total()).isEqualTo(2);
        }

        @Test
        void doesNotWaitForAPaceOfInstancesThatAreNotThere() {
            Result result = two(
                            "load: { instances: 2, concurrency: 2, pacing: { min: 1ms, max: 2ms } }",
                            "load: { instances: 1, concurrency: 1, pacing: 1h, after: first }")
                    .run()
                    .assertPassed();

            assertThat(result.run.total()).isEqualTo(3);
        }

        @Test
        void beginsAfterAWhile() {
            Instant before = Instant.now();
            Result result = two("load: { instances: 2 }", "load: { instances: 2, after: 1s }")
                    .run()
                    .assertPassed();

            assertThat(starts(result, "second").getFirst()).isAfterOrEqualTo(before.plusMillis(980));
        }

        @Test
        void hasAWarmUpOfItsOwn() {
            fake.on("/a", (sent, context) -> {
                Thread.sleep(5);
                return FakePlugin.observation(200, null, Map.of());
            });
            Result result = two("load: { instances: 5, warm_up: 1s }", "load: { instances: 5 }")
                    .run()
                    .assertPassed();

            assertThat(result.run.total()).isEqualTo(10);
            assertThat(result.steps)
                    .filteredOn(line -> Boolean.TRUE.equals(line.get("warm_up")))
                    .isNotEmpty()
                    .allMatch(line -> "first".equals(line.get("scenario")));
        }

        @Test
        void endsWithTheRun() throws Exception {
            TurbulenceRun run = two(
                            "load: { concurrency: 1, duration: 1h, pacing: 1m }", "load: { instances: 1, after: 1h }")
                    .build();
            when(() -> !fake.sent.isEmpty(), run::stop);
            Result result = new Result(run.execute());

            assertThat(result.run.exitCode()).isEqualTo(130);
            assertThat(total(result, "second")).isZero();
        }

        @Test
        void isReplacedByThatOfTheCommandLine() {
            Result result = two("load: { instances: 70 }", "load: { rate: 40/s, duration: 10m, after: first }")
                    .with(builder -> builder.instances(8))
                    .run()
                    .assertPassed();

            assertThat(result.run.total()).isEqualTo(8);
        }

        @Test
        void isSharedWhereOnlyOneHasOne() {
            Result result = two("load: { instances: 40 }", "").run().assertPassed();

            assertThat(total(result, "first") + total(result, "second")).isEqualTo(40);
            assertThat(total(result, "second")).isPositive();
        }

        @Test
        void mustNotWaitForItself() {
            assertThatThrownBy(
                            () -> two("load: { instances: 1, after: second }", "load: { instances: 1, after: first }")
                                    .run())
                    .isInstanceOf(DefinitionException.class)
                    .hasMessageContaining(
                            "first.yaml:2:30: load.after: 'second', which waits for 'first' itself; expected scenarios"
                                    + " that do not wait for each other");
        }

        @Test
        void mustWaitForSomebody() {
            assertThatThrownBy(() -> two("load: { instances: 1, after: secnd }", "load: { instances: 1 }")
                            .run())
                    .hasMessageContaining(
                            "first.yaml:2:30: load.after: 'secnd', which is neither a duration nor a scenario with a"
                                    + " load in this run; expected one of second. Did you mean 'second'?");
        }

        @Test
        void mustBeThereForAll() {
            assertThatThrownBy(
                            () -> two("load: { instances: 1, after: 1s }", "").run())
                    .hasMessageContaining(
                            "second.yaml:1:1: load: no 'load', while other scenarios of the run have their own;"
                                    + " expected one in each scenario, or one in all. Leave this scenario out with"
                                    + " --skip, or give it a load.");
        }
    }

    @Nested
    class Thresholds {

        @Test
        void leaveTheWarmUpOutOfTheirWindows() {
            Result result = new ScenarioRun(folder, fake)
                    .scenario("id: s\nload: { rate: 20/s, duration: 2500ms, warm_up: 2300ms }\n"
                            + "thresholds: [ { condition: \"rate_per_s > 5 over 1s\", abort: true } ]"
                            + FLOW)
                    .run()
                    .assertPassed();

            assertThat(result.run.total()).isEqualTo(50);
        }

        @Test
        void leaveOutTheWindowsBeforeTheyAreLookedAt() {
            fake.on(
                    "/a",
                    (sent, context) -> sent.instance() < 15
                            ? FakePlugin.observation(500, null, Map.of())
                            : FakePlugin.observation(200, null, Map.of()));
            Result result = new ScenarioRun(folder, fake)
                    .scenario("id: s\nload: { rate: 20/s, duration: 2s }\n"
                            + "thresholds: [ { condition: \"pass_rate >= 50% over 1s\", after: 1500ms } ]" + FLOW)
                    .run();

            assertThat(result.run.exitCode()).isZero();
        }

        @Test
        void askForNoRateOnceNothingMoreIsStarted() {
            Result result = new ScenarioRun(folder, fake)
                    .scenario("id: s\nload: { rate: 20/s, duration: 2s }\n"
                            + "thresholds: [ \"rate_per_s > 5 over 1s\" ]\n"
                            + "finally: [ { type: sleep, duration: 2500ms, condition: \"instance == 39\" } ]"
                            + FLOW)
                    .run()
                    .assertPassed();

            assertThat(result.run.total()).isEqualTo(40);
        }

        @Test
        void stopARunInWhichNothingEnds() {
            fake.on("/a", (sent, context) -> {
                Thread.sleep(Duration.ofSeconds(60));
                return FakePlugin.observation(200, null, Map.of());
            });
            Result result = new ScenarioRun(folder, fake)
                    .scenario("id: s\nload: { rate: 20/s, duration: 10m }\n"
                            + "thresholds: [ { condition: \"rate_per_s > 5\", abort: true, after: 1s } ]" + FLOW)
                    .with(builder -> builder.grace(Duration.ofMillis(100)))
                    .run();

            assertThat(result.run.exitCode()).isEqualTo(2);
            assertThat(result.run.total()).isLessThan(12_000);
        }

        @Test
        void stopARunThatIsLost() {
            fake.on("/a", FakePlugin.status(500, null));
            Result result = new ScenarioRun(folder, fake)
                    .scenario("id: s\nload: { rate: 20/s, duration: 10m }\n"
                            + "thresholds: [ { condition: \"pass_rate >= 50% over 1s\", abort: true, after: 1s } ]"
                            + FLOW)
                    .run();

            assertThat(result.run.exitCode()).isEqualTo(2);
            assertThat(result.run.total()).isLessThan(12_000);
            assertThat(result.summary)
                    .extracting("thresholds")
                    .isEqualTo(List.of(Map.of(
                            "expression",
                            "pass_rate >= 50% over 1s",
                            "holds",
                            false,
                            "actual",
                            0.0,
                            "after_ms",
                            1000)));
        }

        @Test
        void areTexts() {
            assertThatThrownBy(() -> new ScenarioRun(folder, fake)
                            .scenario(
                                    "id: s\nthresholds: [ { abort: true }, { condition: \"pass_rat > 1%\", aftr: 5s } ]"
                                            + FLOW)
                            .run())
                    .isInstanceOf(DefinitionException.class)
                    .hasMessageContaining("scenario.yaml:2:15: thresholds[0].condition: no 'condition'")
                    .hasMessageContaining(
                            "scenario.yaml:2:46: thresholds[1].condition: 'pass_rat > 1%': unknown figure 'pass_rat'")
                    .hasMessageContaining(
                            "thresholds[1].aftr: unknown key 'aftr'; expected one of condition, abort, after");
        }
    }
}
