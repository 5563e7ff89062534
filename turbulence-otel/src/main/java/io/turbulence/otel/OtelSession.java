package io.turbulence.otel;

import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProviderBuilder;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.turbulence.api.Deadline;
import io.turbulence.spi.InstanceEnd;
import io.turbulence.spi.ObservedRun;
import io.turbulence.spi.RunObserver;
import io.turbulence.spi.StepEnd;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// One run's traces and metrics, by an SDK of its own that is set up as OpenTelemetry's variables say.
///
/// Its methods are called by the host, one after another.
final class OtelSession implements RunObserver.Session {

    /// Where OpenTelemetry leaves the choice, or has one for programs that run for weeks.
    private static final Map<String, String> DEFAULTS = Map.of(
            "otel.service.name", "turbulence",
            "otel.exporter.otlp.protocol", "http/protobuf",
            "otel.metric.export.interval", "10000",
            "otel.logs.exporter", "none");

    /// The SDK's own default of `otel.bsp.max.queue.size`.
    private static final int QUEUE = 2048;

    private final OpenTelemetrySdk sdk;
    private final Delivery delivery;
    private final Spans spans;

    private OtelSession(OpenTelemetrySdk sdk, Delivery delivery, Spans spans) {
        this.sdk = sdk;
        this.delivery = delivery;
        this.spans = spans;
    }

    /// @param settings as the SDK calls them
    static OtelSession open(ObservedRun run, Map<String, String> settings) {
        SdkLog.keepQuiet();
        Delivery delivery = new Delivery(run);
        PresetIds ids = new PresetIds();
        AtomicReference<Sampler> sampler = new AtomicReference<>(Sampler.alwaysOn());
        OpenTelemetrySdk sdk = AutoConfiguredOpenTelemetrySdk.builder()
                .setServiceClassLoader(OtelSession.class.getClassLoader())
                .disableShutdownHook()
                .addPropertiesSupplier(() -> DEFAULTS)
                .addPropertiesCustomizer(properties -> settings)
                .addResourceCustomizer((resource, properties) -> resource.merge(RunResource.of(run)))
                .addSamplerCustomizer((configured, properties) -> {
                    sampler.set(configured);
                    return configured;
                })
                .addTracerProviderCustomizer((builder, properties) -> builder.setIdGenerator(ids))
                .addMeterProviderCustomizer(
                        (builder, properties) -> withoutOwn(builder).registerMetricProducer(new RunMetrics(run)))
                .addSpanExporterCustomizer((exporter, properties) ->
                        delivery.counting(exporter, properties.getInt("otel.bsp.max.queue.size", QUEUE)))
                .addMetricExporterCustomizer((exporter, properties) -> delivery.watching(exporter))
                .build()
                .getOpenTelemetrySdk();
        return new OtelSession(sdk, delivery, new Spans(sdk.getSdkTracerProvider(), ids, sampler.get(), delivery));
    }

    /// The SDK counts what it exports itself, which says nothing of the run: what is no producer's is left out.
    private static SdkMeterProviderBuilder withoutOwn(SdkMeterProviderBuilder builder) {
        return builder.registerView(
                InstrumentSelector.builder().setName("*").build(),
                View.builder().setAggregation(Aggregation.drop()).build());
    }

    @Override
    public void stepEnded(StepEnd step) throws InterruptedException {
        spans.step(step);
    }

    @Override
    public void instanceEnded(InstanceEnd instance) throws InterruptedException {
        spans.instance(instance);
    }

    @Override
    public void close(Deadline deadline) {
        CompletableResultCode closed = sdk.shutdown();
        closed.join(Math.max(1, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        delivery.summarize(closed.isDone());
    }
}
