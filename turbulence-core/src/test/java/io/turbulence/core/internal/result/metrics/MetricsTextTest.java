package io.turbulence.core.internal.result.metrics;

import static io.turbulence.core.internal.result.SyntheticRun.exchange;
import static io.turbulence.core.internal.result.SyntheticRun.instance;
import static io.turbulence.core.internal.result.SyntheticRun.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.api.Failure;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.connection.WaitBuckets;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.result.SyntheticRun;
import io.turbulence.core.internal.result.figures.StepCounters;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class MetricsTextTest {

    private static final StepInfo STEP = SyntheticRun.steps().getFirst();

    private final MetricsText text = new MetricsText();
    private final StepCounters counters = new StepCounters(STEP);

    @Test
    void namesEveryFigureOfThePoolsByServiceAndHost() {
        WaitBuckets waits = buckets(7, 9, 10, 0.75);

        assertThat(text.render(List.of(pool("api", 10, 4, waits)), List.of())).isEqualTo("""
            # HELP turbulence_pool_connections Open connections by what becomes of them now.
            # TYPE turbulence_pool_connections gauge
            turbulence_pool_connections{service="api",host="api.local:80",state="idle"} 2
            turbulence_pool_connections{service="api",host="api.local:80",state="in_use"} 3
            # HELP turbulence_pool_lease_wait_seconds How long those who got a connection had waited for it, opening not included.
            # TYPE turbulence_pool_lease_wait_seconds histogram
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="0.0005"} 7
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="0.001"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="0.0025"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="0.005"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="0.01"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="0.025"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="0.05"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="0.1"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="0.25"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="0.5"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="1"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="2.5"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="5"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="10"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="30"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="60"} 9
            turbulence_pool_lease_wait_seconds_bucket{service="api",host="api.local:80",le="+Inf"} 10
            turbulence_pool_lease_wait_seconds_sum{service="api",host="api.local:80"} 0.75
            turbulence_pool_lease_wait_seconds_count{service="api",host="api.local:80"} 10
            # HELP turbulence_pool_opened_total Connections that were opened.
            # TYPE turbulence_pool_opened_total counter
            turbulence_pool_opened_total{service="api",host="api.local:80"} 10
            # HELP turbulence_pool_closed_total Connections that were closed.
            # TYPE turbulence_pool_closed_total counter
            turbulence_pool_closed_total{service="api",host="api.local:80"} 5
            # HELP turbulence_pool_failed_total Attempts to open a connection that failed.
            # TYPE turbulence_pool_failed_total counter
            turbulence_pool_failed_total{service="api",host="api.local:80"} 4
            # HELP turbulence_pool_evicted_total Idle connections that were closed: too old, broken, or over the limit.
            # TYPE turbulence_pool_evicted_total counter
            turbulence_pool_evicted_total{service="api",host="api.local:80"} 15
            # HELP turbulence_pool_leaked_total Leases that were held too long or never given back.
            # TYPE turbulence_pool_leaked_total counter
            turbulence_pool_leaked_total{service="api",host="api.local:80"} 6
            # HELP turbulence_step_duration_seconds Service time of executed steps, waiting for a connection not included.
            # TYPE turbulence_step_duration_seconds histogram
            # HELP turbulence_steps_total Steps by how they ended.
            # TYPE turbulence_steps_total counter
            """);
    }

    @Test
    void countsStepsByVerdictStatusAndError() {
        counters.record(result(true, 200, 3));
        counters.record(result(true, 200, 70_000));
        counters.record(result(false, 503, 30));
        counters.record(SyntheticRun.result(
                instance(1),
                STEP,
                false,
                SyntheticRun.failed(Failure.TIMEOUT, "no answer within 1 s", 1_000_000_000),
                List.of("no answer within 1 s")));
        counters.record(SyntheticRun.skipped(instance(2), STEP));

        assertThat(text.render(List.of(), List.of(counters)).lines())
                .contains(
                        "turbulence_step_duration_seconds_bucket{scenario=\"checkout\",step=\"list_catalogue\",outcome=\"ok\",le=\"0.0025\"}"
                                + " 0",
                        "turbulence_step_duration_seconds_bucket{scenario=\"checkout\",step=\"list_catalogue\",outcome=\"ok\",le=\"0.005\"}"
                                + " 1",
                        "turbulence_step_duration_seconds_bucket{scenario=\"checkout\",step=\"list_catalogue\",outcome=\"ok\",le=\"60\"}"
                                + " 1",
                        "turbulence_step_duration_seconds_bucket{scenario=\"checkout\",step=\"list_catalogue\",outcome=\"ok\",le=\"+Inf\"}"
                                + " 2",
                        "turbulence_step_duration_seconds_sum{scenario=\"checkout\",step=\"list_catalogue\",outcome=\"ok\"}"
                                + " 70.003",
                        "turbulence_step_duration_seconds_count{scenario=\"checkout\",step=\"list_catalogue\",outcome=\"failed\"}"
                                + " 2",
                        "turbulence_steps_total{scenario=\"checkout\",step=\"list_catalogue\",outcome=\"ok\",status=\"200\",error=\"\"}"
                                + " 2",
                        "turbulence_steps_total{scenario=\"checkout\",step=\"list_catalogue\",outcome=\"failed\",status=\"\",error=\"TIMEOUT\"}"
                                + " 1",
                        "turbulence_steps_total{scenario=\"checkout\",step=\"list_catalogue\",outcome=\"failed\",status=\"503\",error=\"\"}"
                                + " 1",
                        "turbulence_steps_total{scenario=\"checkout\",step=\"list_catalogue\",outcome=\"skipped\",status=\"\",error=\"\"}"
                                + " 1");
    }

    @Test
    void staysSmallWhateverThePeerAnswers() {
        for (int status = 100; status < 999; status++) {
            counters.record(result(status < 400, status, 1));
        }

        assertThat(counters.kinds()).hasSizeLessThanOrEqualTo(StepCounters.MOST_KINDS + 3);
        assertThat(counters.kinds().stream()
                        .mapToLong(StepCounters.Counted::count)
                        .sum())
                .isEqualTo(899);
        assertThat(counters.kinds())
                .filteredOn(counted -> counted.kind().status().equals(StepCounters.OTHER))
                .isNotEmpty();
    }

    @Test
    void neverCountsDown() {
        text.render(List.of(pool("api", 10, 4, buckets(7, 9, 10, 0.75))), List.of());

        assertThat(text.render(List.of(pool("api", 9, 4, buckets(6, 9, 10, 0.75))), List.of())
                        .lines())
                .contains(
                        "turbulence_pool_opened_total{service=\"api\",host=\"api.local:80\"} 10",
                        "turbulence_pool_lease_wait_seconds_bucket{service=\"api\",host=\"api.local:80\",le=\"0.0005\"}"
                                + " 7");
    }

    @Test
    void escapesNames() {
        assertThat(text.render(List.of(pool("a\"b\\c\nd", 1, 0, WaitBuckets.NONE)), List.of()))
                .contains("turbulence_pool_opened_total{service=\"a\\\"b\\\\c\\nd\",host=\"api.local:80\"} 1\n");
    }

    @Test
    @Tag("servers")
    void isWhatPrometheusReads() throws IOException, InterruptedException {
        counters.record(result(true, 200, 3));
        counters.record(result(false, 503, 3));
        String page = text.render(List.of(pool("a\"b", 10, 4, buckets(7, 9, 10, 0.75))), List.of(counters));

        Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (var input = promtool.outputWriter()) {
            input.write(page);
        }
        String said = new String(promtool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(promtool.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
        assertThat(promtool.exitValue()).isZero();
    }

    private static StepResult result(boolean ok, int status, long millis) {
        return SyntheticRun.result(
                instance(0),
                STEP,
                ok,
                exchange(status, millis * 1_000_000, json("{}")),
                ok ? List.of() : List.of("no"));
    }

    private static WaitBuckets buckets(long first, long others, long all, double seconds) {
        List<Long> counts = new ArrayList<>(Collections.nCopies(WaitBuckets.BOUNDS.size(), others));
        counts.set(0, first);
        return new WaitBuckets(counts, all, seconds);
    }

    private static PoolFigures pool(String service, long opened, long failed, WaitBuckets waits) {
        PoolFigures host = new PoolFigures(
                service,
                opened,
                5,
                failed,
                10,
                9,
                0.9,
                0,
                2,
                3,
                0,
                new PoolFigures.WaitFigures(0, 0, 0, 0, waits),
                new PoolFigures.Evicted(1, 2, 4, 8),
                6,
                Map.of(),
                10,
                3,
                0);
        return new PoolFigures(
                service,
                opened,
                5,
                failed,
                10,
                9,
                0.9,
                0,
                2,
                3,
                0,
                host.waitMs(),
                host.evicted(),
                6,
                Map.of("api.local:80", host),
                10,
                3,
                0);
    }
}
