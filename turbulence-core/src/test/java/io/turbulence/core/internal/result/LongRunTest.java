package io.turbulence.core.internal.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.result.figures.RunEnd;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.files.RecorderOptions;
import io.turbulence.core.internal.result.report.ReportWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.stream.Stream;
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

    @Test
    void carriesTenMillionStepsAndReportsThem() throws Exception {
        Path run = runs.resolve("run");
        RunRecorder recorder = RunRecorder.open(
                SyntheticRun.info(null, CALLERS, List.of()),
                RecorderOptions.quiet().withFolder(run),
                () -> Map.of("api", SyntheticRun.pool(1, 0)));
        call(recorder, 0, 500_000);
        long before = used();
        call(recorder, 500_000, 4_500_000);
        long after = used();
        RunSummary summary = recorder.finish(RunEnd.normal(SyntheticRun.START));

        assertThat(summary.steps().stream().mapToLong(RunSummary.Step::count).sum())
                .isEqualTo(10_000_000);
        assertThat(after - before).as("growth of memory").isLessThan(8 * 1024 * 1024);
        Files.delete(run.resolve("report.html"));
        long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        ReportWriter.write(run);
        cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu;
        assertThat(cpu).as("processor time of the report").isLessThan(3_000_000_000L);
        assertThat(Files.size(run.resolve("report.html"))).isLessThan(2_000_000);
    }

    @Test
    void sortsAMillionFailuresIntoTheirKinds() throws Exception {
        Path run = runs.resolve("run");
        RunRecorder recorder = RunRecorder.open(
                SyntheticRun.info(null, CALLERS, List.of()),
                RecorderOptions.quiet().withFolder(run),
                Map::of);
        call(0, 1_000_000, number -> failing(recorder, number));
        RunSummary summary = recorder.finish(RunEnd.normal(SyntheticRun.START));

        assertThat(summary.instances().failed()).isEqualTo(1_000_000);
        assertThat(summary.errors())
                .extracting(RunSummary.ErrorKind::signature, RunSummary.ErrorKind::count)
                .containsExactlyInAnyOrder(
                        tuple("'#' could not be connected to within # s; attempt <id>", 333_334L),
                        tuple("create_cart: the answer was 503: cart cart_<id> is locked for # ms", 333_333L),
                        tuple("$.total was # but expected: equals #", 333_333L));
        try (Stream<String> examples = Files.lines(run.resolve("examples.jsonl"))) {
            // ten of each kind, and of the finer ones that there were at first
            assertThat(examples).hasSizeBetween(30, 230);
        }
        assertThat(Files.size(run.resolve("report.html"))).isLessThan(2_000_000);
        assertThat(Files.size(run.resolve("instances.jsonl"))).isLessThan(100_000_000);
    }

    private static void failing(RunRecorder recorder, int number) {
        InstanceInfo instance = SyntheticRun.instance(number);
        String error = switch (number % 3) {
            case 0 ->
                "'127.0.0.1:%d' could not be connected to within %d s; attempt %s"
                        .formatted(
                                1_024 + number % 60_000, number % 90, UUID.nameUUIDFromBytes(new byte[] {(byte) number
                                }));
            case 1 ->
                "create_cart: the answer was 503: cart cart_%08x is locked for %d ms".formatted(number, number % 977);
            default -> "$.total was %d.%02d but expected: equals %d".formatted(number, number % 100, number + 1);
        };
        recorder.instanceStarted(instance);
        recorder.stepFinished(SyntheticRun.result(
                instance, STEPS.get(1), false, SyntheticRun.exchange(503, 1_000, Content.EMPTY), List.of(error)));
        recorder.instanceFinished(SyntheticRun.failed(instance, 1, "create_cart", error));
    }

    private static void call(RunRecorder recorder, int from, int instances) throws InterruptedException {
        call(from, instances, number -> instance(recorder, number));
    }

    private static void call(int from, int instances, IntConsumer one) throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int caller = 0; caller < CALLERS; caller++) {
                int first = from + caller;
                threads.execute(() -> {
                    for (int number = first; number < from + instances; number += CALLERS) {
                        one.accept(number);
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
