package io.turbulence.core.internal.result;

import io.turbulence.api.Failure;
import io.turbulence.api.Headers;
import io.turbulence.api.Metadata;
import io.turbulence.api.Outcome;
import io.turbulence.api.Payload;
import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.connection.WaitBuckets;
import io.turbulence.core.internal.engine.event.AssertionResult;
import io.turbulence.core.internal.engine.event.InstanceInfo;
import io.turbulence.core.internal.engine.event.InstanceInfo.Phase;
import io.turbulence.core.internal.engine.event.InstanceResult;
import io.turbulence.core.internal.engine.event.InstanceResult.Status;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.event.StepInfo.Kind;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.observation.Content;
import io.turbulence.core.internal.observation.Exchange;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes up what an engine would tell of a run.
public final class SyntheticRun {

    public static final Instant START = Instant.parse("2026-11-20T10:00:00Z");

    private SyntheticRun() {}

    static StepInfo step(int index, String name, String type, Kind kind, String place) {
        String service = kind == Kind.ACTION || kind == Kind.POLLING ? "api" : null;
        return new StepInfo(index, "checkout", name, type, kind, service, place, "checkout.yaml", 10 + index * 8);
    }

    public static List<StepInfo> steps() {
        return List.of(
                step(0, "list_catalogue", "http", Kind.ACTION, "flow[0]"),
                step(1, "create_cart", "http", Kind.ACTION, "flow[1]"),
                step(2, "is_member", "branch", Kind.CONTAINER, "flow[2]"),
                step(3, "add_discount", "http", Kind.ACTION, "flow[2].if_true[0]"),
                step(4, "create_order", "http", Kind.ACTION, "flow[3]"),
                step(5, "wait_for_confirmation", "wait", Kind.POLLING, "flow[4]"),
                step(6, "status_ok", "assert", Kind.LOCAL, "assertions[0]"));
    }

    public static RunInfo info(@Nullable Long instances, int concurrency, Collection<String> secrets) {
        return new RunInfo(
                "20261120-100000-7f3a",
                42,
                START,
                "0.1.0",
                Map.of("http", "0.1.0"),
                Path.of("examples/quickstart/system.yaml"),
                List.of(new RunInfo.ScenarioFile("checkout", Path.of("examples/quickstart/checkout.yaml"), "ab12")),
                "local",
                List.of("-n", "200", "--var", "API_TOKEN=s3cr3t-value"),
                steps(),
                instances,
                null,
                concurrency,
                secrets,
                Map.of("api", "http"));
    }

    public static InstanceInfo instance(long number) {
        return new InstanceInfo(
                "checkout", number, "20261120-100000-7f3a-" + number, "corr-" + number, false, Phase.INSTANCE);
    }

    public static Exchange exchange(int status, long latencyNanos, Content content) {
        Headers headers = Headers.builder()
                .add("Content-Type", "application/json")
                .add("Set-Cookie", "session=8f7e6d5c4b")
                .build();
        return new Exchange(
                "http",
                new Outcome.Completed(status < 400, Integer.toString(status)),
                latencyNanos,
                latencyNanos + 40_000,
                12_000,
                -1,
                latencyNanos / 2,
                Metadata.builder()
                        .put("status_code", status)
                        .put("headers", headers)
                        .build(),
                content,
                null,
                List.of());
    }

    public static Exchange failed(Failure failure, String message, long latencyNanos) {
        return new Exchange(
                "http",
                new Outcome.Failed(failure, message, null),
                latencyNanos,
                latencyNanos,
                0,
                -1,
                -1,
                Metadata.empty(),
                Content.EMPTY,
                null,
                List.of());
    }

    public static Content json(String text) {
        return Content.of(Payload.bytes(text.getBytes(StandardCharsets.UTF_8), "application/json"));
    }

    public static StepResult ok(InstanceInfo instance, StepInfo step, long latencyNanos, String payload) {
        return result(instance, step, true, exchange(200, latencyNanos, json(payload)), List.of());
    }

    public static StepResult result(
            InstanceInfo instance, StepInfo step, boolean ok, @Nullable Exchange exchange, List<String> errors) {
        return new StepResult(instance, step, step.place(), START, false, ok, Map.of(), exchange, errors, List.of());
    }

    public static StepResult skipped(InstanceInfo instance, StepInfo step) {
        return new StepResult(instance, step, step.place(), START, true, true, Map.of(), null, List.of(), List.of());
    }

    static AssertionResult failedAssertion(InstanceInfo instance, StepInfo step, String message) {
        return new AssertionResult(
                instance,
                step.name(),
                step.place(),
                false,
                "$.status",
                "\"confirmed\"",
                "\"pending\"",
                message,
                step.file(),
                step.line() + 2,
                List.of());
    }

    public static InstanceResult passed(InstanceInfo instance, int steps) {
        return new InstanceResult(instance, Status.PASSED, START, 31_000_000, steps, null, null, List.of());
    }

    public static InstanceResult failed(InstanceInfo instance, int steps, String failedStep, String error) {
        return new InstanceResult(instance, Status.FAILED, START, 31_000_000, steps, failedStep, error, List.of());
    }

    static InstanceResult aborted(InstanceInfo instance) {
        return new InstanceResult(instance, Status.ABORTED, START, 31_000_000, 0, null, null, List.of());
    }

    public static PoolFigures pool(int inUse, int waiting) {
        return new PoolFigures(
                "api",
                10,
                0,
                0,
                1000,
                990,
                0.99,
                0,
                10 - inUse,
                10,
                12,
                new PoolFigures.WaitFigures(0.2, 0.01, 1.8, 4.2, WaitBuckets.NONE),
                new PoolFigures.Evicted(0, 0, 0, 0),
                0,
                Map.of(),
                10,
                inUse,
                waiting);
    }

    public static Threshold.Names names() {
        List<Threshold.Names.Step> names = new ArrayList<>();
        for (StepInfo step : steps()) {
            names.add(new Threshold.Names.Step(step.scenario(), step.name()));
        }
        return new Threshold.Names(names, List.of("api"));
    }
}
