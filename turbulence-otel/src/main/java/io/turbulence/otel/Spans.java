package io.turbulence.otel;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import io.turbulence.spi.InstanceEnd;
import io.turbulence.spi.ObservedInstance;
import io.turbulence.spi.StepEnd;
import java.util.List;
import java.util.Locale;

/// Makes spans of what ended: the instance is the root, below it its steps. Of one thread.
///
/// Steps end before the instance does, so whether a trace is taken is decided by its id each time; all samplers that
/// decide by the id, which OpenTelemetry's own do, say the same each time.
final class Spans {

    private final Tracer tracer;
    private final PresetIds ids;
    private final Sampler sampler;
    private final Delivery delivery;

    Spans(TracerProvider provider, PresetIds ids, Sampler sampler, Delivery delivery) {
        this.tracer = provider.tracerBuilder("io.turbulence")
                .setInstrumentationVersion(Version.TEXT)
                .build();
        this.ids = ids;
        this.sampler = sampler;
        this.delivery = delivery;
    }

    void instance(InstanceEnd end) throws InterruptedException {
        ObservedInstance instance = end.instance();
        if (!isSampled(instance)) {
            return;
        }
        SpanBuilder builder = tracer.spanBuilder(name(instance))
                .setNoParent()
                .setSpanKind(SpanKind.INTERNAL)
                .setStartTimestamp(end.startedAt())
                .setAllAttributes(identity(instance))
                .setAttribute("turbulence.correlation_id", instance.correlationId())
                .setAttribute("turbulence.result", end.result().name().toLowerCase(Locale.ROOT))
                .setAttribute("turbulence.steps", (long) end.steps());
        if (end.failedStep() != null) {
            builder.setAttribute("turbulence.failed_step", end.failedStep());
        }
        delivery.awaitRoom();
        ids.next(instance.traceId(), instance.spanId());
        Span span = builder.startSpan();
        if (end.result() != InstanceEnd.Result.PASSED) {
            span.setStatus(StatusCode.ERROR, end.error() == null ? "" : end.error());
        }
        span.end(end.endedAt());
        delivery.made();
    }

    /// What was skipped took no time and has no span.
    void step(StepEnd step) throws InterruptedException {
        ObservedInstance instance = step.instance();
        if (step.result() == StepEnd.Result.SKIPPED || !isSampled(instance)) {
            return;
        }
        SpanContext parent = SpanContext.create(
                instance.traceId(), step.parentSpanId(), TraceFlags.getSampled(), TraceState.getDefault());
        SpanBuilder builder = tracer.spanBuilder(step.name())
                .setParent(Context.root().with(Span.wrap(parent)))
                .setSpanKind(Conventions.kind(step))
                .setStartTimestamp(step.startedAt())
                .setAllAttributes(identity(instance))
                .setAllAttributes(Conventions.attributes(step));
        delivery.awaitRoom();
        ids.next(instance.traceId(), step.spanId());
        Span span = builder.startSpan();
        for (StepEnd.Attempt attempt : step.attempts()) {
            span.addEvent("attempt", Conventions.attributes(attempt), attempt.startedAt());
        }
        if (step.result() == StepEnd.Result.FAILED) {
            span.setStatus(StatusCode.ERROR, step.error() == null ? "" : step.error());
        }
        span.end(step.endedAt());
        delivery.made();
    }

    private boolean isSampled(ObservedInstance instance) {
        return delivery.takesSpans()
                && sampler.shouldSample(
                                        Context.root(),
                                        instance.traceId(),
                                        name(instance),
                                        SpanKind.INTERNAL,
                                        identity(instance),
                                        List.of())
                                .getDecision()
                        == SamplingDecision.RECORD_AND_SAMPLE;
    }

    private static String name(ObservedInstance instance) {
        return switch (instance.part()) {
            case BEFORE_RUN -> "before_run";
            case INSTANCE -> instance.scenario();
            case AFTER_RUN -> "after_run";
        };
    }

    private static Attributes identity(ObservedInstance instance) {
        return Attributes.builder()
                .put("turbulence.scenario", instance.scenario())
                .put("turbulence.instance", instance.number())
                .put("turbulence.instance_id", instance.instanceId())
                .put("turbulence.warm_up", instance.warmUp())
                .build();
    }
}
