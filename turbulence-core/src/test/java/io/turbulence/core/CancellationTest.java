package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Observation;
import io.turbulence.core.ScenarioRun.Result;
import io.turbulence.core.internal.engine.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CancellationTest {

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();
    private final AtomicReference<TurbulenceRun> run = new AtomicReference<>();

    @AfterEach
    void leavesNoThread() {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .noneMatch(name -> name.startsWith("turbulence-"));
            assertThat(fake.closed).hasValue(fake.opened.get());
        });
    }

    private Result execute(ScenarioRun scenario) {
        run.set(scenario.build());
        return new Result(run.get().execute());
    }

    private ScenarioRun scenario(String rest) {
        return new ScenarioRun(folder, fake).scenario("id: s\n" + rest);
    }

    private static void impatient(TurbulenceRun.Builder builder) {
        Duration soon = Duration.ofMillis(50);
        builder.patience(new Patience(soon, soon, soon, soon, soon));
    }

    /// Hears of nothing until it is let go.
    private static Observation deaf(AtomicBoolean let) {
        while (!let.get()) {
            Thread.interrupted();
            LockSupport.parkNanos(1_000_000);
        }
        return FakePlugin.observation(200, null, Map.of());
    }

    private static Observation forEver() throws InterruptedException {
        new CountDownLatch(1).await();
        throw new AssertionError();
    }

    @Test
    void stopLetsRunningInstancesEndAndStartsNoMore() {
        fake.on("/a", (sent, context) -> {
            run.get().stop();
            return FakePlugin.observation(200, null, Map.of());
        });

        Result result = execute(scenario("flow: [ { type: fake, path: /a }, { type: fake, path: /b } ]\n"
                        + "finally: [ { type: fake, path: /c } ]")
                .with(builder -> builder.instances(1000).concurrency(1)));

        assertThat(fake.sent).extracting(FakePlugin.Sent::path).containsExactly("/a", "/b", "/c");
        assertThat(result.run.exitCode()).isEqualTo(130);
        assertThat(result.run.interrupted()).isTrue();
        assertThat(result.run.passed()).isEqualTo(1);
    }

    @Test
    void anInterruptOfTheCallerLetsRunningInstancesEndAndKeepsResults() {
        Thread caller = Thread.currentThread();
        AtomicBoolean once = new AtomicBoolean();
        fake.on("/a", (sent, context) -> {
            if (once.compareAndSet(false, true)) {
                caller.interrupt();
            }
            return FakePlugin.observation(200, null, Map.of());
        });
        Result result;
        try {
            result = execute(scenario("flow: [ { type: fake, path: /a }, { type: fake, path: /b } ]\n"
                            + "finally: [ { type: fake, path: /c } ]")
                    .with(builder -> builder.instances(10_000_000).concurrency(1)));
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(result.run.exitCode()).isEqualTo(130);
        assertThat(result.run.interrupted()).isTrue();
        assertThat(result.run.passed()).isPositive().isEqualTo(result.run.total());
        assertThat(fake.sent("/c")).hasSize((int) result.run.total());
    }

    @Test
    void instancesThatOutliveGraceAreAbortedAndCleanUp() {
        fake.on("/a", (sent, context) -> {
            run.get().stop();
            return forEver();
        });

        Result result = execute(new ScenarioRun(folder, fake)
                .system(ScenarioRun.SYSTEM + "after_run: [ { name: bye, type: fake, path: /bye } ]\n")
                .scenario("""
                    id: s
                    flow: [ { name: a, type: fake, path: /a }, { name: b, type: fake, path: /b } ]
                    assertions: [ { name: check, expect: "1 == 1" } ]
                    finally: [ { name: c, type: fake, path: /c } ]
                    """)
                .with(builder ->
                        builder.grace(Duration.ofMillis(50)).instances(10).concurrency(1)));

        assertThat(result.story()).containsExactly("a failed", "b skipped", "check skipped", "c ok", "bye ok");
        assertThat(result.step("a")).containsEntry("failure", "CANCELLED");
        assertThat(result.run.aborted()).isEqualTo(1);
        assertThat(result.run.exitCode()).isEqualTo(130);
        assertThat(result.instances.getFirst())
                .containsEntry("status", "aborted")
                .containsEntry("error", "'a' was cancelled: the grace of 50 ms had passed");
    }

    @Test
    void cancelReachesEveryBranchOfParallelAndCallInside() {
        CountDownLatch both = new CountDownLatch(2);
        FakePlugin.Answer hang = (sent, context) -> {
            both.countDown();
            if (both.getCount() == 0) {
                run.get().stop();
            }
            return forEver();
        };
        fake.on("/a", hang).on("/b", hang);

        Result result = execute(scenario("""
            flow:
              - name: p
                type: parallel
                branches: [ [ { name: a, type: fake, path: /a } ], [ { name: c, type: call, scenario: leaf.yaml } ] ]
            """)
                .file(
                        "leaf.yaml",
                        "id: leaf\n"
                                + "callable: true\n"
                                + "flow: [ { name: b, type: fake, path: /b } ]\n"
                                + "finally: [ { name: d, type: fake, path: /d } ]\n")
                .with(builder -> builder.grace(Duration.ZERO)));

        assertThat(result.story()).containsExactlyInAnyOrder("a failed", "b failed", "d ok", "c failed", "p failed");
        assertThat(result.run.aborted()).isEqualTo(1);
    }

    @Test
    void haltEndsAtOnceWithoutCleanUp() {
        fake.on("/a", (sent, context) -> {
            run.get().halt();
            return forEver();
        });

        Result result = execute(scenario(
                "flow: [ { name: a, type: fake, path: /a } ]\nfinally: [ { name: c, type: fake, path: /c } ]"));

        assertThat(result.story()).containsExactly("a failed");
        assertThat(result.run.exitCode()).isEqualTo(130);
    }

    @Test
    void sleepAndWaitAreCancelledToo() {
        fake.on("/w", (sent, context) -> {
            run.get().stop();
            return FakePlugin.observation(404, null, Map.of());
        });

        Result result = execute(
                scenario("flow: [ { name: w, type: wait, path: /w, interval: 50s, timeout: 200s, until: { status_code:"
                                + " 200 } } ]")
                        .with(builder -> builder.grace(Duration.ofMillis(20))));

        assertThat(result.step("w")).containsEntry("failure", "CANCELLED");
    }

    @Test
    void hooksEndCallBeforeItIsInterrupted() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<Duration> interruptedAfter = new AtomicReference<>();
        fake.on("/a", (sent, context) -> {
            context.onCancel(ended::countDown);
            context.onCancel(() -> {
                throw new IllegalStateException("a hook that is broken");
            });
            long stoppedAt = System.nanoTime();
            run.get().stop();
            try {
                ended.await();
            } catch (InterruptedException e) {
                interruptedAfter.set(Duration.ofNanos(System.nanoTime() - stoppedAt));
                throw e;
            }
            throw new java.io.IOException("closed by hook");
        });

        Result result = execute(
                scenario("flow: [ { name: a, type: fake, path: /a } ]").with(builder -> builder.grace(Duration.ZERO)));

        assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
        // The hook is run on a thread of its own, which a busy machine may start late
        if (interruptedAfter.get() != null) {
            assertThat(interruptedAfter.get()).isGreaterThanOrEqualTo(Duration.ofMillis(500));
        }
        assertThat(result.step("a")).containsEntry("failure", "CANCELLED");
        assertThat(result.run.aborted()).isEqualTo(1);
    }

    @Test
    void callThatIgnoresItsDeadlineIsCutOffAsTimeout() {
        fake.on("/a", (sent, context) -> forEver());

        Result result = execute(scenario("stop_when: { any_action_fails: false }\n"
                + "flow: [ { name: a, type: fake, path: /a, timeout: 50ms }, { name: b, type: fake, path:"
                + " /b } ]"));

        assertThat(result.errors("a"))
                .hasToString(
                        "[no answer when the timeout of 50 ms of 'a' passed; the call did not end by itself and was"
                                + " cut off]");
        assertThat(result.step("a")).containsEntry("failure", "TIMEOUT");
        assertThat(result.story()).containsExactly("a failed", "b ok");
        assertThat(result.run.aborted()).isZero();
    }

    @Test
    void exceptionOfActionIsFailureOfStep() {
        fake.on("/a", (sent, context) -> {
            throw new IllegalStateException("broken inside");
        });

        Result result = execute(scenario("flow: [ { name: a, type: fake, path: /a } ]")
                .with(builder -> builder.instances(3).concurrency(1)));

        assertThat(result.run.failed()).isEqualTo(3);
        assertThat(String.valueOf(result.steps("a").getFirst().get("errors"))).contains("broken inside");
        assertThat(result.run.exitCode()).isEqualTo(1);
    }

    @Test
    void aPluginThatGoesOnOpeningIsInterrupted() {
        fake.stuckInOpen();

        Result result = execute(scenario("flow: [ { name: a, type: fake, path: /a, timeout: 200ms } ]"));

        assertThat(result.run.exitCode()).isEqualTo(1);
        assertThat(result.step("a")).containsEntry("failure", "TIMEOUT");
        assertThat(result.errors("a"))
                .hasToString("[no connection of 'api' was open when the timeout of 200 ms of 'a' passed; its plugin had"
                        + " not given up opening one]");
        assertThat(fake.sent).isEmpty();
    }

    @Test
    void aPluginThatReturnsNothingFailsItsStep() {
        fake.on("/a", (sent, context) -> null);

        Result result = execute(scenario("flow: [ { name: a, type: fake, path: /a } ]"));

        assertThat(result.run.exitCode()).isEqualTo(1);
        assertThat(result.errors("a"))
                .hasToString("[the plugin's action 'fake' returned null, where an observation must be]");
    }

    @Test
    void linkageErrorOfPluginEndsRunWithFive() {
        fake.on("/a", (sent, context) -> {
            throw new NoSuchMethodError("'void io.turbulence.api.Gone.gone()'");
        });

        Result result =
                execute(scenario("flow: [ { name: a, type: fake, path: /a } ]\nfinally: [ { type: fake, path: /c } ]")
                        .with(builder -> builder.instances(20).concurrency(2)));

        assertThat(result.run.exitCode()).isEqualTo(5);
        assertThat(result.run.message())
                .startsWith("action 'fake' does not fit the classes around it: NoSuchMethodError: 'void"
                        + " io.turbulence.api.Gone.gone()'.");
        assertThat(result.run.failed()).isBetween(1L, 20L);
        assertThat(fake.sent("/c")).isNotEmpty();
    }

    @Test
    void everyInstanceOfLoadEndsWhenStopped() {
        CountDownLatch started = new CountDownLatch(50);
        fake.on("/a", (sent, context) -> {
            started.countDown();
            if (started.getCount() == 0) {
                run.get().stop();
            }
            return forEver();
        });

        Result result = execute(scenario("flow: [ { type: fake, path: /a } ]")
                .system("services: { api: { protocol: fake, pool: { max: 100 } } }")
                .with(builder ->
                        builder.grace(Duration.ofMillis(10)).instances(1000).concurrency(50)));

        assertThat(result.run.aborted()).isEqualTo(50);
        assertThat(result.instances).hasSize(50);
        assertThat(List.of(result.run.total())).containsExactly(50L);
    }

    @Test
    void aPluginThatHearsOfNothingDoesNotKeepTheRun() {
        AtomicBoolean let = new AtomicBoolean();
        fake.on("/stuck", (sent, context) -> {
            run.get().halt();
            return deaf(let);
        });

        Result result;
        try {
            result = execute(scenario("flow: [ { name: deaf, type: fake, path: /stuck } ]")
                    .with(CancellationTest::impatient));
        } finally {
            let.set(true);
        }

        assertThat(result.run.exitCode()).isEqualTo(130);
        assertThat(result.run.aborted()).isEqualTo(1);
        assertThat(result.instances).hasSize(1);
        assertThat(result.instances.getFirst())
                .containsEntry("failed_step", "deaf")
                .containsEntry(
                        "error",
                        "step 'deaf' was cancelled and did not end: its plugin hears of no deadline, no hook and no "
                                + "interrupt. The run ended without it.");
    }

    @Test
    void aCallThatHearsOfNothingIsGivenUpAndTheRunGoesOn() {
        AtomicBoolean let = new AtomicBoolean();
        fake.on(
                "/first",
                (sent, context) -> sent.instance() == 0 ? deaf(let) : FakePlugin.observation(200, null, Map.of()));

        Result result;
        try {
            result = execute(scenario("""
                flow:
                  - { name: deaf, type: fake, path: /first, timeout: 50ms }
                  - { name: next, type: fake, path: /next }
                """)
                    .with(builder -> builder.instances(5).concurrency(1))
                    .with(CancellationTest::impatient));
        } finally {
            let.set(true);
        }

        String error = "no answer when the timeout of 50 ms of 'deaf' passed; the call was cut off and had not ended"
                + " 50 ms later: action 'fake' of plugin 'fake' hears of no deadline, no hook and no interrupt. The run"
                + " goes on without it.";
        assertThat(result.run.exitCode()).isEqualTo(1);
        assertThat(result.run.passed()).isEqualTo(4);
        assertThat(result.instances)
                .hasSize(5)
                .filteredOn(instance -> "failed".equals(instance.get("status")))
                .singleElement()
                .satisfies(instance -> assertThat(instance)
                        .containsEntry("failed_step", "deaf")
                        .containsEntry("error", error));
        assertThat(result.steps("deaf"))
                .filteredOn(step -> Boolean.FALSE.equals(step.get("ok")))
                .singleElement()
                .satisfies(step ->
                        assertThat(step).containsEntry("failure", "TIMEOUT").containsEntry("errors", List.of(error)));
        assertThat(result.steps("next")).hasSize(4);
    }

    @Test
    void aResetThatGoesOnIsInterruptedAndItsConnectionDiscarded() {
        fake.resetting(() -> {
            new CountDownLatch(1).await();
            throw new AssertionError();
        });

        Duration soon = Duration.ofMillis(50);
        Result result = execute(scenario("flow: [ { type: fake, path: /a }, { type: fake, path: /b } ]")
                .with(builder -> builder.patience(new Patience(Duration.ofSeconds(20), soon, soon, soon, soon))));

        result.assertPassed();
        assertThat(fake.opened).hasValue(2);
    }

    @Test
    void aResetThatHearsOfNothingIsGivenUp() {
        AtomicBoolean let = new AtomicBoolean();
        fake.resetting(() -> deaf(let));

        Result result;
        try {
            result = execute(scenario("flow: [ { name: a, type: fake, path: /a }, { name: b, type: fake, path: /b } ]")
                    .with(CancellationTest::impatient));
        } finally {
            let.set(true);
        }

        assertThat(result.run.exitCode()).isEqualTo(1);
        assertThat(result.story()).containsExactly("a failed");
        assertThat(result.errors("a"))
                .hasToString("[the connection was still being given back 50 ms after its use, and 50 ms after an"
                        + " interrupt: action 'fake' of plugin 'fake' hears of none. The run goes on without it.]");
    }

    @Test
    void callsThatTakeEveryProcessorEndTheRun() {
        AtomicBoolean let = new AtomicBoolean();
        fake.on("/busy", (sent, context) -> {
            while (!let.get()) {
                Thread.onSpinWait();
            }
            return FakePlugin.observation(200, null, Map.of());
        });
        int processors = Runtime.getRuntime().availableProcessors();

        Result result;
        try {
            result = execute(scenario("flow: [ { name: busy, type: fake, path: /busy, timeout: 20ms } ]")
                    .with(builder -> builder.instances(processors * 2L).concurrency(processors * 2))
                    .with(CancellationTest::impatient));
        } finally {
            let.set(true);
        }

        assertThat(result.run.exitCode()).isEqualTo(5);
        assertThat(result.run.message())
                .isEqualTo(
                        "action 'fake' of plugin 'fake' keeps every processor busy in calls that hear of no deadline,"
                                + " no hook and no interrupt, so that nothing else can go on; the run was ended. This is a"
                                + " defect of the plugin: tell its author, or remove it.");
    }

    @Test
    void callsThatHearOfNothingHoldUpNeitherArrivalsNorAfterRun() {
        AtomicBoolean let = new AtomicBoolean();
        fake.on("/deaf", (sent, context) -> deaf(let));

        Result result;
        try {
            result = execute(scenario("""
                flow:
                  - type: parallel
                    branches:
                      - [ { name: deaf, type: fake, path: /deaf, timeout: 20ms } ]
                      - [ { name: other, type: sleep, duration: 50s } ]
                """)
                    .system(ScenarioRun.SYSTEM
                            + "after_run: [ { name: bye, type: fake, path: /deaf, timeout: 20ms } ]\n")
                    .with(builder -> builder.rate("20/s").duration(Duration.ofMillis(200)))
                    .with(CancellationTest::impatient));
        } finally {
            let.set(true);
        }

        assertThat(result.run.exitCode()).isEqualTo(1);
        assertThat(result.run.failed()).isPositive().isEqualTo(result.run.total());
        assertThat(result.steps("bye"))
                .singleElement()
                .satisfies(step -> assertThat(step).containsEntry("failure", "TIMEOUT"));
    }
}
