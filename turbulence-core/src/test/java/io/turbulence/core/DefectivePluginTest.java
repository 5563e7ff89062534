package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.turbulence.api.Metadata;
import io.turbulence.api.Observation;
import io.turbulence.api.Payload;
import io.turbulence.api.Transport;
import io.turbulence.core.ScenarioRun.Result;
import io.turbulence.core.internal.engine.Patience;
import io.turbulence.core.internal.plugin.PluginException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What no plugin may do fails the step in which it does it, by name, and nothing else.
class DefectivePluginTest {

    private static final String DEFECT = ". This is a defect of the plugin: tell its author, or remove it.";

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    private Result run(String step) {
        return new ScenarioRun(folder, fake)
                .scenario("id: s\nflow: [ " + step + " ]\nfinally: [ { name: last, type: fake, path: /last } ]")
                .run();
    }

    private Result run() {
        return run("{ name: a, type: fake, path: /a }");
    }

    private static void assertFailed(Result result, String error) {
        assertThat(result.run.exitCode()).isEqualTo(1);
        assertThat(result.step("a")).containsEntry("ok", false).containsEntry("errors", List.of(error));
        assertThat(result.story()).contains("last ok");
    }

    @Test
    void aPrepareThatDoesNotEndEndsTheLoading() {
        fake.preparing(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
        });
        Duration soon = Duration.ofMillis(200);
        TurbulenceRun run = new ScenarioRun(folder, fake)
                .scenario("id: s\nflow: [ { type: fake, path: /a } ]")
                .with(builder -> builder.patience(new Patience(soon, soon, soon, soon, soon)))
                .build();

