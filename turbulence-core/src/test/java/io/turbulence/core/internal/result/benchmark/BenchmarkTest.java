package io.turbulence.core.internal.result.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.turbulence.core.internal.result.SyntheticRun;
import io.turbulence.core.internal.result.benchmark.BenchmarkComparison.Row;
import io.turbulence.core.internal.result.benchmark.BenchmarkComparison.Verdict;
import io.turbulence.core.internal.result.benchmark.BenchmarkLevel.Figure;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.figures.RunEnd;
import io.turbulence.core.internal.result.figures.RunSummary.Times;
import io.turbulence.core.internal.result.soundness.Soundness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BenchmarkTest {

    private static final double[] QUIET = {10, 10.1, 9.9, 10, 10.2};

    @Nested
    class Targets {

        @ParameterizedTest
        @CsvSource({
            "p50 < 5s, P50, 5000",
            "p95<=800ms, P95, 800",
            "p99 < 2, P99, 2000",
            "throughput >= 100/s, THROUGHPUT, 100",
            "throughput > 0.5, THROUGHPUT, 0.5",
            "error_rate < 1%, ERROR_RATE, 0.01",
            "error_rate <= 0, ERROR_RATE, 0"
        })
        void areRead(String text, Figure figure, double value) {
            BenchmarkTarget target = BenchmarkTarget.parse(text);

            assertThat(target.figure()).isEqualTo(figure);
            assertThat(target.value()).isEqualTo(value);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"", "p50", "p50 < fast", "p51 < 5s", "p50 == 5s", "throughput > 5ms", "error_rate < x%"})
        void areRefusedWithAnExample(String text) {
            assertThatThrownBy(() -> BenchmarkTarget.parse(text))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'" + text + "' is no target such as \"p50 < 5s\", \"throughput > 100/s\" or "
                            + "\"error_rate < 1%\"; the figures are p50, p95, p99, throughput and error_rate");
        }

        @Test
        void areMissedByTimesThatNoInstanceReached() {
            BenchmarkLevel level = level(1, 0, 20, QUIET);

            assertThat(BenchmarkTarget.DEFAULT.holds(level)).isFalse();
            assertThat(BenchmarkTarget.parse("error_rate < 1%").holds(level)).isFalse();
        }
    }

    @Nested
    class Comparisons {

        @Test
        void callSameWhatLiesWithinTheNoise() {
            assertThat(p50(QUIET, new double[] {10.1, 10.2, 10.0, 10.2, 10.3}).verdict())
                    .isEqualTo(Verdict.SAME);
        }

        @Test
        void callWorseWhatLiesBeyondIt() {
            Row row = p50(QUIET, new double[] {11, 11.1, 10.9, 11, 11.1});

            assertThat(row.verdict()).isEqualTo(Verdict.WORSE);
            assertThat(row.before()).isEqualTo(10);
            assertThat(row.now()).isEqualTo(11);
            assertThat(row.noise()).isLessThan(1);
        }

        @Test
        void callBetterWhatLiesBeyondItOnTheOtherSide() {
            assertThat(p50(QUIET, new double[] {9, 9.1, 8.9, 9, 9}).verdict()).isEqualTo(Verdict.BETTER);
        }

        @Test
        void believeTheNoisierOfBoth() {
            assertThat(p50(new double[] {8, 10, 12, 9, 11}, new double[] {12, 12, 12, 12, 12})
                            .verdict())
                    .isEqualTo(Verdict.SAME);
        }

        @Test
        void areNotBlindedByOneDisturbedRound() {
            assertThat(p50(QUIET, new double[] {12, 12.1, 400, 11.9, 12}).verdict())
                    .isEqualTo(Verdict.WORSE);
        }

        @Test
        void callFewerInstancesPerSecondWorse() {
            Row row = BenchmarkComparison.of(
                            List.of(level(10, 100, 0, QUIET)), List.of(level(10, 100, 0, 20, 20, 20, 20, 20)))
                    .rows()
                    .get(Figure.THROUGHPUT.ordinal());

            assertThat(row.figure()).isEqualTo(Figure.THROUGHPUT);
            assertThat(row.verdict()).isEqualTo(Verdict.WORSE);
        }

        @Test
        void callFailuresWorseThatWereNotThereBefore() {
            BenchmarkComparison comparison =
                    BenchmarkComparison.of(List.of(level(10, 100, 0, QUIET)), List.of(level(10, 95, 5, QUIET)));

            assertThat(comparison.rows())
                    .filteredOn(row -> row.verdict() == Verdict.WORSE)
                    .extracting(Row::figure)
                    .containsExactly(Figure.ERROR_RATE);
            assertThat(comparison.isWorse()).isTrue();
        }

        @Test
        void leaveOutLevelsThatOnlyOneHas() {
            assertThat(BenchmarkComparison.of(
                                    List.of(level(1, 10, 0, QUIET), level(10, 10, 0, QUIET)),
                                    List.of(level(10, 10, 0, QUIET), level(25, 10, 0, QUIET)))
                            .rows())
                    .extracting(Row::concurrency)
                    .containsOnly(10);
        }

        private static Row p50(double[] before, double[] now) {
            return BenchmarkComparison.of(List.of(level(1, 50, 0, before)), List.of(level(1, 50, 0, now)))
                    .rows()
                    .getFirst();
        }
    }

    @Nested
    class Advice {

        @Test
        void isNoneWhenAllIsWell() {
            assertThat(BenchmarkAdvice.of(
                            List.of(level(1, 500, 0, QUIET), level(10, 500, 0, QUIET)),
                            List.of(BenchmarkTarget.DEFAULT)))
                    .isEmpty();
        }

        @Test
        void namesTheStepBehindAMissedTarget() {
            assertThat(BenchmarkAdvice.of(
                            List.of(level(1, 500, 0, QUIET)), List.of(BenchmarkTarget.parse("p50 < 5ms"))))
                    .containsExactly("One at a time: 'p50 < 5ms' is missed: p50 is 10.0 ms. "
                            + "Begin with step 'order': 70% of an instance's time is spent there.");
        }

        @Test
        void namesThePoolThatIsWaitedFor() {
            BenchmarkLevel level = level(25, 500, 0, 0.4, QUIET);

            assertThat(BenchmarkAdvice.of(List.of(level), List.of()))
                    .containsExactly("25 at a time: 40% of an instance's time is spent waiting for a connection of "
                            + "'api'. Raise its pool.max, unless that is what is measured.");
        }

        @Test
        void findsWhereMoreAtATimeGainsNothing() {
            assertThat(BenchmarkAdvice.of(
                            List.of(level(10, 500, 0, QUIET), level(25, 500, 0, 24, 24, 24, 24, 24)), List.of()))
                    .containsExactly("From 10 to 25 at a time throughput goes from 1,000/s to 1,042/s while the median "
                            + "goes from 10.0 to 24.0 ms: something is used up at about 10 at a time.");
        }

        @Test
        void tellsTheMostFrequentFailureOnceAndLittleElse() {
            assertThat(BenchmarkAdvice.of(
                            List.of(level(1, 0, 20, QUIET), level(10, 0, 200, 0.9, QUIET)),
                            List.of(BenchmarkTarget.DEFAULT)))
                    .containsExactly(
                            "No instance passed, so nothing was measured: the times above are those of failures. Most"
                                    + " often: order: status was 503");
        }

        @Test
        void doubtsItself() {
            assertThat(BenchmarkAdvice.of(List.of(level(1, 20, 0, 5, 10, 12, 9, 11)), List.of()))
                    .containsExactly(
                            "One at a time: the rounds' medians differ by 45%: smaller changes cannot be seen. "
                                    + "Use a quieter machine or a longer --duration.",
                            "One at a time: p99 rests on 20 instances only. "
                                    + "Use a longer --duration for one that can be relied on.");
        }
    }

    @Nested
    class Reports {

        @TempDir
        Path folder;

        @Test
        void showLevelsTargetsComparisonAndAdvice() throws IOException {
            BenchmarkReport before = report(null, level(1, 500, 0, QUIET), level(10, 500, 0, QUIET));
            BenchmarkFile.write(before);
            BenchmarkReport now = report(
                    BenchmarkFile.read(before.file()), level(1, 500, 0, QUIET), level(10, 498, 2, 20, 20, 20, 20, 20));

            assertThat(String.join("\n", new BenchmarkView(false, 100).render(now))
                            .replace(folder + "/", ""))
                    .isEqualTo("""

                        at a time   instances   failed   p50 ms   p95 ms   p99 ms   max ms   per s   errors
                        1                 500        0     10.0     10.0     10.0     10.0     100       0%
                        10                500        2     20.0     20.0     20.0     20.0     500     0.4%

                        targets   3 passed, 1 failed
                          ✓ p50 < 5s
                          ✗ p95 < 15ms   missed at 10 at a time

                        beside before.json   medians of the rounds
                          at a time       figure   baseline       now   change       noise   verdict
                          1                  p50    10.0 ms   10.0 ms       0%   ± 0.30 ms      same
                          1                  p95    10.0 ms   10.0 ms       0%   ± 0.30 ms      same
                          1                  p99    10.0 ms   10.0 ms       0%   ± 0.30 ms      same
                          1           throughput      100/s     100/s       0%     ± 2.9/s      same
                          1           error_rate         0%        0%       0%      ± 0.5%      same
                          10                 p50    10.0 ms   20.0 ms    +100%   ± 0.30 ms     worse
                          10                 p95    10.0 ms   20.0 ms    +100%   ± 0.30 ms     worse
                          10                 p99    10.0 ms   20.0 ms    +100%   ± 0.30 ms     worse
                          10          throughput    1,000/s     500/s     -50%    ± 29.4/s     worse
                          10          error_rate         0%      0.4%    noise      ± 0.5%      same

                        recommendations
                          - 10 at a time: 2 of 500 instances failed, so its times are not those of the work done. Most often: order: status was 503
                          - 10 at a time: 'p95 < 15ms' is missed: p95 is 20.0 ms. Begin with step 'order': 70% of an instance's time is spent there.

                        ✗ 1 target is missed, 4 figures are worse than the baseline, 2 instances failed
                          written to now.json\
                        """);
        }

        @Test
        void sayWhereNothingCouldBeMeasured() {
            assertThat(new BenchmarkView(false, 100)
                            .render(report(null, level(1, 0, 5, QUIET), level(10, 0, 9, QUIET))))
                    .contains(
                            "targets   0 passed, 4 failed",
                            "  ✗ p50 < 5s   no instance passed at 1, 10 at a time",
                            "  ✗ p95 < 15ms   no instance passed at 1, 10 at a time",
                            "✗ 4 targets are missed, no instance passed");
        }

        @Test
        void callNothingSameThatIsSmallerThanItsNoise() throws IOException {
            double[] noisy = {1, 9, 3, 12, 5};
            BenchmarkReport before = report(null, level(1, 500, 0, noisy));
            BenchmarkFile.write(before);

            assertThat(new BenchmarkView(false, 100)
                            .render(report(BenchmarkFile.read(before.file()), level(1, 500, 0, noisy))))
                    .contains("  1                  p50    5.00 ms   5.00 ms       0%   ± 12.0 ms   too noisy");
        }

        @Test
        void tellThatTheirFiguresCannotBeBelieved() throws IOException {
            BenchmarkReport report = report(
                    null,
                    new Soundness(RunEnd.Validity.SUSPECT, List.of("the generator was busy")),
                    level(1, 500, 0, QUIET));
            BenchmarkFile.write(report);

            assertThat(String.join("\n", new BenchmarkView(false, 100).render(report)))
                    .contains("\nthe run is suspect\n  - the generator was busy\n\n✓ all targets hold");
            assertThat(Files.readString(report.file())).contains("\"valid\" : \"suspect\"");
        }

        private BenchmarkReport report(@Nullable BenchmarkFile baseline, BenchmarkLevel... levels) {
            return report(baseline, new Soundness(RunEnd.Validity.VALID, List.of()), levels);
        }

        private BenchmarkReport report(
                @Nullable BenchmarkFile baseline, Soundness soundness, BenchmarkLevel... levels) {
            return BenchmarkReport.of(
                    SyntheticRun.info(100L, 10, List.of()),
                    List.of(levels),
                    List.of(BenchmarkTarget.DEFAULT, BenchmarkTarget.parse("p95 < 15ms")),
                    folder.resolve(baseline == null ? "before.json" : "now.json"),
                    baseline,
                    soundness);
        }

        @Test
        void areReadAgainAsTheyWereWritten() throws IOException {
            BenchmarkReport report = report(null, level(1, 499, 1, QUIET), level(10, 500, 0, QUIET));
            BenchmarkFile.write(report);

            BenchmarkFile read = BenchmarkFile.read(report.file());

            assertThat(read.levels())
                    .extracting(BenchmarkLevel::rounds)
                    .containsExactlyElementsOf(
                            report.levels().stream().map(BenchmarkLevel::rounds).toList());
            assertThat(read.levels().getFirst().failed()).isEqualTo(1);
            assertThat(read.definitions()).containsExactly("ab12");
            assertThat(Files.readString(report.file()))
                    .contains("\"schema\" : \"turbulence-benchmark/1\"", "\"targets_held\" : 4", "\"exit_code\" : 1");
        }

        @ParameterizedTest
        @ValueSource(strings = {"[]", "{}", "{\"schema\": \"turbulence-benchmark/1\", \"levels\": 5}", "text"})
        void areNotTakenForSomethingElse(String text) throws IOException {
            Path file = Files.writeString(folder.resolve("other.json"), text);

            assertThatThrownBy(() -> BenchmarkFile.read(file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("'" + file + "' is no result of 'turbulence bench': ");
        }

        @Test
        void exitWithTwoWhenATargetIsMissedOrTheBaselineWasBetter() throws IOException {
            BenchmarkReport good = report(null, level(1, 500, 0, QUIET));
            BenchmarkFile.write(good);
            BenchmarkFile baseline = BenchmarkFile.read(good.file());

            assertThat(good.exitCode()).isEqualTo(ExitCode.GOOD);
            assertThat(report(null, level(1, 499, 1, QUIET)).exitCode()).isEqualTo(ExitCode.INSTANCES_FAILED);
            assertThat(report(null, level(1, 500, 0, 20, 20, 20, 20, 20)).exitCode())
                    .isEqualTo(ExitCode.THRESHOLD);
            assertThat(report(baseline, level(1, 500, 0, QUIET)).exitCode()).isEqualTo(ExitCode.GOOD);
            assertThat(report(baseline, level(1, 500, 0, 12, 12, 12, 12, 12)).exitCode())
                    .isEqualTo(ExitCode.THRESHOLD);
        }
    }

    private static BenchmarkLevel level(int concurrency, long passed, long failed, double... medians) {
        return level(concurrency, passed, failed, 0, medians);
    }

    private static BenchmarkLevel level(int concurrency, long passed, long failed, double waited, double[] medians) {
        List<BenchmarkLevel.Round> rounds = new ArrayList<>();
        double errorRate = (double) failed / (passed + failed);
        for (double median : medians) {
            Map<Figure, Double> figures = new EnumMap<>(Figure.class);
            figures.put(Figure.P50, median);
            figures.put(Figure.P95, median);
            figures.put(Figure.P99, median);
            figures.put(Figure.THROUGHPUT, concurrency * 1000 / median);
            figures.put(Figure.ERROR_RATE, errorRate);
            rounds.add(new BenchmarkLevel.Round(figures));
        }
        double first = medians[0];
        return new BenchmarkLevel(
                concurrency,
                passed,
                failed,
                (passed + failed) * first / 1000 / concurrency,
                new Times(passed + failed, first, first, first, first, first, first, first, first),
                rounds,
                "order",
                0.7,
                "api",
                waited,
                failed > 0 ? "order: status was 503" : null);
    }
}
