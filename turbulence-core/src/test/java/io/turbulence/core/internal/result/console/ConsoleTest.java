package io.turbulence.core.internal.result.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.check.ThresholdResult;
import io.turbulence.core.internal.connection.Outage;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.engine.event.StepResult;
import io.turbulence.core.internal.result.RunRecorder;
import io.turbulence.core.internal.result.SyntheticRun;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.figures.GeneratorFigures;
import io.turbulence.core.internal.result.figures.RunEnd;
import io.turbulence.core.internal.result.figures.RunEnd.Validity;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.RunSummary.ErrorKind;
import io.turbulence.core.internal.result.figures.RunSummary.Instances;
import io.turbulence.core.internal.result.figures.RunSummary.Times;
import io.turbulence.core.internal.result.figures.Timeline;
import io.turbulence.core.internal.result.files.RecorderOptions;
import io.turbulence.core.internal.result.files.RecorderOptions.ConsoleMode;
import io.turbulence.core.internal.result.json.SecretMask;
import io.turbulence.core.internal.result.text.Style;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsoleTest {

    private static final Style PLAIN = new Style(false);
    private static final Times TIMES = new Times(1_234, 1, 5.2, 4.7234, 9, 12.31, 31.04, 60, 1_204.4);

    private static RunSummary.Step step(StepInfo info, long count, long failed, long skipped, Times times) {
        return new RunSummary.Step(
                info, count, count - failed, failed, skipped, times, times, Times.NONE, Times.NONE, Times.NONE);
    }

    private static List<RunSummary.Step> steps() {
        List<StepInfo> steps = SyntheticRun.steps();
        return List.of(
                step(steps.get(0), 1_234, 0, 0, TIMES),
                step(steps.get(2), 1_230, 0, 4, new Times(1_230, 0, 0, 0.01, 0.01, 0.01, 0.01, 0.01, 0.02)),
                step(steps.get(3), 410, 12, 824, TIMES),
                step(steps.get(5), 1_218, 0, 16, TIMES));
    }

    private static ThresholdResult threshold(String text, double actual) {
        return Threshold.parse(text, SyntheticRun.names()).evaluate(figure -> OptionalDouble.of(actual));
    }

    @Nested
    class WhileRunning {

        private final ProgressView.Moment moment = new ProgressView.Moment(
                Duration.ofMillis(3_400),
                new Instances(1_240, 1_228, 12, 0),
                0,
                20,
                0,
                new Timeline.Newest(
                        3,
                        412.46,
                        TIMES,
                        steps(),
                        List.of(threshold("pass_rate >= 99%", 0.9868), threshold("p95_latency_ms < 500", 12))),
                Map.of("api", SyntheticRun.pool(10, 14)));

        @Test
        void drawsABlockOnATerminal() {
            ProgressView view = new ProgressView(SyntheticRun.info(2_000L, 20, List.of()), PLAIN, 80);

            assertThat(String.join("\n", view.block(moment))).isEqualTo("""
                ████████████████████████░░░░░░░░░░░░░░░   62%  1,240 of 2,000  412/s  ETA 1.8 s
                passed 1,228   failed 12   running 20   p50 4.72   p95 12.3   p99 31.0 ms
                  step                    count   failed   p50 ms   p95 ms   p99 ms
                  list_catalogue          1,234        0     4.72     12.3     31.0
                  add_discount              410       12     4.72     12.3     31.0
                  wait_for_confirmation   1,218        0     4.72     12.3     31.0
                pools  api 10 in use, 14 waiting
                threshold missed so far  pass_rate >= 99%  (98.68%)\
                """);
        }

        @Test
        void neverDrawsALineWiderThanTheTerminal() {
            for (int width : new int[] {60, 80, 120, 200}) {
                ProgressView view = new ProgressView(SyntheticRun.info(2_000L, 20, List.of()), PLAIN, width);
                assertThat(view.block(moment))
                        .allSatisfy(line -> assertThat(Style.width(line)).isLessThan(width));
            }
        }

        @Test
        void printsALineElsewhereAndWhatIsWrongBelowIt() {
            ProgressView view = new ProgressView(SyntheticRun.info(2_000L, 20, List.of()), PLAIN, 80);

            assertThat(view.lines(moment))
                    .containsExactly(
                            "3.4 s  62%  1,240 of 2,000  412/s  passed 1,228  failed 12  running 20"
                                    + "  p50 4.72  p95 12.3  p99 31.0 ms  ETA 1.8 s",
                            "  pools  api 10 in use, 14 waiting",
                            "  threshold missed so far  pass_rate >= 99%  (98.68%)");
        }

        @Test
        void saysWhatTheFirstInstanceWaitsFor() {
            ProgressView view = new ProgressView(SyntheticRun.info(2_000L, 20, List.of()), PLAIN, 80);

            assertThat(view.waiting(moment, "starting 'shop'")).containsExactly("3.4 s  starting 'shop' …");
        }

        @Test
        void saysHowManyOfTheInstancesWereOfTheWarmUp() {
            ProgressView view = new ProgressView(SyntheticRun.info(null, 20, List.of()), PLAIN, 80);
            ProgressView.Moment warm = new ProgressView.Moment(
                    moment.elapsed(), new Instances(195, 195, 0, 0), 300, 20, 0, moment.newest(), moment.pools());

            assertThat(view.lines(warm))
                    .first()
                    .isEqualTo("3.4 s  495 instances (300 in the warm-up)  412/s  passed 195  failed 0  running 20"
                            + "  p50 4.72  p95 12.3  p99 31.0 ms");
        }

        @Test
        void printsALineWithoutEndWhenItIsNotKnown() {
            ProgressView view = new ProgressView(SyntheticRun.info(null, 20, List.of()), PLAIN, 80);

            assertThat(view.lines(moment))
                    .first()
                    .isEqualTo("3.4 s  1,240 instances  412/s  passed 1,228  failed 12  running 20"
                            + "  p50 4.72  p95 12.3  p99 31.0 ms");
        }
    }

    @Nested
    class AtTheEnd {

        private List<Outage> outages = List.of();

        private RunSummary summary(@Nullable String message, Validity validity) {
            List<StepInfo> infos = SyntheticRun.steps();
            return new RunSummary(
                    "20261120-100000-7f3a",
                    42,
                    Path.of("runs/20261120-100000-7f3a"),
                    SyntheticRun.START,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(3),
                    validity,
                    validity == Validity.VALID
                            ? List.of()
                            : List.of("The generator's CPU was busy for 97% of the time."),
                    new Instances(1_234, 1_222, 12, 0),
                    0.99,
                    411.33,
                    0,
                    RunSummary.Lag.NONE,
                    GeneratorFigures.NONE,
                    0,
                    TIMES,
                    Map.of("checkout", new RunSummary.Scenario(new Instances(1_234, 1_222, 12, 0), TIMES, 0)),
                    steps(),
                    List.of(new ErrorKind(
                            "status 503",
                            12,
                            infos.get(3),
                            "20261120-100000-7f3a-5",
                            "the peer answered 503; expected a status below 400")),
                    List.of(threshold("pass_rate >= 99%", 0.99028), threshold("p95_latency_ms < 10", 12.31)),
                    Map.of("api", SyntheticRun.pool(0, 0)),
                    List.of(),
                    outages,
                    false,
                    ExitCode.THRESHOLD,
                    message);
        }

        @Test
        void showsWhenServicesCouldNotBeReached() {
            outages = List.of(
                    new Outage(
                            "api", "api.local:80", SyntheticRun.START, SyntheticRun.START.plusSeconds(3), 8, "refused"),
                    new Outage("db", "db.local:5432", SyntheticRun.START, null, 1, "no route"));

            assertThat(String.join("\n", new SummaryView(PLAIN, 120).render(summary(null, Validity.VALID), true)))
                    .contains("""
                        outages
                          - 'api': api.local:80 could not be reached from 2026-11-20T10:00:00Z to 2026-11-20T10:00:03Z (3 s), 8 attempts; the
                            last: refused
                          - 'db': db.local:5432 could not be reached from 2026-11-20T10:00:00Z on, 1 attempt; the last: no route

                        """);
        }

        @Test
        void showsStepsPoolsFailuresAndThresholds() {
            String text = String.join("\n", new SummaryView(PLAIN, 100).render(summary(null, Validity.VALID), true));

            assertThat(text).isEqualTo("""

                checkout                  count      ok   failed   skipped   p50 ms   p95 ms   p99 ms   max ms
                  list_catalogue          1,234   1,234        0         0     4.72     12.3     31.0    1,204
                  is_member               1,230   1,230        0         4        -        -        -        -
                    add_discount            410     398       12       824     4.72     12.3     31.0    1,204
                  wait_for_confirmation   1,218   1,218        0        16     4.72     12.3     31.0    1,204
                an instance takes 4.72 ms (p50), 12.3 ms (p95); 1,222 of 1,234 passed, 12 failed

                pool    opened     in use   leases   reused   failed   wait p50 ms   p99 ms   max ms
                  api       10   10 of 10    1,000      99%        0          0.01     1.80     4.20

                failures
                  12 × add_discount: the peer answered 503; expected a status below 400
                       instance 20261120-100000-7f3a-5 at checkout.yaml:34

                thresholds
                  ✓ pass_rate >= 99%      99.03%
                  ✗ p95_latency_ms < 10   12.31 ms

                ✗ 1,222 of 1,234 passed, 12 failed in 3.0 s (411/s)
                  report in runs/20261120-100000-7f3a/report.html\
                """);
        }

        @Test
        void fitsInEightyColumns() {
            List<String> lines = new SummaryView(PLAIN, 80).render(summary(null, Validity.SUSPECT), true);

            assertThat(lines).allSatisfy(line -> assertThat(Style.width(line)).isLessThanOrEqualTo(80));
            assertThat(lines)
                    .contains(
                            "checkout                 count  failed  skipped  p50 ms  p95 ms  p99 ms  max ms",
                            "the run is suspect",
                            "  - The generator's CPU was busy for 97% of the time.");
        }

        @Test
        void saysWhyTheRunStopped() {
            assertThat(new SummaryView(PLAIN, 80).render(summary("'shop' did not start.", Validity.VALID), true))
                    .contains("'shop' did not start.");
        }

        @Test
        void paintsOnlyWhenColourIsWanted() {
            assertThat(String.join("", new SummaryView(PLAIN, 80).render(summary(null, Validity.VALID), true)))
                    .doesNotContain("\u001b");
            assertThat(String.join(
                            "", new SummaryView(new Style(true), 80).render(summary(null, Validity.VALID), true)))
                    .contains("\u001b[31m✗\u001b[0m");
        }
    }

    @Nested
    class Exchanges {

        @Test
        void arePrintedWithTheirSecretsMasked() {
            StepResult result = new StepResult(
                    SyntheticRun.instance(12),
                    SyntheticRun.steps().get(1),
                    "flow[1]",
                    SyntheticRun.START,
                    false,
                    false,
                    Map.of("cart_id", 7),
                    SyntheticRun.exchange(503, 12_345_678, SyntheticRun.json("{\"token\":\"abc\",\"n\":1}")),
                    List.of("the peer answered 503"),
                    List.of());

            assertThat(String.join("\n", ExchangeView.render(result, new SecretMask(List.of()), PLAIN)))
                    .isEqualTo("""
                        #12 create_cart  http  503  12.3 ms  failed
                            status_code: 503
                            headers: {"Content-Type":"application/json","Set-Cookie":"***"}
                            payload: {"token":"***","n":1}
                            extracted: {"cart_id":7}
                            the peer answered 503\
                        """);
        }
    }

    @Test
    void printsWhatThePluginToldOfAnExchangeWithSecretsMasked() {
        StepResult result = new StepResult(
                SyntheticRun.instance(12),
                SyntheticRun.steps().get(1),
                "flow[1]",
                SyntheticRun.START,
                false,
                true,
                Map.of(),
                SyntheticRun.exchange(200, 12_345_678, SyntheticRun.json("{\"n\":1}")),
                List.of(),
                List.of("it's-me"),
                List.of(),
                1,
                2,
                List.of("> POST http://a?api_key=abc", "curl -d 'it'\\''s-me'", "< 200", "< ", "< {\"n\":1}"));

        assertThat(String.join("\n", ExchangeView.render(result, new SecretMask(List.of("it's-me")), PLAIN)))
                .isEqualTo("""
                    #12 create_cart  http  200  12.3 ms  ok
                      > POST http://a?api_key=***
                      curl -d '***'
                      < 200
                      <\s
                      < {"n":1}
                        status_code: 200\
                    """);
    }

    @Nested
    class Modes {

        @TempDir
        private Path runs;

        @ParameterizedTest
        @CsvSource({"TERMINAL", "LINES"})
        void endWithTheSummary(ConsoleMode mode) throws Exception {
            assertThat(shown(mode))
                    .endsWith("  report in " + runs.resolve("run").resolve("report.html") + "\n")
                    .contains("1 of 1 passed");
        }

        @Test
        void quietPrintsNothing() throws Exception {
            assertThat(shown(ConsoleMode.QUIET)).isEmpty();
        }

        @Test
        void linesHaveNoControlCodes() throws Exception {
            assertThat(shown(ConsoleMode.LINES)).doesNotContain("\u001b", "\r");
        }

        private String shown(ConsoleMode mode) throws Exception {
            StringWriter text = new StringWriter();
            RunRecorder recorder = RunRecorder.open(
                    SyntheticRun.info(1L, 1, List.of()),
                    RecorderOptions.quiet()
                            .withFolder(runs.resolve("run"))
                            .withConsole(mode, new PrintWriter(text), 80, false),
                    Map::of);
            recorder.instanceStarted(SyntheticRun.instance(0));
            recorder.stepFinished(SyntheticRun.ok(
                    SyntheticRun.instance(0), SyntheticRun.steps().getFirst(), 1_000_000, "{}"));
            recorder.instanceFinished(SyntheticRun.passed(SyntheticRun.instance(0), 1));
            recorder.finish(RunEnd.normal(SyntheticRun.START));
            return text.toString();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 100%",
                "0.99995 | 99.995%",
                "0.9999999 | 99.999%",
                "0.9475 | 94.8%",
                "0.5 | 50%",
                "0 | 0%",
                "0.0004 | 0.040%"
            })
    void neverRoundsAShareToAll(double share, String text) {
        assertThat(Style.percent(share)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"0.04 | 0.0 s", "4.83 | 4.8 s", "12.4 | 12 s", "125 | 2 min 05 s", "3725 | 1 h 02 min"})
    void writesTimesAsPeopleDo(double seconds, String text) {
        assertThat(Style.time(seconds)).isEqualTo(text);
    }
}
