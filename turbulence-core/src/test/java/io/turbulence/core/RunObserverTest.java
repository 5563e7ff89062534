package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.turbulence.api.Deadline;
import io.turbulence.api.Failure;
import io.turbulence.core.FakePlugin.Answer;
import io.turbulence.spi.InstanceEnd;
import io.turbulence.spi.ObservedInstance;
import io.turbulence.spi.ObservedRun;
import io.turbulence.spi.PluginInfo;
import io.turbulence.spi.ProtocolPlugin;
import io.turbulence.spi.RunFigures;
import io.turbulence.spi.RunObserver;
import io.turbulence.spi.StepEnd;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RunObserverTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    private ScenarioRun run(FakePlugin fake, Watcher watcher) {
        return new ScenarioRun(folder, fake, watcher)
                .with(builder -> builder.console(TurbulenceRun.Console.LINES, new PrintWriter(out, true), 120, false));
    }

    /// Keeps what it hears.
    private static class Watcher implements ProtocolPlugin, RunObserver, RunObserver.Session {

        final List<StepEnd> steps = new ArrayList<>();
        final List<InstanceEnd> instances = new ArrayList<>();
        final List<Thread> threads = new ArrayList<>();

        @Nullable
        ObservedRun run;

        @Nullable
        RunFigures figures;

        @Override
        public PluginInfo info() {
            return PluginInfo.of("watcher", "1", API_LEVEL);
        }

        @Override
        public List<RunObserver> observers() {
            return List.of(this);
        }

        @Override
        public String name() {
            return "Watcher";
        }

        @Override
        public Optional<Session> observe(ObservedRun observed) throws Exception {
            run = observed;
            return Optional.of(this);
        }

        @Override
        public void stepEnded(StepEnd step) throws Exception {
            threads.add(Thread.currentThread());
            steps.add(step);
        }

        @Override
        public void instanceEnded(InstanceEnd instance) throws Exception {
            instances.add(instance);
        }

        @Override
        public void close(Deadline deadline) throws Exception {
            figures = run.figures();
        }

        StepEnd step(String name) {
            return steps.stream()
                    .filter(step -> step.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Nested
    class Hears {

        @Test
        void ofEachStepAndInstanceWhereItStandsInTheTrace() {
            Watcher watcher = new Watcher();
            run(new FakePlugin().on("/a", FakePlugin.status(200, null)), watcher)
                    .system("""
                        services: { api: { protocol: fake } }
                        before_run: [ { name: prepare, type: fake, path: /a } ]
                        """)
                    .file("leaf.yaml", """
                        id: leaf
                        callable: true
                        flow: [ { name: inner, type: fake, path: /a } ]
                        finally: [ { name: tidy, type: fake, path: /a } ]
                        """)
                    .scenario("""
                        id: tree
                        flow:
                          - { name: fan, type: parallel, branches: [ [ { name: left, type: fake, path: /a } ],
                              [ { name: leaf, type: call, scenario: leaf.yaml } ] ] }
                          - { name: never, type: fake, path: /a, condition: "false" }
                        """)
                    .run()
                    .assertPassed();

            InstanceEnd instance = watcher.instances.getLast();
            assertThat(watcher.instances)
                    .extracting(one -> one.instance().part())
                    .containsExactly(ObservedInstance.Part.BEFORE_RUN, ObservedInstance.Part.INSTANCE);
            assertThat(instance.result()).isEqualTo(InstanceEnd.Result.PASSED);
            assertThat(watcher.step("prepare").parentSpanId())
                    .isEqualTo(watcher.instances.getFirst().instance().spanId());
            Map<String, String> parents = new HashMap<>();
            parents.put("fan", instance.instance().spanId());
            parents.put("left", watcher.step("fan").spanId());
            parents.put("leaf", watcher.step("fan").spanId());
            parents.put("inner", watcher.step("leaf").spanId());
            parents.put("tidy", watcher.step("leaf").spanId());
            parents.put("never", instance.instance().spanId());
            parents.forEach((step, parent) ->
                    assertThat(watcher.step(step).parentSpanId()).as(step).isEqualTo(parent));
            assertThat(watcher.step("never").result()).isEqualTo(StepEnd.Result.SKIPPED);
            assertThat(watcher.step("left").facts()).containsExactly(Map.entry("status_code", 200));
            assertThat(watcher.threads)
                    .allSatisfy(thread -> assertThat(thread.isVirtual()).isFalse());
            assertThat(watcher.threads.stream().distinct()).hasSize(1);
        }

        @Test
        void theTraceThatWentWithTheCall() {
            Watcher watcher = new Watcher();
            List<String> sent = new ArrayList<>();
            Answer twice = (call, context) -> {
                sent.add(context.traceparent());
                sent.add(context.traceparent());
                return FakePlugin.observation(sent.size() > 2 ? 200 : 503, null, Map.of());
            };
            run(new FakePlugin().on("/a", twice), watcher).scenario("""
                id: one
                flow: [ { name: a, type: fake, path: /a, retry: { max_attempts: 2, on_status: [503], base_delay_ms: 1 } } ]
                """).run().assertPassed();

            StepEnd step = watcher.step("a");
            assertThat(step.tried()).isEqualTo(2);
            assertThat(step.attempts())
                    .extracting(StepEnd.Attempt::number, StepEnd.Attempt::ok, StepEnd.Attempt::status)
                    .containsExactly(tuple(1, false, "503"), tuple(2, true, "200"));
            assertThat(sent).hasSize(4).containsOnly("00-" + step.instance().traceId() + "-" + step.spanId() + "-01");
            assertThat(step.instance().traceId()).matches("[0-9a-f]{32}");
        }

        @Test
        void noSecrets() {
            Watcher watcher = new Watcher();
            run(new FakePlugin().on("/a", FakePlugin.failing(Failure.PROTOCOL, "no entry with s3cr3t-value")), watcher)
                    .with(builder -> builder.variable("API_TOKEN", "s3cr3t-value"))
                    .scenario("""
                        id: one
                        flow: [ { name: a, type: fake, path: /a, headers: { Authorization: "{{env.API_TOKEN}}" } } ]
                        """)
                    .run();

            assertThat(watcher.step("a").error()).contains("no entry with ***");
            assertThat(watcher.instances.getFirst().error()).contains("no entry with ***");
        }

        @Test
        void figuresThatAreTheSummarys() {
            Watcher watcher = new Watcher();
            run(new FakePlugin().on("/a", FakePlugin.status(200, null), FakePlugin.status(500, null)), watcher)
                    .with(builder -> builder.instances(5))
                    .scenario("id: one\nflow: [ { name: a, type: fake, path: /a } ]\n")
                    .run();

            RunFigures.StepFigures step = watcher.figures.steps().getFirst();
            assertThat(step.counts())
                    .containsExactly(
                            new RunFigures.Count(StepEnd.Result.OK, "200", "", 1),
                            new RunFigures.Count(StepEnd.Result.FAILED, "500", "", 4));
            assertThat(step.ok().count()).isEqualTo(1);
            assertThat(step.failed().count()).isEqualTo(4);
            assertThat(watcher.figures.pools())
                    .extracting(RunFigures.PoolFigures::service)
                    .containsExactly("api");
        }

        @Test
        void figuresOfPoolsWithoutTheWarmUp() {
            Watcher watcher = new Watcher();
            ScenarioRun.Result result = run(new FakePlugin().on("/a", FakePlugin.ok(null)), watcher)
                    .scenario("id: one\nload: { instances: 7, concurrency: 1, warm_up: 200ms }\n"
                            + "thresholds: [ \"pools.api.leases == 7\" ]\n"
                            + "flow: [ { name: a, type: fake, path: /a } ]\n")
                    .run()
                    .assertPassed();

            assertThat((Integer) result.summary.get("warm_up_instances")).isPositive();
            assertThat(watcher.figures.pools().getFirst().waits().count()).isEqualTo(7);
        }
    }

    @Nested
    class Harms {

        private static final Pattern MISSED = Pattern.compile(
                "Watcher was too slow for the run: it missed ([\\d,]+) of ([\\d,]+) steps and instances");

        /// The first thing that it hears holds it up until all instances have ended.
        @Test
        void nobodyWhenItIsSlowAndIsToldOfWhatItMissed() {
            CountDownLatch go = new CountDownLatch(1);
            Watcher watcher = new Watcher() {
                @Override
                public void stepEnded(StepEnd step) throws Exception {
                    go.await(50, TimeUnit.SECONDS);
                    super.stepEnded(step);
                }
            };
            Answer open = (sent, context) -> {
                go.countDown();
                return FakePlugin.observation(200, null, Map.of());
            };
            run(new FakePlugin().on("/a", FakePlugin.status(200, null)).on("/open", open), watcher)
                    .system("""
                        services: { api: { protocol: fake } }
                        after_run: [ { name: open, type: fake, path: /open } ]
                        """)
                    .with(builder -> builder.instances(12_000).concurrency(20).recording(TurbulenceRun.Recording.NONE))
                    .scenario("id: one\nflow: [ { name: a, type: fake, path: /a } ]\n")
                    .run()
                    .assertPassed();

            Matcher missed = MISSED.matcher(out.toString());
            assertThat(missed.find()).as(out.toString()).isTrue();
            long lost = Long.parseLong(missed.group(1).replace(",", ""));
            assertThat(missed.group(2)).isEqualTo("24,002");
            assertThat(lost).isPositive();
            assertThat(watcher.steps.size() + watcher.instances.size() + lost).isEqualTo(24_002);
            assertThat(watcher.figures.steps().getFirst().ok().count()).isEqualTo(12_000);
            assertThat(watcher.steps)
                    .as("of an instance all or nothing")
                    .extracting(step -> step.instance().instanceId())
                    .containsExactlyInAnyOrderElementsOf(watcher.instances.stream()
                            .map(instance -> instance.instance().instanceId())
                            .toList());
        }

        @Test
        void nobodyWhenItThrowsAndIsToldOfOnce() {
            Watcher watcher = new Watcher() {
                @Override
                public void stepEnded(StepEnd step) {
                    throw new IllegalStateException("no disk");
                }
            };
            run(new FakePlugin().on("/a", FakePlugin.status(200, null)), watcher)
                    .with(builder -> builder.instances(3))
                    .scenario("id: one\nflow: [ { name: a, type: fake, path: /a } ]\n")
                    .run()
                    .assertPassed();

            assertThat(watcher.instances).hasSize(3);
            assertThat(out.toString().lines().filter(line -> line.startsWith("Watcher")))
                    .containsExactly("Watcher could not take what happened: java.lang.IllegalStateException: no disk."
                            + " The run goes on; this is told once.");
        }

        @Test
        void nobodyWhenItCannotBegin() {
            Watcher watcher = new Watcher() {
                @Override
                public Optional<Session> observe(ObservedRun observed) {
                    throw new IllegalArgumentException("no such place: 'nowhere'");
                }
            };
            run(new FakePlugin().on("/a", FakePlugin.status(200, null)), watcher)
                    .scenario("id: one\nflow: [ { name: a, type: fake, path: /a } ]\n")
                    .run()
                    .assertPassed();

            assertThat(watcher.steps).isEmpty();
            assertThat(out.toString().lines()).contains("Watcher does not observe this run: no such place: 'nowhere'");
        }

        @Test
        @Tag("stress")
        void nobodyForLongWhenItDoesNotClose() {
            Watcher watcher = new Watcher() {
                @Override
                public void close(Deadline deadline) throws Exception {
                    Thread.sleep(TimeUnit.HOURS.toMillis(1));
                }
            };
            run(new FakePlugin().on("/a", FakePlugin.status(200, null)), watcher)
                    .scenario("id: one\nflow: [ { name: a, type: fake, path: /a } ]\n")
                    .run()
                    .assertPassed();

            assertThat(out.toString().lines())
                    .contains("Watcher was not done 10 s after the run had ended; what it had not sent is lost");
        }
    }
}
