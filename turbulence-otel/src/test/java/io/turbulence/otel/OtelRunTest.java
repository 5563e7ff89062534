package io.turbulence.otel;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.turbulence.core.RunResult;
import io.turbulence.spi.Json;
import io.turbulence.testkit.ClosedPort;
import io.turbulence.testkit.LocalServer;
import io.turbulence.testkit.SimpleJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Whole runs against a receiver that decodes what it is sent.
@Timeout(60)
class OtelRunTest {

    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private static final String FLOW = """
        stop_when: { any_action_fails: false }
        flow:
          - { name: look, type: http, service: shop, path: /ok/look }
          - name: basket
            type: group
            do:
              - name: fill
                type: loop
                times: 2
                do: [ { name: add, type: http, service: shop, path: "/ok/add/{{loop_index}}" } ]
          - { name: pay, type: http, service: shop, path: "/gone?token=hunter2hunter2",
              retry: { max_attempts: 2, on_status: [404], base_delay_ms: 1, jitter: false } }
          - { name: never, type: http, service: shop, path: /ok/never, condition: "false" }
          - { name: think, type: sleep, duration: 1ms }
        """;

    @TempDir
    private Path folder;

    private static Map<String, Span> byName(List<Span> spans) {
        return spans.stream().collect(toMap(Span::getName, Function.identity(), (first, second) -> second));
    }

    private static String id(Span span) {
        return Collector.id(span.getSpanId());
    }

    private static String parent(Span span) {
        return Collector.id(span.getParentSpanId());
    }

    private static Map<String, Object> attributes(Span span) {
        return Collector.attributes(span.getAttributesList());
    }

    @Nested
    class Traces {

        @Test
        void areOneForEachInstanceWithASpanForEachStepThatRan() throws IOException {
            try (Shop shop = Shop.start(folder);
                    Collector collector = Collector.start()) {
                shop.execute(shop.run(FLOW).instances(3).variable(ENDPOINT, collector.endpoint()));

                assertThat(collector.spans).extracting(Span::getTraceId).doesNotContainNull();
                assertThat(collector.spans.stream()
                                .map(span -> Collector.id(span.getTraceId()))
                                .distinct())
                        .hasSize(3);
                assertThat(collector.spans.stream().map(OtelRunTest::id).distinct())
                        .hasSize(3 * 8);
                assertThat(collector.spans)
                        .extracting(Span::getName)
                        .containsOnly("buy", "look", "basket", "fill", "add", "pay", "think")
                        .hasSize(3 * 8);
            }
        }

        @Test
        void haveTheInstanceAsRootAndStepsBelowWhatContainsThem() throws IOException {
            try (Shop shop = Shop.start(folder);
                    Collector collector = Collector.start()) {
                shop.execute(shop.run(FLOW).variable(ENDPOINT, collector.endpoint()));
                Map<String, Span> spans = byName(collector.spans);

                assertThat(parent(spans.get("buy"))).isEmpty();
                for (String step : List.of("look", "basket", "pay", "think")) {
                    assertThat(parent(spans.get(step))).as(step).isEqualTo(id(spans.get("buy")));
                }
                assertThat(parent(spans.get("fill"))).isEqualTo(id(spans.get("basket")));
                assertThat(parent(spans.get("add"))).isEqualTo(id(spans.get("fill")));
                for (Span span : collector.spans) {
                    assertThat(span.getEndTimeUnixNano()).isGreaterThanOrEqualTo(span.getStartTimeUnixNano());
                }
            }
        }

        @Test
        void areContinuedByTheSystemBecauseTheStepIsTheParentThatItWasSent() throws IOException {
            try (Shop shop = Shop.start(folder);
                    Collector collector = Collector.start()) {
                shop.execute(shop.run(FLOW).variable(ENDPOINT, collector.endpoint()));
                Map<String, Span> spans = byName(collector.spans);
                String trace = Collector.id(spans.get("buy").getTraceId());
                List<String> adds = collector.spans.stream()
                        .filter(span -> span.getName().equals("add"))
                        .map(OtelRunTest::id)
                        .toList();

                String pay = "/gone 00-" + trace + "-" + id(spans.get("pay")) + "-01";
                assertThat(shop.calls)
                        .containsExactlyInAnyOrder(
                                "/ok/look 00-" + trace + "-" + id(spans.get("look")) + "-01",
                                "/ok/add/0 00-" + trace + "-" + adds.get(0) + "-01",
                                "/ok/add/1 00-" + trace + "-" + adds.get(1) + "-01",
                                pay,
                                pay);
            }
        }

