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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Knows what became of what was made: the SDK drops in silence. Thread-safe.
final class Delivery {

    private static final long LOOK_EVERY_MILLIS = 1;

    /// Whatever is under way for longer is lost: the SDK gives an export 30 s.
    private static final long WAIT_AT_MOST_NANOS = TimeUnit.SECONDS.toNanos(40);

    private final ObservedRun run;
    private final AtomicLong made = new AtomicLong();
    private final List<Sent> exporters = new CopyOnWriteArrayList<>();
    private final AtomicBoolean hasMetrics = new AtomicBoolean();
    private final AtomicLong refusedFigures = new AtomicLong();
    private final AtomicBoolean told = new AtomicBoolean();

    /// What an exporter of spans did.
    private static final class Sent {

        private final long mostUnderWay;
        private final AtomicLong taken = new AtomicLong();
        private final AtomicLong delivered = new AtomicLong();

        Sent(long mostUnderWay) {
            this.mostUnderWay = mostUnderWay;
        }

        boolean hasRoom(long made) {
            return made - taken.get() < mostUnderWay;
        }
    }

    Delivery(ObservedRun run) {
        this.run = run;
    }

    /// Whether anybody takes spans.
    boolean takesSpans() {
        return !exporters.isEmpty();
    }

    /// A span has been given to the SDK.
    void made() {
        made.incrementAndGet();
    }

    /// Waits until what was made before is sent or lost, so that the SDK's queue never has to drop. What happens
    /// meanwhile waits with the host.
    void awaitRoom() throws InterruptedException {
        for (Sent exporter : exporters) {
            long start = System.nanoTime();
            while (!exporter.hasRoom(made.get())) {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
                if (System.nanoTime() - start > WAIT_AT_MOST_NANOS) {
                    exporter.taken.set(made.get());
                }
            }
        }
    }

    /// @param queue how many spans the SDK takes before it drops
    SpanExporter counting(SpanExporter exporter, int queue) {
        Sent sent = new Sent(queue);
        exporters.add(sent);
        return new SpanExporter() {

            @Override
            public CompletableResultCode export(Collection<SpanData> spans) {
                CompletableResultCode result = exporter.export(spans);
                result.whenComplete(() -> {
                    sent.taken.addAndGet(spans.size());
                    if (result.isSuccess()) {
                        sent.delivered.addAndGet(spans.size());
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
        hasMetrics.set(true);
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
        long delivered = exporters.stream()
                .mapToLong(exporter -> exporter.delivered.get())
                .min()
                .orElse(made.get());
        long lost = made.get() - delivered;
        if (lost > 0) {
            run.warn("OpenTelemetry: %,d of %,d spans were not delivered%s."
                    .formatted(lost, made.get(), closed ? "" : " in time"));
        } else if (refusedFigures.get() == 0 && closed) {
            String spans = takesSpans() ? "%,d spans".formatted(made.get()) : "";
            String metrics = hasMetrics.get() ? "the run's metrics" : "";
            String both = spans.isEmpty() || metrics.isEmpty() ? "" : " and ";
            run.tell("OpenTelemetry: " + spans + both + metrics + " delivered");
        }
    }
}
