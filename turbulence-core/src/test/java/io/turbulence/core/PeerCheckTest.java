package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.core.ScenarioRun.Result;
import io.turbulence.core.internal.engine.Patience;
import io.turbulence.core.internal.plugin.PluginException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What only a peer can say of a step, before anything is run.
class PeerCheckTest {

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();
    private final StringWriter printed = new StringWriter();

    private ScenarioRun scenario(String flow) {
        return new ScenarioRun(folder, fake)
                .scenario("id: s\nflow:\n" + flow)
                .with(builder ->
                        builder.console(TurbulenceRun.Console.LINES, new PrintWriter(printed, true), 200, false));
    }

    private String printed() {
        return printed.toString();
    }

    @Test
    void anErrorOfThePeerEndsTheRunBeforeItBegins() {
        fake.asked((path, problems) -> problems.error("path", "'" + path + "'", "a path that there is", "Look."));

        Result result = scenario("""
              - { type: fake, path: /first }
              - { type: fake, path: /asked/1 }
              - { type: fake, path: /asked/2 }
            """).run();

        assertThat(result.run.exitCode()).isEqualTo(3);
        assertThat(result.run.message())
                .contains("scenario.yaml:4:25: flow[1].path: '/asked/1'; expected a path that there is. Look.\n")
                .contains("scenario.yaml:5:25: flow[2].path: '/asked/2'; expected a path that there is. Look.\n");
        assertThat(fake.sent).isEmpty();
        assertThat(result.summary).containsEntry("exit_code", 3);
        assertThat(fake.closed).hasValue(fake.opened.get());
    }

    @Test
    void thePlaceOfAWrongKeyIsTheKeys() {
        fake.asked((path, problems) -> problems.errorAtKey("json.a.b", "the unknown 'b'", "c", null));

        Result result = scenario("  - { type: fake, path: /asked, json: { a: { b: 1 } } }\n")
                .run();

        assertThat(result.run.message())
                .contains("scenario.yaml:3:46: flow[0].json.a.b: the unknown 'b'; expected c\n");
    }

    @Test
    void warningsArePrintedAndTheRunGoesOn() {
        fake.asked((path, problems) -> problems.warning("path", "'" + path + "', which is old", null));

        scenario("  - { type: fake, path: /asked }\n").run().assertPassed();

        assertThat(printed()).containsOnlyOnce("scenario.yaml:3:25: warning: flow[0].path: '/asked', which is old");
    }

    @Test
    void aPeerThatCannotBeReachedIsLeftToTheSteps() {
        fake.opening(() -> {
            throw new FailureException(Failure.CONNECT, "'fake:1' could not be reached", null);
        });

        Result result = scenario("""
              - { type: fake, path: /asked/1 }
              - { type: fake, path: /asked/2 }
            """).run();

        assertThat(result.run.exitCode()).isEqualTo(1);
        assertThat(result.errors("fake_1")).hasToString("['fake:1' could not be reached]");
        assertThat(printed()).containsOnlyOnce("""
            Service 'api' could not be asked about its steps before the run, so that they are checked when they run: \
            'fake:1' could not be reached\
            """);
    }

    @Test
    void aPeerThatDoesNotAnswerIsAskedOnceAndLeftToTheSteps() {
        fake.asked((path, problems) -> {
            throw new FailureException(Failure.TIMEOUT, "'fake:1' said nothing", null);
        });

        scenario("""
              - { type: fake, path: /asked/1 }
              - { type: fake, path: /asked/2 }
            """).run().assertPassed();

        assertThat(fake.asked).containsExactly("/asked/1");
        assertThat(printed()).containsOnlyOnce("before the run, so that they are checked when they run: 'fake:1' said");
    }

    @Test
    void aCheckThatDoesNotEndIsLeftBehind() {
        fake.asked((path, problems) -> {
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
        });
        Duration soon = Duration.ofMillis(200);

        scenario("  - { type: fake, path: /asked }\n")
                .with(builder -> builder.patience(new Patience(soon, soon, soon, soon, soon)))
                .run()
                .assertPassed();

        assertThat(printed())
                .containsPattern(
                        "before the run, so that they are checked when they run: the peer check of action 'fake' of"
                                + " plugin 'fake' had not come back after 400 ms, though its deadline was 200 ms: it"
                                + " stands in .*PeerCheckTest\\.lambda");
    }

    @Test
    void checkingFilesAsksNobody() {
        assertThat(scenario("  - { type: fake, path: /asked }\n").build().check())
                .isEmpty();
        assertThat(fake.asked).isEmpty();
        assertThat(fake.opened).hasValue(0);
    }

    @Test
    void aStepThatIsWrongByItselfIsNotAskedAbout() {
        assertThatExceptionOfType(DefinitionException.class)
                .isThrownBy(() -> scenario("""
                      - { type: fake, path: /forbidden }
                      - { type: fake, path: /asked }
                    """).run());
        assertThat(fake.asked).isEmpty();
    }

    @Test
    void aStepWithNothingToAskOpensNothing() {
        fake.asked((path, problems) -> {
            throw new AssertionError("not to be asked");
        });
        scenario("  - { type: fake, path: /a, condition: \"1 == 2\" }\n").run();
        assertThat(fake.opened).hasValue(0);
    }

    @Test
    void anErrorThrownByThePluginIsItsFault() {
        fake.asked((path, problems) -> {
            throw new AssertionError("no");
        });
        assertThatExceptionOfType(PluginException.class)
                .isThrownBy(() -> scenario("  - { type: fake, path: /asked }\n").run())
                .withMessageContaining("action 'fake' threw in its peer check: java.lang.AssertionError: no");
        assertThat(fake.closed).hasValue(1);
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void launchedProgramsAreThereWhenTheyAreAsked() {
        fake.on("/health", FakePlugin.status(503, null), FakePlugin.status(200, null));
        fake.asked((path, problems) -> {
            assertThat(fake.sent("/health")).hasSize(2);
            assertThat(fake.sent("/before")).isEmpty();
        });

        scenario("  - { type: fake, path: /asked }\n").system("""
            services: { api: { protocol: fake } }
            before_run: [ { type: fake, path: /before } ]
            launch:
              - { name: one, command: ["/bin/sh", -c, "exec sleep 60"], ready: { poll: { type: fake, service: api, path: /health } } }
            """).run().assertPassed();

        assertThat(fake.asked).containsExactly("/asked");
        assertThat(fake.sent("/before")).hasSize(1);
    }
}