        assertThatExceptionOfType(PluginException.class)
                .isThrownBy(run::execute)
                .withMessageMatching(
                        "the part of action 'fake' of plugin 'fake' in the loading of flow\\[0] had not come back"
                                + " after 200 ms: it stands in .*DefectivePluginTest\\.lambda.*"
                                + Pattern.quote(DEFECT));
        assertThat(fake.opened).hasValue(0);
    }

    @Test
    void nullOfEndpointEndsTheLoading() {
        fake.standingAt(() -> null);

        assertThatExceptionOfType(PluginException.class)
                .isThrownBy(this::run)
                .withMessage("io.turbulence.core.FakePlugin$Connections returned null from endpoint()" + DEFECT);
    }

    @Test
    void anErrorInExecuteFailsTheStep() {
        fake.on("/a", (sent, context) -> {
            throw new StackOverflowError();
        });

        Result result = run();

        assertFailed(result, "action 'fake' of plugin 'fake' threw java.lang.StackOverflowError" + DEFECT);
        assertThat(result.step("a")).containsEntry("failure", "PROTOCOL");
    }

    @Test
    void memoryThatRunsOutInExecuteFailsTheStep() {
        fake.on("/a", (sent, context) -> {
            throw new OutOfMemoryError("Java heap space");
        });

        Result result = run();

        assertFailed(result, outOfMemory());
        assertThat(result.step("a")).containsEntry("failure", "TOO_LARGE");
    }

    @Test
    void memoryThatRunsOutWhileAnAnswerIsLookedAtFailsTheStep() {
        fake.on(
                "/a",
                (sent, context) -> lazy(() -> {
                    throw new OutOfMemoryError("Java heap space");
                }));

        Result result = run("{ name: a, type: fake, path: /a, extract: { x: $.x } }");

        assertFailed(result, outOfMemory());
    }

    private static String outOfMemory() {
        return ("the memory ran out in step 'a' (Java heap space; all of it is %,d MiB). Give the run more with -Xmx,"
                        + " or let it take less: with a lower max_body or pool.max, or 'body: discard' where a body is not looked"
                        + " at.")
                .formatted(Runtime.getRuntime().maxMemory() >> 20);
    }

    @Test
    void memoryThatRunsOutWhileAnAnswerIsWrittenDownIsNotedInItsPlace() {
        fake.on(
                "/a",
                (sent, context) -> lazy(() -> {
                    throw new OutOfMemoryError("Java heap space");
                }));

        Result result = run().assertPassed();

        assertThat(result.step("a").get("payload")).isEqualTo("(not written: the memory ran out)");
    }

    @Test
    void aStepThatCameToNoConnectionHasNoWaitForOne() {
        Result result = run("{ type: fake, path: /x, json: { l: [ 1 ] }, extract: { l: $.l } }, { name: a, type: fake,"
                + " path: '{{l}}' }");

        assertThat(result.step("a")).containsEntry("ok", false);
        assertThat(result.step("a").get("pool_wait_ms")).isNull();
        assertThat(result.step("last").get("pool_wait_ms")).isNotNull();
    }

    @Test
    void anErrorInABranchFailsItsStep() {
        fake.on("/a", (sent, context) -> {
            throw new AssertionError("never here");
        });

        Result result = run("{ type: parallel, branches: [ [ { name: a, type: fake, path: /a } ], [ { type: sleep, "
                + "duration: 1ms } ] ] }");

        assertFailed(result, "action 'fake' of plugin 'fake' threw java.lang.AssertionError: never here" + DEFECT);
    }

    @Test
    void anErrorInOpenFailsTheStep() {
        fake.opening(failingOnce(new AssertionError("no handle")));

        assertFailed(
                run(),
                "could not connect to 'fake:1': open() of io.turbulence.core.FakePlugin$Connections threw"
                        + " java.lang.AssertionError: no handle" + DEFECT);
    }

    @Test
    void nullOfOpenFailsTheStep() {
        boolean[] first = {true};
        fake.opening(() -> {
            boolean none = first[0];
            first[0] = false;
            return none ? null : new Object();
        });

        assertFailed(
                run(),
                "could not connect to 'fake:1': open() of io.turbulence.core.FakePlugin$Connections returned null"
                        + DEFECT);
    }

    @Test
    void nullOfClassifyFailsTheStep() {
        fake.classifying(thrown -> null).on("/a", (sent, context) -> {
            throw new IllegalStateException("broken inside");
        });

        assertFailed(
                run(),
                "action 'fake' of plugin 'fake' returned null from classify, asked for"
                        + " java.lang.IllegalStateException: broken inside" + DEFECT);
    }

    @Test
    void aPayloadThatCannotBeReadFailsTheStepThatReadsIt() {
        fake.on(
                "/a",
                (sent, context) -> lazy(() -> {
                    throw new NullPointerException();
                }));

        Result result = run("{ name: a, type: fake, path: /a, extract: { x: $.x } }");

        assertThat(result.run.exitCode()).isEqualTo(1);
        assertThat(result.errors("a").getFirst())
                .isEqualTo("action 'fake' of plugin 'fake' made a payload that throws when it is read:"
                        + " java.lang.NullPointerException" + DEFECT);
        assertThat(result.story()).contains("last ok");
    }

    @Test
    void aPayloadThatCannotBeReadAndThatNobodyReadsIsTold() {
        fake.on(
                "/a",
                (sent, context) -> lazy(() -> {
                    throw new StackOverflowError();
                }));

        Result result = run().assertPassed();

        assertThat(result.step("a").get("payload"))
                .isEqualTo("action 'fake' of plugin 'fake' made a payload that throws when it is read:"
                        + " java.lang.StackOverflowError");
    }

    private static java.util.concurrent.Callable<@Nullable Object> failingOnce(Error error) {
        boolean[] first = {true};
        return () -> {
            if (first[0]) {
                first[0] = false;
                throw error;
            }
            return new Object();
        };
    }

    private static Observation lazy(Supplier<@Nullable Object> tree) {
        return Observation.answered(
                Transport.of("fake"), true, "200", Metadata.of("status_code", 200), Payload.lazyDocument(tree));
    }
}