        @Test
        void sayWhatAStepWasAndWhatBecameOfIt() throws IOException {
            try (Shop shop = Shop.start(folder);
                    Collector collector = Collector.start()) {
                RunResult result = shop.execute(shop.run(FLOW).variable(ENDPOINT, collector.endpoint()));
                Map<String, Span> spans = byName(collector.spans);
                Span look = spans.get("look");
                Span pay = spans.get("pay");

                assertThat(look.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
                assertThat(look.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
                assertThat(attributes(look))
                        .containsEntry("turbulence.protocol", "http")
                        .containsEntry("turbulence.action", "http")
                        .containsEntry("peer.service", "shop")
                        .containsEntry("turbulence.path", "flow[0]")
                        .containsEntry("http.response.status_code", 200L)
                        .containsEntry("turbulence.scenario", "buy")
                        .containsEntry("turbulence.instance_id", result.runId() + "-0")
                        .containsEntry("turbulence.attempts", 1L)
                        .containsKeys("turbulence.latency_ms", "turbulence.pool_wait_ms")
                        .doesNotContainKey("error.type");
                assertThat(attributes(pay))
                        .containsEntry("http.response.status_code", 404L)
                        .containsEntry("error.type", "404")
                        .containsEntry("turbulence.attempts", 2L);
                assertThat(pay.getEventsList()).extracting(Span.Event::getName).containsExactly("attempt", "attempt");
                assertThat(Collector.attributes(pay.getEvents(0).getAttributesList()))
                        .containsEntry("turbulence.attempt", 1L)
                        .containsEntry("turbulence.status", "404")
                        .containsEntry("turbulence.ok", false);
                assertThat(pay.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
                assertThat(pay.getStatus().getMessage()).contains("404");
                assertThat(spans.get("think").getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_INTERNAL);
                Span root = spans.get("buy");
                assertThat(root.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
                assertThat(attributes(root))
                        .containsEntry("turbulence.result", "failed")
                        .containsEntry("turbulence.failed_step", "pay");
                assertThat(collector.spans.toString()).doesNotContain("hunter2");
            }
        }

        @Test
        void comeWithWhatTheStandardVariablesSay() throws IOException {
            try (Shop shop = Shop.start(folder);
                    Collector collector = Collector.start()) {
                RunResult result = shop.execute(shop.run(FLOW)
                        .variable(ENDPOINT, collector.endpoint())
                        .variable("OTEL_SERVICE_NAME", "nightly")
                        .variable("OTEL_RESOURCE_ATTRIBUTES", "team=orders,deployment.environment.name=staging")
                        .variable("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=blue")
                        .variable("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"));

                assertThat(Collector.attributes(collector.resources.getFirst().getAttributesList()))
                        .containsEntry("service.name", "nightly")
                        .containsEntry("team", "orders")
                        .containsEntry("deployment.environment.name", "staging")
                        .containsEntry("turbulence.run.id", result.runId())
                        .containsEntry("turbulence.run.seed", result.seed());
                assertThat(collector.headers).containsOnly("blue");
            }
        }

        @Test
        void areTakenWholeOrNotAtAllWhereASamplerIsAsked() throws IOException {
            try (Shop shop = Shop.start(folder);
                    Collector collector = Collector.start()) {
                shop.execute(shop.run(FLOW)
                        .instances(60)
                        .concurrency(4)
                        .variable(ENDPOINT, collector.endpoint())
                        .variable("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
                        .variable("OTEL_TRACES_SAMPLER_ARG", "0.5"));
                Map<String, Long> spans = collector.spans.stream()
                        .collect(java.util.stream.Collectors.groupingBy(
                                span -> Collector.id(span.getTraceId()), java.util.stream.Collectors.counting()));

                assertThat(spans.values()).containsOnly(8L);
                assertThat(spans.size()).isBetween(5, 55);
                assertThat(count(collector, "ok", "look")).isEqualTo(60);
            }
        }
    }

    @Nested
    class Metrics {

        @Test
        @SuppressWarnings("unchecked")
        void addUpToTheSummary() throws IOException {
            try (Shop shop = Shop.start(folder);
                    Collector collector = Collector.start()) {
                RunResult result = shop.execute(
                        shop.run(FLOW).instances(25).concurrency(5).variable(ENDPOINT, collector.endpoint()));
                Json json = new SimpleJson();
                Map<String, Object> summary = (Map<String, Object>)
                        json.read(Files.readAllBytes(result.folder().resolve("summary.json")));
                Map<String, Map<String, Object>> steps =
                        (Map<String, Map<String, Object>>) ((Map<String, Object>) summary.get("steps")).get("buy");

                assertThat(steps).hasSize(7);
                steps.forEach((step, figures) -> {
                    assertThat(count(collector, "ok", step))
                            .as(step + " ok")
                            .isEqualTo(((Number) figures.get("ok")).longValue());
                    assertThat(count(collector, "failed", step))
                            .as(step + " failed")
                            .isEqualTo(((Number) figures.get("failed")).longValue());
                    assertThat(count(collector, "skipped", step))
                            .as(step + " skipped")
                            .isEqualTo(((Number) figures.get("skipped")).longValue());
                    assertThat(timed(collector, step))
                            .as(step + " timed")
                            .isEqualTo(((Number) figures.get("ok")).longValue()
                                    + ((Number) figures.get("failed")).longValue());
                });
                Map<String, Object> pool =
                        (Map<String, Object>) ((Map<String, Object>) summary.get("pools")).get("shop");
                assertThat(sum(collector, "turbulence.pool.opened"))
                        .isEqualTo(((Number) pool.get("opened")).longValue());
                assertThat(collector.metric("turbulence.pool.connections").hasGauge())
                        .isTrue();
                assertThat(collector.metric("turbulence.step.duration").getUnit())
                        .isEqualTo("s");
            }
        }
    }

    @Nested
    class Settings {

        private static final String ASK = "flow: [ { name: ask, type: http, service: shop, path: /ok } ]\n";

        @Test
        void noFiguresGoButThoseOfTheRun() throws IOException {
            try (Shop shop = Shop.start(folder);
                    Collector collector = Collector.start()) {
                shop.execute(shop.run(ASK)
                        .instances(1_500)
                        .concurrency(20)
                        .variable(ENDPOINT, collector.endpoint())
                        .variable("OTEL_METRIC_EXPORT_INTERVAL", "100"));

                assertThat(collector.spans).isNotEmpty();
                assertThat(collector.metrics.keySet())
                        .contains("turbulence.steps", "turbulence.pool.opened")
                        .allSatisfy(name -> assertThat(name).startsWith("turbulence."));
            }
        }

        @Test
        void metricsMayGoAlone() throws IOException {
            try (Shop shop = Shop.start(folder);
                    Collector collector = Collector.start()) {
                shop.execute(shop.run(ASK)
                        .instances(1_500)
                        .concurrency(20)
                        .variable(ENDPOINT, collector.endpoint())
                        .variable("OTEL_TRACES_EXPORTER", "none"));

                assertThat(collector.spans).isEmpty();
                assertThat(count(collector, "ok", "ask")).isEqualTo(1_500);
                assertThat(shop.console().lines().filter(line -> line.startsWith("OpenTelemetry")))
                        .containsExactly("OpenTelemetry: the run's metrics delivered");
            }
        }

        @Test
        void spansMayGoAloneAndAllOfThemThroughASmallQueue() throws IOException {
            try (Shop shop = Shop.start(folder);
                    Collector collector = Collector.start()) {
                shop.execute(shop.run(ASK)
                        .instances(1_500)
                        .concurrency(20)
                        .variable(ENDPOINT, collector.endpoint())
                        .variable("OTEL_METRICS_EXPORTER", "none")
                        .variable("OTEL_BSP_MAX_QUEUE_SIZE", "128")
                        .variable("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "128"));

                assertThat(collector.spans).hasSize(3_000);
                assertThat(collector.metrics).isEmpty();
                assertThat(shop.console().lines().filter(line -> line.startsWith("OpenTelemetry")))
                        .containsExactly("OpenTelemetry: 3,000 spans delivered");
            }
        }
    }

    @Nested
    class ACollectorThatIsAway {

        @Test
        void isToldOfOnceAndChangesNothing() throws IOException {
            try (Shop shop = Shop.start(folder);
                    ClosedPort closed = ClosedPort.reserve()) {
                RunResult result = shop.execute(shop.run("flow: [ { type: http, service: shop, path: /ok } ]\n")
                        .instances(5)
                        // Or the exporter tries again for about as long as the end of a run waits for it
                        .variable("OTEL_JAVA_EXPORTER_OTLP_RETRY_DISABLED", "true")
                        .variable(ENDPOINT, "http://127.0.0.1:" + closed.port()));

                assertThat(result.ok()).isTrue();
                assertThat(shop.console().lines().filter(line -> line.startsWith("OpenTelemetry")))
                        .hasSize(2)
                        .anySatisfy(line -> assertThat(line)
                                .startsWith("OpenTelemetry: the collector did not take what it was sent: ")
                                .endsWith("The run goes on; this is told once."))
                        .contains("OpenTelemetry: 10 of 10 spans were not delivered.");
            }
        }

        @Test
        void isToldOfWithItsReasonWhenItRefuses() throws IOException {
            try (Shop shop = Shop.start(folder);
                    Collector collector = Collector.answering(403)) {
                RunResult result = shop.execute(shop.run("flow: [ { type: http, service: shop, path: /ok } ]\n")
                        .variable(ENDPOINT, collector.endpoint()));

                assertThat(result.ok()).isTrue();
                assertThat(shop.console())
                        .contains("did not take what it was sent: HTTP 403 Forbidden. The run goes on; this is told"
                                + " once.")
                        .contains("OpenTelemetry: 2 of 2 spans were not delivered.");
            }
        }
    }

    @Nested
    class ACollectorThatSaysNothing {

        /// What is under way when the run ends is waited for, but not for long.
        @Test
        @Tag("stress")
        void holdsUpTheEndForTenSecondsAtMost() throws IOException {
            try (Shop shop = Shop.start(folder);
                    LocalServer silent = LocalServer.silent()) {
                long start = System.nanoTime();
                RunResult result = shop.execute(shop.run("flow: [ { type: http, service: shop, path: /ok } ]\n")
                        .variable(ENDPOINT, "http://127.0.0.1:" + silent.port()));

                assertThat(result.ok()).isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
                assertThat(shop.console())
                        .contains("did not take what it was sent: it did not answer in time. The run goes on;")
                        .contains("OpenTelemetry: 2 of 2 spans were not delivered");
            }
        }
    }

    @Nested
    class WithoutBeingAsked {

        @Test
        void nothingIsSentAndNothingIsTold() throws IOException {
            try (Shop shop = Shop.start(folder);
                    Collector collector = Collector.start()) {
                shop.execute(shop.run(FLOW));
                shop.execute(
                        shop.run(FLOW).variable(ENDPOINT, collector.endpoint()).variable("OTEL_SDK_DISABLED", "true"));

                assertThat(collector.spans).isEmpty();
                assertThat(shop.console()).doesNotContain("OpenTelemetry");
            }
        }

        @Test
        void aSettingThatCannotBeIsToldAndTheRunGoesOn() throws IOException {
            try (Shop shop = Shop.start(folder)) {
                RunResult result = shop.execute(shop.run("flow: [ { type: http, service: shop, path: /ok } ]\n")
                        .variable(ENDPOINT, "nowhere"));

                assertThat(result.ok()).isTrue();
                assertThat(shop.console()).contains("OpenTelemetry does not observe this run: ");
            }
        }
    }

    private static long count(Collector collector, String outcome, String step) {
        long count = 0;
        for (NumberDataPoint point :
                collector.metric("turbulence.steps").getSum().getDataPointsList()) {
            Map<String, Object> attributes = Collector.attributes(point.getAttributesList());
            if (attributes.get("outcome").equals(outcome)
                    && attributes.get("step").equals(step)) {
                count += point.getAsInt();
            }
        }
        return count;
    }

    private static long timed(Collector collector, String step) {
        long count = 0;
        for (HistogramDataPoint point :
                collector.metric("turbulence.step.duration").getHistogram().getDataPointsList()) {
            if (Collector.attributes(point.getAttributesList()).get("step").equals(step)) {
                assertThat(point.getBucketCountsList().stream()
                                .mapToLong(Long::longValue)
                                .sum())
                        .isEqualTo(point.getCount());
                count += point.getCount();
            }
        }
        return count;
    }

    private static long sum(Collector collector, String name) {
        return collector.metric(name).getSum().getDataPointsList().stream()
                .mapToLong(NumberDataPoint::getAsInt)
                .sum();
    }
}
