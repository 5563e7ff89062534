package io.turbulence.core.internal.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.files.RecorderOptions;
import io.turbulence.core.internal.result.report.ReportWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledRunTest {

    private static final int INSTANCES = 500;

    @TempDir
    private Path folder;

    @Test
    void keepsWhatItWrote() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        folder.resolve("run").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output.txt").toFile())
                .start();
        Path instances = folder.resolve("run").resolve("instances.jsonl");
        try {
            Awaitility.await()
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() -> Files.exists(instances)
                            && Files.readAllLines(instances).size() == INSTANCES
                            && Files.readString(folder.resolve("run").resolve("timeline.jsonl"))
                                    .contains("\"passed\":490"));
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }

        List<String> steps = Files.readAllLines(folder.resolve("run").resolve("steps.jsonl"));
        assertThat(steps).hasSize(INSTANCES);
        assertThat(steps)
                .allSatisfy(line -> assertThat(JsonCodec.INSTANCE.read(line)).isInstanceOf(Map.class));
        Object manifest =
                JsonCodec.INSTANCE.read(Files.readString(folder.resolve("run").resolve("manifest.json")));
        assertThat(manifest).extracting("ended_at").isNull();
        assertThat(folder.resolve("run").resolve("summary.json")).doesNotExist();
        assertThat(Files.readString(ReportWriter.write(folder.resolve("run"))))
                .contains("<h1>checkout</h1>")
                .containsPattern("<div class=\"name\">instances per second</div><div class=\"figure\">[1-9]")
                .containsPattern("<div class=\"name\">latency p50</div><div class=\"figure\">1\\.0")
                .containsPattern("<h2 id=\"h-failures\">Failures</h2>(?s).*10 ×</span>.* was rejected")
                .contains("The run has no end: it was killed, or it still goes on. Its figures are those of"
                        + " the lines that were written; of its pools there is only how they stood at the ends of"
                        + " seconds, and thresholds were not judged.")
                .contains("<div class=\"name\">passed</div><div class=\"figure\">490 <small>of 500</small>");
    }

    /// A run that never ends.
    static final class Victim {

        private Victim() {}

        public static void main(String @Nullable [] arguments) throws IOException, InterruptedException {
            Path folder = Path.of(arguments == null ? "" : arguments[0]);
            RunRecorder recorder = RunRecorder.open(
                    SyntheticRun.info(1_000L, 1, List.of()),
                    RecorderOptions.quiet().withFolder(folder),
                    Map::of);
            for (int i = 0; i < INSTANCES; i++) {
                InstanceInfo instance = SyntheticRun.instance(i);
                recorder.instanceStarted(instance);
                boolean ok = i % 50 > 0;
                String error = "'list_catalogue': the order was rejected";
                recorder.stepFinished(SyntheticRun.result(
                        instance,
                        SyntheticRun.steps().getFirst(),
                        ok,
                        SyntheticRun.exchange(200, 1_000_000, SyntheticRun.json("{\"n\":" + i + "}")),
                        ok ? List.of() : List.of(error)));
                recorder.instanceFinished(
                        ok
                                ? SyntheticRun.passed(instance, 1)
                                : SyntheticRun.failed(instance, 1, "list_catalogue", error));
            }
            if (!new CountDownLatch(1).await(2, TimeUnit.MINUTES)) {
                recorder.close();
            }
        }
    }
}
