package io.turbulence.core.internal.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.turbulence.api.Failure;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.check.ThresholdResult;
import io.turbulence.core.internal.engine.event.AssertionResult;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceInfo.Phase;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.InstanceResult.Status;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.observation.Exchange;
import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.result.console.SummaryView;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.figures.RunEnd;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.files.LatestLink;
import io.turbulence.core.internal.result.files.RecordPolicy;
import io.turbulence.core.internal.result.files.RecorderOptions;
import io.turbulence.core.internal.result.text.Style;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class RunRecorderTest {

    private static final List<StepInfo> STEPS = SyntheticRun.steps();

    @TempDir
    private Path runs;

    @Nested
    class Lines {

        @Test
        void ofAStepHaveTheNamesOfTheContract() throws Exception {
            StepResult result = new StepResult(
                    SyntheticRun.instance(3),
                    STEPS.get(1),
                    "flow[1]#17",
                    SyntheticRun.START,
                    false,
                    true,
                    Map.of("cart_id", 12),
                    SyntheticRun.exchange(201, 12_345_678, SyntheticRun.json("{\"id\":9007199254740993}")),
                    List.of(),
                    List.of());

            Map<String, @Nullable Object> line = recorded(result).getFirst();

            assertThat(line)
                    .containsOnlyKeys(
                            "run_id",
                            "scenario",
                            "instance",
                            "instance_id",
                            "correlation_id",
                            "step",
                            "path",
                            "type",
                            "service",
                            "started_at",
                            "skipped",
                            "warm_up",
                            "extracted",
                            "ok",
                            "transport",
                            "latency_ms",
                            "scheduled_latency_ms",
                            "pool_wait_ms",
                            "connect_ms",
                            "first_byte_ms",
                            "metadata",
                            "payload",
                            "errors",
                            "failure",
                            "status",
                            "attempts");
            assertThat(line)
                    .containsEntry("run_id", "20261120-100000-7f3a")
                    .containsEntry("scenario", "checkout")
                    .containsEntry("instance", 3)
                    .containsEntry("instance_id", "20261120-100000-7f3a-3")
                    .containsEntry("correlation_id", "corr-3")
                    .containsEntry("step", "create_cart")
                    .containsEntry("path", "flow[1]#17")
                    .containsEntry("type", "http")
                    .containsEntry("service", "api")
                    .containsEntry("started_at", "2026-11-20T10:00:00.000Z")
                    .containsEntry("skipped", false)
                    .containsEntry("warm_up", false)
                    .containsEntry("extracted", Map.of("cart_id", 12))
                    .containsEntry("ok", true)
                    .containsEntry("transport", "http")
                    .containsEntry("latency_ms", 12.345)
                    .containsEntry("scheduled_latency_ms", 12.385)
                    .containsEntry("pool_wait_ms", 0.012)
                    .containsEntry("connect_ms", null)
                    .containsEntry("payload", Map.of("id", 9007199254740993L))
                    .containsEntry("errors", List.of())
                    .containsEntry("failure", null)
                    .containsEntry("attempts", List.of());
        }

        @Test
        void ofAStreamHaveItsMessages() throws Exception {
            Exchange exchange = new Exchange(
                    "ws",
                    new Outcome.Completed(true, "OK"),
                    5_000_000,
                    5_000_000,
                    0,
                    1_500_000,
                    -1,
                    Metadata.empty(),
                    Content.ofTree("last"),
                    new Exchange.Messages(
                            List.of(new Exchange.Message(
                                    1_000_000, Metadata.of("seq", 1), Content.ofTree(Map.of("n", 1)))),
                            7),
                    List.of(new Exchange.Attempt(
                            1, false, 1_795_168_800_000L, 2_000_000, null, Failure.TIMEOUT, "no answer within 2 s")));

            Map<String, @Nullable Object> line = recorded(
                            SyntheticRun.result(SyntheticRun.instance(0), STEPS.get(0), true, exchange, List.of()))
                    .getFirst();

            assertThat(line)
                    .containsEntry("connect_ms", 1.5)
                    .containsEntry("payload", "last")
                    .containsEntry(
                            "payloads",
                            List.of(Map.of("at_ms", 1.0, "metadata", Map.of("seq", 1), "payload", Map.of("n", 1))))
                    .containsEntry("payloads_total", 7);
            Map<String, @Nullable Object> attempt = new LinkedHashMap<>();
            attempt.put("number", 1);
            attempt.put("ok", false);
            attempt.put("started_at", "2026-11-20T10:00:00.000Z");
            attempt.put("latency_ms", 2.0);
            attempt.put("status", null);
            attempt.put("failure", "TIMEOUT");
            attempt.put("message", "no answer within 2 s");
            assertThat(line).containsEntry("attempts", List.of(attempt));
        }

        @Test
        void ofASkippedStepHaveNoTimes() throws Exception {
            Map<String, @Nullable Object> line = recorded(SyntheticRun.skipped(SyntheticRun.instance(0), STEPS.get(3)))
                    .getFirst();

            assertThat(line)
                    .containsEntry("skipped", true)
                    .containsEntry("latency_ms", null)
                    .containsEntry("metadata", Map.of())
                    .containsEntry("payload", null);
        }

        @Test
        void cutPayloadsThatAreTooLong() throws Exception {
            Content content = Content.ofTree(Map.of("text", "x".repeat(100_000)));
            StepResult result = SyntheticRun.result(
                    SyntheticRun.instance(0), STEPS.get(0), true, SyntheticRun.exchange(200, 1, content), List.of());

            Map<String, @Nullable Object> line = recorded(result).getFirst();

            assertThat(line).containsEntry("truncated", true);
            String text = Objects.requireNonNull(
                    (String) ((Map<?, ?>) Objects.requireNonNull(line.get("payload"))).get("text"));
            assertThat(text).hasSizeLessThan(66_000).endsWith(" more characters)");
        }

        @Test
        void holdBytesAsBase64() throws Exception {
            Content content = Content.of(Payload.bytes(new byte[] {0, 1, 2, 3}, "application/octet-stream"));
            StepResult result = SyntheticRun.result(
                    SyntheticRun.instance(0), STEPS.get(0), true, SyntheticRun.exchange(200, 1, content), List.of());

            assertThat(recorded(result).getFirst())
                    .containsEntry("payload", "AAECAw==")
                    .containsEntry("payload_encoding", "base64");
        }

        @Test
        void ofInstancesAndAssertionsHaveTheNamesOfTheContract() throws Exception {
            InstanceInfo instance = SyntheticRun.instance(5);
            RunRecorder recorder = open(RecorderOptions.quiet());
            recorder.instanceStarted(instance);
            recorder.assertionChecked(SyntheticRun.failedAssertion(instance, STEPS.get(6), "'status_ok': no"));
            recorder.instanceFinished(SyntheticRun.failed(instance, 4, "status_ok", "'status_ok': no"));
            recorder.finish(RunEnd.normal(SyntheticRun.START));

            Map<String, @Nullable Object> line =
                    lines(recorder, "instances.jsonl").getFirst();
            assertThat(line)
                    .containsEntry("scenario", "checkout")
                    .containsEntry("instance", 5)
                    .containsEntry("instance_id", "20261120-100000-7f3a-5")
                    .containsEntry("correlation_id", "corr-5")
                    .containsEntry("ok", false)
                    .containsEntry("started_at", "2026-11-20T10:00:00.000Z")
                    .containsEntry("duration_ms", 31.0)
                    .containsEntry("steps", 4)
                    .containsEntry("failed_step", "status_ok")
                    .containsEntry("error", "'status_ok': no");
            assertThat(lines(recorder, "assertions.jsonl").getFirst())
                    .containsEntry("scenario", "checkout")
                    .containsEntry("instance", 5)
                    .containsEntry("instance_id", "20261120-100000-7f3a-5")
                    .containsEntry("step", "status_ok")
                    .containsEntry("path", "assertions[0]")
                    .containsEntry("ok", false)
                    .containsEntry("subject", "$.status")
                    .containsEntry("expected", "\"confirmed\"")
                    .containsEntry("actual", "\"pending\"")
                    .containsEntry("message", "'status_ok': no")
                    .containsEntry("file", "checkout.yaml")
                    .containsEntry("line", 60);
        }

        @Test
        void comeFasterThanTheDiskTakesThem() throws Exception {
            RunRecorder recorder = open(RecorderOptions.quiet().withPolicy(RecordPolicy.ALL));
            String payload = "\"" + "x".repeat(60_000) + "\"";
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 2_000; i++) {
                    InstanceInfo instance = SyntheticRun.instance(i);
                    threads.execute(() -> {
                        recorder.instanceStarted(instance);
                        recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(0), 1_000_000, payload));
                        recorder.instanceFinished(SyntheticRun.passed(instance, 1));
                    });
                }
            }
            recorder.finish(RunEnd.normal(SyntheticRun.START));

            assertThat(Files.size(recorder.folder().resolve("steps.jsonl"))).isGreaterThan(2_000 * 60_000L);
            assertThat(lines(recorder, "instances.jsonl")).hasSize(2_000);
        }

        @Test
        void reachTheFileWhileTheRunGoesOn() throws Exception {
            RunRecorder recorder = open(RecorderOptions.quiet());
            InstanceInfo instance = SyntheticRun.instance(0);
            recorder.instanceStarted(instance);
            recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(0), 1_000_000, "{}"));

            Awaitility.await()
                    .atMost(10, TimeUnit.SECONDS)
                    .pollInterval(10, TimeUnit.MILLISECONDS)
                    .until(() -> Files.size(recorder.folder().resolve("steps.jsonl")) > 0);
            recorder.close();
        }

        private List<Map<String, @Nullable Object>> recorded(StepResult result) throws IOException {
            RunRecorder recorder = open(RecorderOptions.quiet());
            recorder.instanceStarted(result.instance());
            recorder.stepFinished(result);
            recorder.instanceFinished(SyntheticRun.passed(result.instance(), 1));
            recorder.finish(RunEnd.normal(SyntheticRun.START));
            return lines(recorder, "steps.jsonl");
        }
    }

    @Nested
    class Secrets {

        @Test
        void areInNoFile() throws Exception {
            String secret = "s3cr3t-value";
            String token = "tok-of-instance-0";
            InstanceInfo instance = SyntheticRun.instance(0);
            Content content = Content.ofTree(Map.of(
                    "echo",
                    "you sent s3cr3t-value",
                    "tok-of-instance-0",
                    List.of("deep " + token),
                    "password",
                    "hunter2xyz"));
            Exchange exchange = SyntheticRun.exchange(500, 1_000_000, content);
            String error = "'a': s3cr3t-value and tok-of-instance-0 at http://x/?api_key=hunter2xyz";
            RunRecorder recorder = open(RecorderOptions.quiet(), List.of(secret));
            recorder.instanceStarted(instance);
            recorder.assertionChecked(new AssertionResult(
                    instance,
                    "a",
                    "flow[0]",
                    false,
                    "$.password",
                    "\"hunter2xyz\"",
                    "\"hunter3xyz\"",
                    "'a': '$.password' was \"hunter3xyz\"; expected \"hunter2xyz\"",
                    "f.yaml",
                    3,
                    List.of(token)));
            recorder.stepFinished(new StepResult(
                    instance,
                    STEPS.get(0),
                    "flow[0]",
                    SyntheticRun.START,
                    false,
                    false,
                    Map.of("access_token", "hunter2xyz", "plain", token),
                    exchange,
                    List.of(error),
                    List.of(token)));
            recorder.instanceFinished(
                    new InstanceResult(instance, Status.FAILED, SyntheticRun.START, 1, 1, "a", error, List.of(token)));
            recorder.finish(RunEnd.normal(SyntheticRun.START));

            try (Stream<Path> files = Files.list(recorder.folder())) {
                for (Path file : files.toList()) {
                    assertThat(Files.readString(file))
                            .as(file.getFileName().toString())
                            .doesNotContain(secret, token, "hunter2xyz", "hunter3xyz", "8f7e6d5c4b");
                }
            }
            assertThat(lines(recorder, "steps.jsonl").getFirst())
                    .containsEntry("errors", List.of("'a': *** and *** at http://x/?api_key=***"));
        }
    }

    @Nested
    class Policies {

        @Test
        void allKeepsEverything() throws Exception {
            RunRecorder recorder = run(RecorderOptions.quiet().withPolicy(RecordPolicy.ALL), 10_100, number -> false);

            assertThat(lines(recorder, "instances.jsonl")).hasSize(10_100);
            assertThat(lines(recorder, "steps.jsonl")).hasSize(10_100);
        }

        @Test
        void theDefaultKeepsTenThousandWholeAndThenFailures() throws Exception {
            RunRecorder recorder = run(RecorderOptions.quiet(), 10_100, number -> number >= 10_080);

            assertThat(lines(recorder, "instances.jsonl")).hasSize(10_020);
            assertThat(lines(recorder, "steps.jsonl")).hasSize(10_010);
            assertThat(lines(recorder, "examples.jsonl")).hasSize(10);
        }

        @Test
        void failuresKeepsTenOfAKindWhole() throws Exception {
            RunRecorder recorder =
                    run(RecorderOptions.quiet().withPolicy(RecordPolicy.FAILURES), 100, number -> number % 2 == 0);

            assertThat(lines(recorder, "instances.jsonl")).hasSize(50);
            assertThat(lines(recorder, "steps.jsonl")).hasSize(10);
        }

        @Test
        void noneKeepsNoLine() throws Exception {
            RunRecorder recorder =
                    run(RecorderOptions.quiet().withPolicy(RecordPolicy.NONE), 100, number -> number % 2 == 0);

            assertThat(lines(recorder, "instances.jsonl")).isEmpty();
            assertThat(lines(recorder, "steps.jsonl")).isEmpty();
            assertThat(lines(recorder, "examples.jsonl")).isEmpty();
            assertThat(summary(recorder))
                    .extracting("instances")
                    .extracting("failed")
                    .isEqualTo(50);
        }

        private RunRecorder run(RecorderOptions options, int instances, LongPredicate fails) throws IOException {
            RunRecorder recorder = open(options);
            for (int i = 0; i < instances; i++) {
                InstanceInfo instance = SyntheticRun.instance(i);
                recorder.instanceStarted(instance);
                if (fails.test(i)) {
                    String error = "'a' failed after " + i + " ms";
                    recorder.stepFinished(SyntheticRun.result(
                            instance,
                            STEPS.get(0),
                            false,
                            SyntheticRun.exchange(500, 1, Content.EMPTY),
                            List.of(error)));
                    recorder.instanceFinished(SyntheticRun.failed(instance, 1, "list_catalogue", error));
                } else {
                    recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(0), 1_000, "{}"));
                    recorder.instanceFinished(SyntheticRun.passed(instance, 1));
                }
            }
            recorder.finish(RunEnd.normal(SyntheticRun.START));
            return recorder;
        }
    }

    @Nested
    class Summaries {

        @Test
        void countAndTimeWhatManyThreadsTell() throws Exception {
            RunRecorder recorder = open(RecorderOptions.quiet());
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 2_000; i++) {
                    InstanceInfo instance = SyntheticRun.instance(i);
                    long latency = (i + 1) * 1_000_000L;
                    threads.execute(() -> {
                        recorder.instanceStarted(instance);
                        recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(0), latency, "{}"));
                        recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(5), 9_000_000_000L, "{}"));
                        recorder.stepFinished(SyntheticRun.skipped(instance, STEPS.get(3)));
                        recorder.instanceFinished(SyntheticRun.passed(instance, 2));
                    });
                }
            }
            RunSummary summary = recorder.finish(RunEnd.normal(SyntheticRun.START));

            assertThat(summary.instances()).isEqualTo(new RunSummary.Instances(2_000, 2_000, 0, 0));
            assertThat(summary.passRate()).isEqualTo(1);
            assertThat(summary.exitCode()).isEqualTo(ExitCode.GOOD);
            RunSummary.Step step = summary.steps().getFirst();
            assertThat(step.count()).isEqualTo(2_000);
            assertThat(step.ok()).isEqualTo(2_000);
            assertThat(step.latency().p50()).isCloseTo(1_000, within(1.1));
            assertThat(step.latency().p99()).isCloseTo(1_980, within(2.1));
            assertThat(step.latency().max()).isCloseTo(2_000, within(2.1));
            assertThat(step.scheduledLatency().count()).isEqualTo(2_000);
            assertThat(step.poolWait().p50()).isCloseTo(0.012, within(0.001));
            assertThat(summary.steps().get(3).skipped()).isEqualTo(2_000);
            assertThat(summary.steps().get(3).count()).isZero();
            assertThat(summary.latency().count())
                    .as("action steps only, none that polls")
                    .isEqualTo(2_000);
            assertThat(summary.latency().max()).isLessThan(2_100);
        }

        @Test
        void leaveTheWarmUpOut() throws Exception {
            RunRecorder recorder = open(RecorderOptions.quiet());
            InstanceInfo cold = new InstanceInfo("checkout", 0, "cold", "c", true, Phase.INSTANCE);
            recorder.instanceStarted(cold);
            recorder.stepFinished(SyntheticRun.result(
                    cold, STEPS.get(0), false, SyntheticRun.exchange(500, 1, Content.EMPTY), List.of("cold")));
            recorder.instanceFinished(SyntheticRun.failed(cold, 1, "list_catalogue", "cold"));
            InstanceInfo warm = SyntheticRun.instance(1);
            recorder.instanceStarted(warm);
            recorder.stepFinished(SyntheticRun.ok(warm, STEPS.get(0), 1_000_000, "{}"));
            recorder.instanceFinished(SyntheticRun.passed(warm, 1));
            RunSummary summary = recorder.finish(RunEnd.normal(SyntheticRun.START));

            assertThat(summary.instances()).isEqualTo(new RunSummary.Instances(1, 1, 0, 0));
            assertThat(summary.warmUpInstances()).isEqualTo(1);
            assertThat(summary.steps().getFirst().count()).isEqualTo(1);
            assertThat(summary.errors()).isEmpty();
            assertThat(summary.exitCode()).isEqualTo(ExitCode.GOOD);
            assertThat(lines(recorder, "steps.jsonl"))
                    .extracting(line -> line.get("warm_up"))
                    .containsExactly(true, false);
        }

        @Test
        void leaveTheRunsOwnStepsOut() throws Exception {
            RunRecorder recorder = open(RecorderOptions.quiet());
            InstanceInfo before = new InstanceInfo("checkout", -1, "before", "c", false, Phase.BEFORE_RUN);
            recorder.instanceStarted(before);
            recorder.stepFinished(SyntheticRun.ok(before, STEPS.get(0), 1_000_000, "{}"));
            recorder.instanceFinished(SyntheticRun.passed(before, 1));
            RunSummary summary = recorder.finish(RunEnd.normal(SyntheticRun.START));

            assertThat(summary.instances().total()).isZero();
            assertThat(summary.steps().getFirst().count()).isZero();
            assertThat(lines(recorder, "steps.jsonl").getFirst()).containsEntry("phase", "BEFORE_RUN");
        }

        @Test
        void countAFailureOfAStepInsideAnotherOnce() throws Exception {
            RunRecorder recorder = open(RecorderOptions.quiet());
            InstanceInfo instance = SyntheticRun.instance(0);
            recorder.instanceStarted(instance);
            recorder.stepFinished(SyntheticRun.result(
                    instance, STEPS.get(3), false, SyntheticRun.exchange(500, 1, Content.EMPTY), List.of("inner")));
            recorder.stepFinished(SyntheticRun.result(
                    instance,
                    STEPS.get(2),
                    false,
                    SyntheticRun.exchange(500, 1, Content.EMPTY),
                    List.of("a step failed")));
            recorder.instanceFinished(SyntheticRun.failed(instance, 2, "add_discount", "inner"));

            assertThat(recorder.finish(RunEnd.normal(SyntheticRun.START)).errors())
                    .extracting(RunSummary.ErrorKind::signature)
                    .containsExactly("inner");
        }

        @Test
        void countAnInstanceThatFailedOutsideOfItsSteps() throws Exception {
            RunRecorder recorder = open(RecorderOptions.quiet());
            InstanceInfo instance = SyntheticRun.instance(0);
            recorder.instanceStarted(instance);
            recorder.instanceFinished(new InstanceResult(
                    instance,
                    Status.FAILED,
                    SyntheticRun.START,
                    1,
                    100,
                    null,
                    "more than 100 steps (max_steps)",
                    List.of()));

            RunSummary summary = recorder.finish(RunEnd.normal(SyntheticRun.START));

            assertThat(summary.errors().getFirst().step()).isNull();
            assertThat(summary.errors().getFirst().message()).isEqualTo("more than 100 steps (max_steps)");
            assertThat(summary.exitCode()).isEqualTo(ExitCode.INSTANCES_FAILED);
        }

        @Test
        void areWrittenWithTheNamesOfTheContract() throws Exception {
            RunRecorder recorder = open(RecorderOptions.quiet()
                    .withThresholds(List.of(Threshold.parse("pass_rate >= 99%", SyntheticRun.names()))));
            InstanceInfo instance = SyntheticRun.instance(0);
            recorder.instanceStarted(instance);
            recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(0), 1_000_000, "{}"));
            recorder.stepFinished(SyntheticRun.result(
                    instance,
                    STEPS.get(1),
                    false,
                    SyntheticRun.exchange(500, 1, Content.EMPTY),
                    List.of("status 500")));
            recorder.instanceFinished(SyntheticRun.failed(instance, 2, "create_cart", "status 500"));
            recorder.finish(RunEnd.normal(SyntheticRun.START.plusSeconds(3)));

            Map<String, @Nullable Object> summary = summary(recorder);
            assertThat(summary)
                    .containsEntry("run_id", "20261120-100000-7f3a")
                    .containsEntry("seed", 42)
                    .containsEntry("started_at", "2026-11-20T10:00:00.000Z")
                    .containsEntry("duration_ms", 3000)
                    .containsEntry("valid", "valid")
                    .containsEntry("validity_reasons", List.of())
                    .containsEntry("instances", Map.of("total", 1, "passed", 0, "failed", 1, "aborted", 0))
                    .containsEntry("pass_rate", 0.0)
                    .containsKey("rate_per_s")
                    .containsEntry(
                            "thresholds",
                            List.of(Map.of("expression", "pass_rate >= 99%", "holds", false, "actual", 0.0)));
            assertThat(summary)
                    .extracting("steps")
                    .extracting("checkout")
                    .extracting("create_cart")
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry("count", 1)
                    .containsEntry("ok", 0)
                    .containsEntry("failed", 1)
                    .containsEntry("skipped", 0)
                    .containsKeys("latency_ms", "scheduled_latency_ms", "pool_wait_ms");
            assertThat(summary)
                    .extracting("steps")
                    .extracting("checkout")
                    .extracting("create_cart")
                    .extracting("latency_ms")
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsOnlyKeys("min", "mean", "p50", "p90", "p95", "p99", "p999", "max");
            assertThat(summary)
                    .extracting("errors")
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .first()
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry("signature", "status 500")
                    .containsEntry("count", 1)
                    .containsEntry("step", "create_cart")
                    .containsEntry("example_instance", "20261120-100000-7f3a-0");
            assertThat(summary)
                    .extracting("pools")
                    .extracting("api")
                    .asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsKeys(
                            "opened",
                            "closed",
                            "open_failed",
                            "leases",
                            "reused",
                            "reuse_rate",
                            "error_rate",
                            "idle",
                            "in_use_max",
                            "waiting_max",
                            "wait_ms",
                            "evicted",
                            "leaked",
                            "hosts")
                    .containsEntry("evicted", Map.of("idle", 0, "lifetime", 0, "unhealthy", 0, "over_limit", 0));
        }

        @Test
        void haveTheExitCodeThatWins() throws Exception {
            assertThat(exitCode(false, List.of())).isEqualTo(ExitCode.INSTANCES_FAILED);
            assertThat(exitCode(false, List.of("pass_rate >= 0%"))).isEqualTo(ExitCode.GOOD);
            assertThat(exitCode(false, List.of("error_count < 5"))).isEqualTo(ExitCode.GOOD);
            assertThat(exitCode(false, List.of("fail_count == 0"))).isEqualTo(ExitCode.THRESHOLD);
            assertThat(exitCode(false, List.of("max_latency_ms < 60s"))).isEqualTo(ExitCode.INSTANCES_FAILED);
            assertThat(exitCode(false, List.of("max_latency_ms < 0"))).isEqualTo(ExitCode.THRESHOLD);
            assertThat(exitCode(true, List.of("fail_count == 0"))).isEqualTo(ExitCode.INTERRUPTED);
        }

        @Test
        void sayThatArrivalsWereDropped() throws Exception {
            RunRecorder recorder = open(RecorderOptions.quiet());
            InstanceInfo instance = SyntheticRun.instance(0);
            recorder.arrived("checkout", false, 20_000_000);
            recorder.arrived("checkout", true, 900_000_000);
            recorder.arrivalDropped("checkout", false);
            recorder.arrivalDropped("checkout", true);
            recorder.instanceStarted(instance);
            recorder.instanceFinished(SyntheticRun.passed(instance, 0));
            RunSummary ended = recorder.finish(new RunEnd(
                    SyntheticRun.START, false, RunEnd.Validity.SUSPECT, List.of("It was foggy."), true, null));

            assertThat(ended.exitCode()).isEqualTo(ExitCode.NOT_VALID);
            assertThat(summary(recorder))
                    .containsEntry("valid", "invalid")
                    .containsEntry("dropped_arrivals", 1)
                    .extracting("schedule_lag_ms", "validity_reasons")
                    .containsExactly(
                            Map.of("p50", 20.015, "p99", 20.015, "max", 20.015),
                            List.of(
                                    "1 of 2 arrivals were dropped (50%), for as many instances as max_concurrency"
                                            + " allows had not ended: the load was lower than asked for, and whom it"
                                            + " spared is in no figure. Raise max_concurrency, or lower the rate.",
                                    "arrivals began late (p99 20.0 ms, at most 20.0 ms): latencies from the scheduled"
                                            + " start include that. Lower the rate, use more cores, or give it a warm_up.",
                                    "It was foggy."));
        }

        @Test
        void sayAllThatWasWrongAtAStep() throws Exception {
            RunRecorder recorder = open(RecorderOptions.quiet(), List.of("s3cr3t"));
            InstanceInfo instance = SyntheticRun.instance(0);
            List<String> wrong = List.of("status_code was 500", "$.n was s3cr3t", "$.m was 3");
            recorder.instanceStarted(instance);
            recorder.stepFinished(SyntheticRun.result(
                    instance,
                    STEPS.getFirst(),
                    false,
                    SyntheticRun.exchange(500, 1_000_000, SyntheticRun.json("{}")),
                    wrong));
            recorder.instanceFinished(SyntheticRun.failed(instance, 1, "list_catalogue", wrong.getFirst()));
            RunSummary ended = recorder.finish(RunEnd.normal(SyntheticRun.START));

            assertThat(summary(recorder))
                    .extractingByKey("errors", InstanceOfAssertFactories.LIST)
                    .first(InstanceOfAssertFactories.MAP)
                    .containsEntry("message", "status_code was 500")
                    .containsEntry("more", List.of("$.n was ***", "$.m was 3"));
            assertThat(Files.readString(recorder.folder().resolve("junit.xml")))
                    .contains("<failure message=\"status_code was 500 (and 2 more)\"")
                    .contains("status_code was 500\n$.n was ***\n$.m was 3\n\ninstance ");
            assertThat(String.join("\n", new SummaryView(new Style(false), 100).render(ended, false)))
                    .contains("""
                        1 × list_catalogue: status_code was 500
                              and $.n was ***
                              and $.m was 3
                              instance 20261120-100000-7f3a-0 at checkout.yaml:10
                        """);
        }

        private ExitCode exitCode(boolean interrupted, List<String> thresholds) throws IOException {
            List<Threshold> parsed = thresholds.stream()
                    .map(text -> Threshold.parse(text, SyntheticRun.names()))
                    .toList();
            RunRecorder recorder = open(RecorderOptions.quiet().withThresholds(parsed));
            InstanceInfo instance = SyntheticRun.instance(0);
            recorder.instanceStarted(instance);
            recorder.stepFinished(SyntheticRun.result(
                    instance, STEPS.get(0), false, SyntheticRun.exchange(500, 9_000, Content.EMPTY), List.of("no")));
            recorder.instanceFinished(SyntheticRun.failed(instance, 1, "list_catalogue", "no"));
            RunEnd end = new RunEnd(SyntheticRun.START, interrupted, RunEnd.Validity.VALID, List.of(), false, null);
            return recorder.finish(end).exitCode();
        }
    }

    @Nested
    class Folders {

        @Test
        void haveAManifestFromTheStart() throws Exception {
            RunRecorder recorder = open(RecorderOptions.quiet(), List.of("s3cr3t-value"));
            Map<String, @Nullable Object> atStart = json(recorder.folder().resolve("manifest.json"));
            recorder.finish(RunEnd.normal(SyntheticRun.START.plusSeconds(1)));
            Map<String, @Nullable Object> atEnd = json(recorder.folder().resolve("manifest.json"));

            assertThat(atStart)
                    .containsEntry("run_id", "20261120-100000-7f3a")
                    .containsEntry("seed", 42)
                    .containsEntry("started_at", "2026-11-20T10:00:00.000Z")
                    .containsEntry("ended_at", null)
                    .containsEntry("turbulence_version", "0.1.0")
                    .containsKey("java_version")
                    .containsEntry("plugins", Map.of("http", "0.1.0"))
                    .containsEntry("system", "examples/quickstart/system.yaml")
                    .containsEntry("profile", "local")
                    .containsEntry("flags", List.of("-n", "200", "--var", "API_TOKEN=***"))
                    .containsEntry("exit_code", null)
                    .containsEntry("interrupted", false);
            assertThat(atStart)
                    .extracting("scenarios")
                    .asInstanceOf(InstanceOfAssertFactories.LIST)
                    .containsExactly(
                            Map.of("id", "checkout", "file", "examples/quickstart/checkout.yaml", "sha256", "ab12"));
            assertThat(atEnd)
                    .containsEntry("ended_at", "2026-11-20T10:00:01.000Z")
                    .containsEntry("exit_code", 0);
        }

        @Test
        void areLinkedAsLatest() throws Exception {
            RunRecorder first = RunRecorder.open(
                    SyntheticRun.info(1L, 1, List.of()),
                    RecorderOptions.quiet().withFolder(runs.resolve("a")),
                    Map::of);
            first.close();
            assertThat(LatestLink.follow(runs)).isEqualTo(runs.resolve("a").toRealPath());

            RunRecorder second = RunRecorder.open(
                    SyntheticRun.info(1L, 1, List.of()),
                    RecorderOptions.quiet().withFolder(runs.resolve("b")),
                    Map::of);
            second.close();
            assertThat(LatestLink.follow(runs)).isEqualTo(runs.resolve("b").toRealPath());
        }

        @Test
        void areNamedWhenTheyCannotBeMade() throws Exception {
            Path file = Files.createFile(runs.resolve("file"));

            assertThatThrownBy(() -> RunRecorder.open(
                            SyntheticRun.info(1L, 1, List.of()),
                            RecorderOptions.quiet().withFolder(file),
                            Map::of))
                    .isInstanceOf(IOException.class)
                    .hasMessage("'" + file + "' cannot take the run's results: '" + file
                            + "' is a file, not a folder. Choose another folder with --output.");
        }

        @Test
        @EnabledOnOs(OS.LINUX)
        void sayThatTheFolderCannotBeMade() {
            assertThatThrownBy(() -> RunRecorder.open(
                            SyntheticRun.info(1L, 1, List.of()),
                            RecorderOptions.quiet().withFolder(Path.of("/proc/nope")),
                            Map::of))
                    .isInstanceOf(IOException.class)
                    .hasMessage("'/proc/nope' cannot take the run's results: '/proc/nope' cannot be made there."
                            + " Choose another folder with --output.");
        }

        @Test
        void stopTheRunWhenTheyAreFull() throws Exception {
            Path folder = Files.createDirectory(runs.resolve("full"));
            Files.createSymbolicLink(folder.resolve("steps.jsonl"), Path.of("/dev/full"));
            CountDownLatch stopped = new CountDownLatch(1);
            RunRecorder recorder = RunRecorder.open(
                    SyntheticRun.info(1L, 1, List.of()),
                    RecorderOptions.quiet().withFolder(folder).onBroken(stopped::countDown),
                    Map::of);
            InstanceInfo instance = SyntheticRun.instance(0);
            recorder.instanceStarted(instance);
            recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(0), 1_000_000, "{}"));

            assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
            recorder.instanceFinished(SyntheticRun.passed(instance, 1));
            RunSummary summary = recorder.finish(RunEnd.normal(SyntheticRun.START));

            assertThat(summary.exitCode()).isEqualTo(ExitCode.START);
            assertThat(summary.message())
                    .isEqualTo("Results are not whole: '" + folder.resolve("steps.jsonl")
                            + "' could not be written: No space left on device."
                            + " The run was stopped. Free space or choose another folder with --output.");
        }
    }

    @Nested
    class Thresholds {

        @Test
        void thatStopTheRunAreNamedInAllItsResults() throws Exception {
            CountDownLatch stopped = new CountDownLatch(1);
            Threshold threshold =
                    Threshold.parse("p99_latency_ms < 1", SyntheticRun.names()).aborting(Duration.ZERO);
            RunRecorder recorder = open(
                    RecorderOptions.quiet().withThresholds(List.of(threshold)).onAbort(reason -> stopped.countDown()));
            pass(recorder, 0);

            assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
            RunSummary summary = recorder.finish(RunEnd.normal(Instant.now()));
            Path folder = recorder.folder();
            String message = Objects.requireNonNull(summary.message());

            assertThat(message)
                    .matches(
                            "'p99_latency_ms < 1' does not hold \\(5 ms after [0-9.]+ s\\): the run was stopped, as the"
                                    + " threshold asks\\.");
            assertThat(summary(recorder)).containsEntry("message", message).containsEntry("interrupted", false);
            assertThat(json(folder.resolve("manifest.json"))).containsEntry("message", message);
            assertThat(Files.readString(folder.resolve("junit.xml")))
                    .contains("<testcase classname=\"run\" name=\"comes to its end\"")
                    .contains("<error message=\"'p99_latency_ms &lt; 1' does not hold (");
            assertThat(Files.readString(folder.resolve("report.html")))
                    .contains("✗ stopped by a threshold")
                    .contains(": the run was stopped, as the threshold asks.</p>");
            assertThat(new SummaryView(new Style(false), 200).render(summary, false))
                    .contains(message)
                    .last(InstanceOfAssertFactories.STRING)
                    .endsWith(", then the run was stopped");
        }

        @Test
        void canBeAskedForWhileTheRunGoesOn() throws Exception {
            RunRecorder recorder = open(RecorderOptions.quiet()
                    .withThresholds(List.of(Threshold.parse("pass_rate >= 99%", SyntheticRun.names()))));
            pass(recorder, 0);

            assertThat(recorder.thresholds()).extracting(ThresholdResult::holds).containsExactly(true);
            recorder.close();
        }

        @Test
        void stopTheRunWhereTheyAskForIt() throws Exception {
            AtomicReference<@Nullable String> reason = new AtomicReference<>();
            Threshold threshold =
                    Threshold.parse("p99_latency_ms < 1", SyntheticRun.names()).aborting(Duration.ZERO);
            RunRecorder recorder = open(
                    RecorderOptions.quiet().withThresholds(List.of(threshold)).onAbort(reason::set));
            pass(recorder, 0);

            Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> reason.get() != null);
            RunSummary summary = recorder.finish(RunEnd.normal(Instant.now()));

            assertThat(reason.get())
                    .startsWith("'p99_latency_ms < 1' does not hold (5 ms after ")
                    .endsWith(": the run is stopped, as the threshold asks.");
            assertThat(summary.exitCode()).isEqualTo(ExitCode.THRESHOLD);
        }

        @Test
        void lookAtARateThoughNothingEnds() throws Exception {
            AtomicReference<@Nullable String> reason = new AtomicReference<>();
            Threshold threshold =
                    Threshold.parse("rate_per_s > 5", SyntheticRun.names()).aborting(Duration.ZERO);
            RunRecorder recorder = open(
                    RecorderOptions.quiet().withThresholds(List.of(threshold)).onAbort(reason::set));
            recorder.instanceStarted(SyntheticRun.instance(0));

            Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> reason.get() != null);
            recorder.instanceFinished(SyntheticRun.aborted(SyntheticRun.instance(0)));
            RunSummary summary = recorder.finish(RunEnd.normal(Instant.now()));

            assertThat(reason.get()).startsWith("'rate_per_s > 5' does not hold (0 after ");
            assertThat(summary.thresholds().getFirst().actual()).hasValue(0);
            assertThat(summary.exitCode()).isEqualTo(ExitCode.THRESHOLD);
        }

        @Test
        void tellTheFigureOfTheWholeRunThatTheyStopped() throws Exception {
            CountDownLatch stopped = new CountDownLatch(1);
            RunRecorder recorder = open(RecorderOptions.quiet()
                    .withThresholds(List.of(Threshold.parse("error_count == 0", SyntheticRun.names())
                            .aborting(Duration.ZERO)))
                    .onAbort(reason -> stopped.countDown()));
            fail(recorder, 0);
            assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
            fail(recorder, 1);
            RunSummary summary = recorder.finish(RunEnd.normal(Instant.now()));

            assertThat(summary.thresholds().getFirst().actual()).hasValue(2);
        }

        @Test
        void doNotHoldWhereTheRunWasStoppedForThem() throws Exception {
            CountDownLatch stopped = new CountDownLatch(1);
            RunRecorder recorder = open(RecorderOptions.quiet()
                    .withThresholds(List.of(Threshold.parse("pass_rate >= 50%", SyntheticRun.names())
                            .aborting(Duration.ZERO)))
                    .onAbort(reason -> stopped.countDown()));
            fail(recorder, 0);
            assertThat(stopped.await(20, TimeUnit.SECONDS)).isTrue();
            pass(recorder, 1);
            pass(recorder, 2);
            ThresholdResult result =
                    recorder.finish(RunEnd.normal(Instant.now())).thresholds().getFirst();

            assertThat(result.holds()).isFalse();
            assertThat(result.actual()).hasValue(0);
        }

        private static void fail(RunRecorder recorder, long number) {
            InstanceInfo instance = SyntheticRun.instance(number);
            recorder.instanceStarted(instance);
            recorder.instanceFinished(SyntheticRun.failed(instance, 1, "list_catalogue", "no"));
        }

        private static void pass(RunRecorder recorder, long number) {
            InstanceInfo instance = SyntheticRun.instance(number);
            recorder.instanceStarted(instance);
            recorder.stepFinished(SyntheticRun.ok(instance, STEPS.get(0), 4_999_000, "{}"));
            recorder.instanceFinished(SyntheticRun.passed(instance, 1));
        }
    }

    private RunRecorder open(RecorderOptions options) throws IOException {
        return open(options, List.of());
    }

    private RunRecorder open(RecorderOptions options, List<String> secrets) throws IOException {
        RunInfo info = SyntheticRun.info(1L, 1, secrets);
        Path folder = Files.createTempDirectory(runs, "run");
        return RunRecorder.open(info, options.withFolder(folder), () -> Map.of("api", SyntheticRun.pool(1, 0)));
    }

    private static List<Map<String, @Nullable Object>> lines(RunRecorder recorder, String file) throws IOException {
        List<Map<String, @Nullable Object>> lines = new ArrayList<>();
        for (String line : Files.readAllLines(recorder.folder().resolve(file))) {
            lines.add(object(JsonCodec.INSTANCE.read(line)));
        }
        return lines;
    }

    private static Map<String, @Nullable Object> summary(RunRecorder recorder) throws IOException {
        return json(recorder.folder().resolve("summary.json"));
    }

    private static Map<String, @Nullable Object> json(Path file) throws IOException {
        return object(JsonCodec.INSTANCE.read(Files.readString(file)));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> object(@Nullable Object tree) {
        return (Map<String, @Nullable Object>) Objects.requireNonNull(tree);
    }
}
