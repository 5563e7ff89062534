package io.turbulence.core.internal.engine.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.engine.workload.Workload.Closed;
import io.turbulence.core.internal.engine.workload.Workload.Open;
import io.turbulence.core.internal.engine.workload.Workload.Pacing;
import io.turbulence.core.internal.engine.workload.Workload.Part;
import io.turbulence.core.internal.engine.workload.Workload.Several;
import io.turbulence.core.internal.engine.workload.Workload.Spacing;
import io.turbulence.core.internal.engine.workload.Workload.Stage;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkloadTextTest {

    @Test
    void writesAClosedWorkload() {
        assertThat(WorkloadText.of(new Closed(500L, null, 50, Duration.ZERO)))
                .containsExactly("{ instances: 500, concurrency: 50 }");
        assertThat(WorkloadText.of(new Closed(
                        null,
                        Duration.ofMinutes(10),
                        50,
                        Duration.ofSeconds(10),
                        new Pacing(Duration.ofSeconds(20), Duration.ofMillis(40_500)))))
                .containsExactly(
                        "{ concurrency: 50, duration: 10m, pacing: { min: 20s, max: 40500ms }, warm_up: 10s }");
    }

    @Test
    void writesARate() {
        assertThat(WorkloadText.of(Workload.constant(20, Duration.ofSeconds(90), Duration.ofSeconds(2))))
                .containsExactly("{ rate: 20/s, duration: 90s, max_concurrency: 5000, warm_up: 2s }");
        assertThat(WorkloadText.of(Workload.constant(1.5, Duration.ofHours(2), Duration.ZERO)))
                .containsExactly("{ rate: 90/m, duration: 2h, max_concurrency: 5000 }");
    }

    @Test
    void writesStages() {
        Open open = new Open(
                List.of(
                        new Stage(0, 200, Duration.ofMinutes(1)),
                        new Stage(200, 200, Duration.ofMinutes(5)),
                        new Stage(200, 0, Duration.ofSeconds(30))),
                100,
                Duration.ZERO,
                Spacing.POISSON);

        assertThat(WorkloadText.of(open))
                .containsExactly("{ stages: [{ ramp_to: 200/s, duration: 1m }, { rate: 200/s, duration: 5m },"
                        + " { ramp_to: 0/s, duration: 30s }], max_concurrency: 100, arrivals: poisson }");
    }

    @Test
    void writesOneForEachScenarioThatHasItsOwn() {
        Workload one = new Closed(7L, null, 2, Duration.ZERO);

        assertThat(WorkloadText.of(new Several(List.of(
                        new Part("a", one, Duration.ZERO, null),
                        new Part("b", one, Duration.ofSeconds(3), null),
                        new Part("c", one, Duration.ZERO, "a")))))
                .containsExactly(
                        "a: { instances: 7, concurrency: 2 }",
                        "b: { instances: 7, concurrency: 2, after: 3s }",
                        "c: { instances: 7, concurrency: 2, after: a }");
    }
}
