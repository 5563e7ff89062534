package io.turbulence.core.internal.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.engine.InstanceInfo;
import io.turbulence.core.internal.engine.StepInfo;
import io.turbulence.core.internal.observation.Content;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("stress")
class LongRunTest {

    private static final int CALLERS = 200;
    private static final List<StepInfo> STEPS = SyntheticRun.steps();

    @TempDir
    private Path runs;

    @Test
    void keepsNothingForEachRequest() throws Exception {
        RunRecorder recorder = RunRecorder.open(
                SyntheticRun.info(null, CALLERS, List.of()),
                RecorderOptions.quiet().withFolder(runs.resolve("run")),
                () -> Map.of("api", SyntheticRun.pool(1, 0)));
        call(recorder, 0, 100_000);
        long before = used();
        call(recorder, 100_000, 500_000);
        long after = used();
        RunSummary summary = recorder.finish(RunEnd.normal(SyntheticRun.START));

        assertThat(summary.steps().getFirst().count()).isEqualTo(600_000);
        assertThat(summary.steps().get(1).count()).isEqualTo(600_000);
        assertThat(summary.instances().failed()).isEqualTo(600);
        assertThat(summary.errors()).hasSize(3);
        assertThat(after - before).isLessThan(8 * 1024 * 1024);
        assertThat(Files.size(runs.resolve("run").resolve("steps.jsonl"))).isLessThan(30_000_000);
    }

    private static void call(RunRecorder recorder, int from, int instances) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < CALLERS; caller++) {
                int first = from + caller;
                threads.execute(() -> {
                    for (int number = first; number < from + instances; number += CALLERS) {
                        instance(recorder, number);
                    }
                });
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(5, TimeUnit.MINUTES)).isTrue();
        }
    }

    private static void instance(RunRecorder recorder, int number) {
        InstanceInfo instance = SyntheticRun.instance(number);
        recorder.instanceStarted(instance);
        recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(0), 1_000 * (number % 50_000), "{\"n\":1}"));
        if (number % 1_000 == 0) {
            String error = "'create_cart' failed for the "
                    + List.of("first", "second", "third").get(number / 1_000 % 3) + " reason in " + number + " ms";
            recorder.stepFinished(SyntheticRun.result(
                    instance, STEPS.get(1), false, SyntheticRun.exchange(500, 1_000, Content.EMPTY), List.of(error)));
            recorder.instanceFinished(SyntheticRun.failed(instance, 2, "create_cart", error));
        } else {
            recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(1), 3_000_000, "{}"));
            recorder.instanceFinished(SyntheticRun.passed(instance, 2));
        }
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
