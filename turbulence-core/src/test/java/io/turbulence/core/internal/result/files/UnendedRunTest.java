package io.turbulence.core.internal.result.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.json.JsonView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnendedRunTest {

    private static final JsonView MANIFEST = new JsonView(
            Map.of("run_id", "20261121-100000-0001", "seed", 42L, "started_at", "2026-11-21T10:00:00.000Z"));

    @TempDir
    private Path folder;

    /// Ten a second from 10:00:02 on, after two seconds of warm-up; every fifth fails at its second step, which the
    /// others skip.
    private void write(int instances, int withLines) throws IOException {
        List<String> steps = new ArrayList<>();
        List<String> ended = new ArrayList<>();
        ended.add(instance(1_000_000_000, "00.500", true, true));
        steps.add(step(1_000_000_000, "a", true, true, false));
        for (int i = 0; i < withLines; i++) {
            String start = "%02d.%d00".formatted(2 + i / 10, i % 10);
            boolean ok = i % 5 > 0;
            steps.add(step(i, "a", false, true, false));
            steps.add(step(i, "b", false, ok, ok));
            ended.add(instance(i, start, false, ok));
        }
        Files.write(folder.resolve("steps.jsonl"), steps);
        Files.write(folder.resolve("instances.jsonl"), ended);
        // The last second is not told of
        Files.write(
                folder.resolve("timeline.jsonl"),
                IntStream.range(1, 2 + instances / 10)
                        .mapToObj(UnendedRunTest::second)
                        .toList());
    }

    private static String step(long number, String name, boolean warmUp, boolean ok, boolean skipped) {
        return """
            {"scenario":"s","instance":%d,"step":"%s","type":"http","service":"api","warm_up":%b,"ok":%b,"skipped":%b,\
            "latency_ms":%s,"scheduled_latency_ms":%s,"pool_wait_ms":%s,"first_byte_ms":%s}\
            """.formatted(
                        number,
                        name,
                        warmUp,
                        ok,
                        skipped,
                        skipped ? null : "4.0",
                        skipped ? null : "6.0",
                        skipped ? null : "1.0",
                        skipped ? null : "3.0");
    }

    private static String instance(long number, String start, boolean warmUp, boolean ok) {
        return """
            {"scenario":"s","instance":%d,"instance_id":"r-%d","ok":%b,"status":"%s","warm_up":%b,\
            "started_at":"2026-11-21T10:00:%sZ","duration_ms":100.0,"failed_step":%s,"error":%s}\
            """.formatted(
                number, number, ok, ok ? "passed" : "failed", warmUp, start, ok ? null : "\"b\"", ok ? null : "\"no\"");
    }

    private static String second(int t) {
        int measured = Math.max(0, t - 2);
        return """
            {"t":%d.0,"finished":%d,"passed":%d,"failed":%d,"dropped":%d,"steps":{%s},"pools":{"api":[%d,1,%d,%d]}}\
            """.formatted(
                        t,
                        1 + measured * 10,
                        measured * 8,
                        measured * 2,
                        measured,
                        measured == 0 ? "" : "\"s/a\":[10,0,4,4,4],\"s/b\":[2,2,4,4,4]",
                        t == 2 ? 7 : 3,
                        t == 2 ? 5 : 0,
                        t + 4);
    }

    private UnendedRun read() throws IOException {
        Histogram intervals = new Histogram(3);
        intervals.recordValueWithCount(4_000, 30);
        return UnendedRun.read(MANIFEST, folder, Map.of("s/a:latency", intervals));
    }

    private static JsonView of(JsonView summary, String path) {
        JsonView view = summary;
        for (String name : path.split("/")) {
            view = view.get(name);
        }
        return view;
    }

    @Test
    void takesAllFiguresFromTheLinesWhereEachStepHasOne() throws IOException {
        write(40, 40);

        UnendedRun run = read();
        JsonView summary = run.summary();

        assertThat(of(summary, "instances").value())
                .isEqualTo(Map.of("total", 40L, "passed", 32L, "failed", 8L, "aborted", 0L));
        assertThat(of(summary, "steps/s/a/count").count()).isEqualTo(40);
        assertThat(of(summary, "steps/s/b/count").count()).isEqualTo(8);
        assertThat(of(summary, "steps/s/b/failed").count()).isEqualTo(8);
        assertThat(of(summary, "steps/s/b/skipped").count()).isEqualTo(32);
        assertThat(summary.get("errors").at(0).get("count").count()).isEqualTo(8);
        assertThat(run.totals().get("s/a:latency"))
                .isNotNull()
                .extracting(Histogram::getTotalCount)
                .isEqualTo(40L);
        assertThat(of(summary, "latency_ms/p50").number()).isBetween(3.99, 4.01);
        assertThat(of(summary, "steps/s/a/scheduled_latency_ms/max").number()).isBetween(5.99, 6.01);
        assertThat(summary.get("message").text())
                .isEqualTo("The run has no end: it was killed, or it still goes on. Its figures are those of the lines"
                        + " that were written; of its pools there is only how they stood at the ends of seconds, and"
                        + " thresholds were not judged.");
    }

    @Test
    void takesAllFiguresFromTheSecondsWhereSomeStepsHaveNoLines() throws IOException {
        write(40, 25);

        UnendedRun run = read();
        JsonView summary = run.summary();

        assertThat(of(summary, "instances").value())
                .isEqualTo(Map.of("total", 30L, "passed", 24L, "failed", 6L, "aborted", 0L));
        assertThat(of(summary, "scenarios/s/instances").isNull()).isTrue();
        assertThat(of(summary, "steps/s/a/count").count()).isEqualTo(30);
        assertThat(of(summary, "steps/s/b/failed").count()).isEqualTo(6);
        assertThat(of(summary, "steps/s/b/skipped").isNull()).isTrue();
        assertThat(run.totals().get("s/a:latency"))
                .isNotNull()
                .extracting(Histogram::getTotalCount)
                .isEqualTo(30L);
        assertThat(of(summary, "rate_per_s").number()).isEqualTo(10);
        assertThat(summary.get("message").text())
                .isEqualTo("The run has no end: it was killed, or it still goes on. Its figures are those of its first"
                        + " 5.0 s, for not all steps have lines; failures are those of the lines; of its pools there is"
                        + " only how they stood at the ends of seconds, and thresholds were not judged.");
    }

    @Test
    void leavesTheWarmUpOutOfTheRate() throws IOException {
        write(40, 40);

        JsonView summary = read().summary();

        assertThat(summary.get("measured_ms").count()).isEqualTo(4_000);
        assertThat(summary.get("rate_per_s").number()).isEqualTo(10);
        assertThat(summary.get("duration_ms").count()).isEqualTo(6_000);
        assertThat(summary.get("warm_up_instances").count()).isEqualTo(1);
        assertThat(summary.get("dropped_arrivals").count()).isEqualTo(3);
    }

    @Test
    void tellsHowPoolsStood() throws IOException {
        write(40, 40);

        assertThat(of(read().summary(), "pools/api").value())
                .isEqualTo(Map.of("opened", 9L, "idle", 1L, "in_use_max", 7L, "waiting_max", 5L));
    }

    @Test
    void readsAHalfWrittenLastLine() throws IOException {
        write(40, 40);
        Path steps = folder.resolve("steps.jsonl");
        Files.writeString(steps, Files.readString(steps) + "{\"scenario\":\"s\",\"st");

        assertThat(of(read().summary(), "steps/s/a/count").count()).isEqualTo(40);
        assertThat(JsonCodec.INSTANCE.writeText(read().summary().value()))
                .contains("\"run_id\":\"20261121-100000-0001\"");
    }
}
