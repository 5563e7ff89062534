package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is true or false, in files and from the environment.
class FlagsTest {

    @TempDir
    private Path folder;

    private final FakePlugin fake = new FakePlugin();

    @ParameterizedTest
    @ValueSource(strings = {"true", "True", "TRUE", "\"{{env.YES}}\""})
    void areTakenInEverySpellingOfYaml(String flag) {
        ScenarioRun.Result result = new ScenarioRun(folder, fake)
                .with(run -> run.variable("YES", "true"))
                .scenario("id: s\nstop_when: { any_assertion_fails: " + flag + " }\nflow:\n"
                        + "  - { name: a, type: assert, expect: \"1 == 2\" }\n"
                        + "  - { name: b, type: sleep, duration: 1ms }\n")
                .run();

        assertThat(result.story()).containsExactly("a failed", "b skipped");
    }

    @Test
    void areConditionsWhereAVariableHoldsThem() {
        ScenarioRun.Result result = new ScenarioRun(folder, fake)
                .with(run -> run.variable("YES", "true").variable("NO", "false"))
                .scenario("""
                    id: s
                    flow:
                      - { name: a, type: sleep, duration: 1ms, condition: "{{env.YES}}" }
                      - { name: b, type: sleep, duration: 1ms, condition: "{{env.NO}}" }
                      - { name: c, type: sleep, duration: 1ms, condition: "env.NO or {{env.OTHER | default:true}}" }
                    """)
                .run();

        assertThat(result.story()).containsExactly("a ok", "b skipped", "c ok");
    }
}
