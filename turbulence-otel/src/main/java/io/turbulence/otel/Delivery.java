package io.turbulence.otel;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.turbulence.spi.ObservedRun;
import java.util.Collection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Knows what became of what was made: the SDK drops in silence. Thread-safe.
final class Delivery {

    /// The SDK's queue takes 2,048 spans by default and drops what comes then; less is on its way at once.
    private static final long MOST_ON_THE_WAY = 1_024;

    private static final long LOOK_EVERY_MILLIS = 1;

    private final ObservedRun run;
    private final AtomicLong made = new AtomicLong();
    private final AtomicLong handedOver = new AtomicLong();
    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong refusedFigures = new AtomicLong();
    private final AtomicBoolean told = new AtomicBoolean();

    Delivery(ObservedRun run) {
        this.run = run;
    }

    /// A span has been given to the SDK.
    void made() {
        made.incrementAndGet();
    }

    /// Waits until what was made before is on its way or lost. What happens meanwhile waits with the host.
    void awaitRoom() throws InterruptedException {
        while (made.get() - handedOver.get() >= MOST_ON_THE_WAY) {
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    SpanExporter counting(SpanExporter exporter) {
        return new SpanExporter() {

            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                CompletableResultCode result = exporter.export(spans);
                result.whenComplete(() -> {
                    handedOver.addAndGet(spans.size());
                    if (result.isSuccess()) {
                        sent.addAndGet(spans.size());
                    } else {
                        failed(result);
                    }
                });
                return result;
            }

            @Override
            public CompletableResultCode flush() {
                return exporter.flush();
            }

            @Override
            public CompletableResultCode shutdown() {
                return exporter.shutdown();
            }

            @Override
            public String toString() {
                return exporter.toString();
            }
        };
    }

    MetricExporter watching(MetricExporter exporter) {
        return new MetricExporter() {

            @Override
            public CompletableResultCode export(Collection<MetricData> figures) {
                CompletableResultCode result = exporter.export(figures);
                result.whenComplete(() -> {
                    if (!result.isSuccess()) {
                        refusedFigures.incrementAndGet();
                        failed(result);
                    }
                });
                return result;
            }

            @Override
            public CompletableResultCode flush() {
                return exporter.flush();
            }

            @Override
            public CompletableResultCode shutdown() {
                return exporter.shutdown();
            }

            @Override
            public AggregationTemporality getAggregationTemporality(InstrumentType type) {
                return exporter.getAggregationTemporality(type);
            }

            @Override
            public String toString() {
                return exporter.toString();
            }
        };
    }

    /// Told once: a collector that is away stays away for a while.
    private void failed(CompletableResultCode result) {
        if (told.compareAndSet(false, true)) {
            run.warn(
                    "OpenTelemetry: the collector did not take what it was sent: %s. The run goes on; this is told once."
                            .formatted(Reason.of(result.getFailureThrowable())));
        }
    }

    /// @param closed whether all that was made is sent or lost by now
    void summarize(boolean closed) {
        long lost = made.get() - sent.get();
        if (lost > 0) {
            run.warn("OpenTelemetry: %,d of %,d spans were not delivered%s."
                    .formatted(lost, made.get(), closed ? "" : " in time"));
        } else if (refusedFigures.get() == 0 && closed) {
            run.tell("OpenTelemetry: %,d spans and the run's metrics delivered".formatted(made.get()));
        }
    }
}
