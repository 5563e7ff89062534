package io.turbulence.core.internal.result.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.RunRecorder;
import io.turbulence.core.internal.result.SyntheticRun;
import io.turbulence.core.internal.result.figures.RunEnd;
import io.turbulence.core.internal.result.figures.TimelinePoint;
import io.turbulence.core.internal.result.files.RecorderOptions;
import io.turbulence.core.internal.result.json.JsonView;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportWriterTest {

    private static final List<StepInfo> STEPS = SyntheticRun.steps();
    private static final int MOST = 2_000_000;

    @TempDir
    private Path runs;

    @Test
    void isWrittenAtTheEndOfARun() throws Exception {
        String report = Files.readString(run(20).resolve("report.html"));

        assertThat(report)
                .startsWith("<!DOCTYPE html>")
                .contains("<title>Turbulence: checkout</title>")
                .contains("✗ a threshold does not hold")
                .contains("<code>pass_rate &gt;= 99%</code>")
                .contains("✗ does not hold")
                .contains("95%")
                .contains("instance 3 · checkout")
                .contains("&#39;create_cart&#39;: &lt;b&gt;503&lt;/b&gt;")
                .contains("turbulence replay " + runs.resolve("run") + " 20261120-100000-7f3a-3")
                .contains("checkout.yaml:18")
                .contains("sha256 ab12")
                .doesNotContain("<b>503")
                .doesNotContain("s3cr3t-value");
    }

    @Test
    void needsNoNetwork() throws Exception {
        String report = Files.readString(run(1).resolve("report.html"));
        int chart = report.indexOf("Chart.js v4.5.1");

        assertThat(chart).as("the chart library is inside").isPositive();
        assertThat(report).doesNotContain("src=\"http", "href=\"http", "@import", "sourceMappingURL");
    }

    @Test
    void isTheSameWhenItIsMadeAgain() throws Exception {
        Path folder = run(20);
        String first = Files.readString(folder.resolve("report.html"));
        Files.delete(folder.resolve("report.html"));
        Files.delete(folder.resolve("steps.jsonl"));

        assertThat(ReportWriter.write(folder)).isEqualTo(folder.resolve("report.html"));
        assertThat(Files.readString(folder.resolve("report.html"))).isEqualTo(first);
    }

    @Test
    void saysThatThereIsNoRun() throws Exception {
        Path folder = run(1);
        Files.delete(folder.resolve("manifest.json"));

        assertThatThrownBy(() -> ReportWriter.write(folder))
                .isInstanceOf(IOException.class)
                .hasMessage("'" + folder + "' holds no run: there is no 'manifest.json'.");
    }

    @Nested
    class Sizes {

        @Test
        void stayBelowTwoMegabytesForALongRun() throws Exception {
            Path folder = run(20);
            String line = Files.readAllLines(folder.resolve("timeline.jsonl")).getFirst();
            try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("timeline.jsonl"))) {
                for (int second = 1; second <= 20_000; second++) {
                    out.write(line.replaceFirst("\"t\":[0-9.]+", "\"t\":" + second));
                    out.newLine();
                }
            }

            assertThat(Files.size(ReportWriter.write(folder))).isLessThan(MOST);
            assertThat(ReportData.read(folder).timeline()).hasSizeBetween(600, 1_200);
        }

        @Test
        void stayBelowTwoMegabytesForLongExamples() throws Exception {
            Path folder = run(20);
            String line = Files.readAllLines(folder.resolve("examples.jsonl")).getFirst();
            String payload = JsonCodec.INSTANCE.writeText("<payload>".repeat(8_000));
            try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("examples.jsonl"))) {
                for (int example = 0; example < 100; example++) {
                    out.write(line.replaceAll("\"payload\":(\\{[^}]*}|null)", "\"payload\":" + payload));
                    out.newLine();
                }
            }

            assertThat(Files.size(ReportWriter.write(folder))).isLessThan(MOST);
        }
    }

    @Nested
    class Curves {

        @Test
        void drawNeighboursTogetherWhenThereAreMany() {
            TimelinePoint.Collector collector = new TimelinePoint.Collector();
            for (int second = 1; second <= 1_200; second++) {
                collector.add(new JsonView(Map.of(
                        "t",
                        second,
                        "rate_per_s",
                        second % 2 == 0 ? 10 : 30,
                        "failed",
                        second,
                        "running",
                        second % 2,
                        "actions",
                        10,
                        "failed_actions",
                        2,
                        "latency_ms",
                        Map.of("p50", second % 2 == 0 ? 10 : 30, "p95", 50, "p99", second % 2 == 0 ? 60 : 90))));
            }
            List<TimelinePoint> points = collector.points();

            assertThat(points).hasSize(600);
            TimelinePoint point = points.get(10);
            assertThat(point.seconds()).isEqualTo(22);
            assertThat(point.rate()).isEqualTo(20);
            assertThat(point.failedPerSecond()).isEqualTo(1);
            assertThat(point.failedActionsPerSecond()).isEqualTo(2);
            assertThat(point.running()).isEqualTo(1);
            assertThat(point.p50()).isEqualTo(20);
            assertThat(point.p99()).isEqualTo(90);
        }
    }

    private Path run(int instances) throws IOException {
        Path folder = runs.resolve("run");
        RunRecorder recorder = RunRecorder.open(
                SyntheticRun.info((long) instances, 5, List.of("s3cr3t-value")),
                RecorderOptions.quiet()
                        .withFolder(folder)
                        .withThresholds(List.of(Threshold.parse("pass_rate >= 99%", SyntheticRun.names()))),
                () -> Map.of("api", SyntheticRun.pool(2, 1)));
        for (int i = 0; i < instances; i++) {
            instance(recorder, SyntheticRun.instance(i));
        }
        recorder.finish(RunEnd.normal(SyntheticRun.START.plusSeconds(4)));
        return folder;
    }

    private static void instance(RunRecorder recorder, InstanceInfo instance) {
        recorder.instanceStarted(instance);
        recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(0), 3_000_000, "{\"echo\":\"s3cr3t-value\"}"));
        @Nullable String error = instance.number() % 20 == 3 ? "'create_cart': <b>503</b> is no success" : null;
        if (error == null) {
            recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(1), 5_000_000, "{}"));
            recorder.instanceFinished(SyntheticRun.passed(instance, 2));
            return;
        }
        recorder.stepFinished(SyntheticRun.result(
                instance,
                STEPS.get(1),
                false,
                SyntheticRun.exchange(503, 4_000_000, SyntheticRun.json("{\"error\":\"</script><b>503\"}")),
                List.of(error)));
        recorder.instanceFinished(SyntheticRun.failed(instance, 2, "create_cart", error));
    }
}
