package io.turbulence.core.internal.result.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.turbulence.core.internal.result.SyntheticFolder;
import io.turbulence.core.internal.result.SyntheticFolder.Shape;
import io.turbulence.core.internal.result.comparison.RunComparison.Figure;
import io.turbulence.core.internal.result.comparison.RunComparison.Line;
import io.turbulence.core.internal.result.comparison.RunComparison.Verdict;
import io.turbulence.core.internal.result.figures.Quantiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunComparisonTest {

    private static final int PAIRS = 20;

    /// At most 5 of 100, so at most one of 20.
    private static final int FLAGGED_AT_MOST = (int) (RunComparison.ALPHA * PAIRS);

    private static final Shape USUAL = new Shape(60, 100, 1, 0.02);

    @TempDir
    private Path folder;

    private RunComparison compare(long seed, Shape before, Shape after) throws IOException {
        return RunComparison.of(
                SyntheticFolder.write(folder.resolve("a" + seed), 1000 + seed, before),
                SyntheticFolder.write(folder.resolve("b" + seed), 2000 + seed, after),
                RunComparison.USUAL_LIMIT);
    }

    private static boolean isFlagged(RunComparison comparison) {
        return comparison.lines().stream()
                .anyMatch(line -> line.verdict() == Verdict.BETTER || line.verdict() == Verdict.WORSE);
    }

    private static Line line(RunComparison comparison, String step, Figure figure) {
        return comparison.lines().stream()
                .filter(line -> line.step().equals(step) && line.figure() == figure)
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"12, 30", "3, 400"})
    void callsRunsThatDifferByChanceTheSame(int seconds, int perSecond) throws IOException {
        assertThat(flaggedOf(new Shape(seconds, perSecond, 1, 0.02))).isLessThanOrEqualTo(FLAGGED_AT_MOST);
    }

    @ParameterizedTest
    @CsvSource({"40, 50", "300, 100"})
    @Tag("stress")
    void callsLongRunsThatDifferByChanceTheSame(int seconds, int perSecond) throws IOException {
        assertThat(flaggedOf(new Shape(seconds, perSecond, 1, 0.02))).isLessThanOrEqualTo(FLAGGED_AT_MOST);
    }

    private int flaggedOf(Shape shape) throws IOException {
        int flagged = 0;
        for (int pair = 0; pair < PAIRS; pair++) {
            flagged += isFlagged(compare(pair, shape, shape)) ? 1 : 0;
        }
        return flagged;
    }

    @Test
    void flagsTenPercentMoreDelayAtTheStepThatHasIt() throws IOException {
        for (int pair = 0; pair < 2; pair++) {
            RunComparison comparison = compare(pair, new Shape(300, 50, 1, 0.02), new Shape(300, 50, 1.1, 0.02));

            assertThat(line(comparison, "create_order", Figure.P50).verdict()).isEqualTo(Verdict.WORSE);
            assertThat(line(comparison, "create_order", Figure.P50).change()).isBetween(0.05, 0.25);
            assertThat(line(comparison, "create_cart", Figure.P50).verdict()).isEqualTo(Verdict.SAME);
            assertThat(comparison.hasRegression(0.05)).isTrue();
            assertThat(comparison.hasRegression(0.5)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"60, 100", "3, 400", "3, 15"})
    void showsTheChangeOfTheFiguresBesideIt(int seconds, int perSecond) throws IOException {
        Shape shape = new Shape(seconds, perSecond, 1, 0.02);

        assertThat(compare(11, shape, shape).lines()).isNotEmpty().allSatisfy(line -> {
            double shown =
                    line.figure() == Figure.FAILED ? line.after() - line.before() : line.after() / line.before() - 1;
            assertThat(line.change()).isCloseTo(shown, within(0.001)).isBetween(line.low(), line.high());
        });
    }

    @Test
    void callsTheSameOnlyWhatCannotDifferByMoreThanIsLookedFor() throws IOException {
        RunComparison quick = compare(1, new Shape(3, 100, 1, 0.02), new Shape(3, 100, 1, 0.02));

        assertThat(line(quick, "create_order", Figure.P95).verdict()).isEqualTo(Verdict.UNCLEAR);
        assertThat(quick.unclear()).contains("create_order p95");
        assertThat(quick.hasRegression(0)).isFalse();
        assertThat(String.join("\n", quick.render(false, 120)))
                .containsPattern("p95 .* unclear")
                .containsPattern("\\d of 9 figures unclear: a difference that matters is neither shown nor ruled out."
                        + " Compare longer runs.");

        RunComparison wide = RunComparison.of(folder.resolve("a1"), folder.resolve("b1"), 5);
        assertThat(line(wide, "create_order", Figure.P95).verdict()).isEqualTo(Verdict.SAME);
    }

    @Test
    void callsWhatBecameFasterBetter() throws IOException {
        RunComparison comparison = compare(1, USUAL, new Shape(60, 100, 0.8, 0.02));

        assertThat(line(comparison, "create_order", Figure.P50).verdict()).isEqualTo(Verdict.BETTER);
        assertThat(comparison.hasRegression(0)).isFalse();
    }

    @Test
    void callsMoreFailuresWorseWhateverTheirShare() throws IOException {
        RunComparison comparison = compare(1, USUAL, new Shape(60, 100, 1, 0.06));

        assertThat(line(comparison, "create_order", Figure.FAILED).verdict()).isEqualTo(Verdict.WORSE);
        assertThat(comparison.hasRegression(10)).isTrue();
    }

    @Test
    void doesNotJudgeByAFew() throws IOException {
        RunComparison comparison = compare(1, new Shape(3, 5, 1, 0), new Shape(3, 5, 3, 0));

        assertThat(line(comparison, "create_order", Figure.P50).verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(line(comparison, "create_order", Figure.P95).verdict()).isEqualTo(Verdict.UNKNOWN);
    }

    @Test
    void showsBothSides() throws IOException {
        RunComparison comparison = compare(1, USUAL, new Shape(60, 100, 1.5, 0.02));

        assertThat(String.join("\n", comparison.render(false, 120)))
                .contains("A  " + folder.resolve("a1"), "B  " + folder.resolve("b1"))
                .containsPattern(
                        "create_order +p50 +[\\d.]+ ms +[\\d.]+ ms +\\+\\d\\d\\.\\d% +\\+[\\d.]+ … \\+[\\d.]+ +worse")
                .endsWith("2 worse, 0 better, at 95 % confidence for all 9 figures together.");
    }

    @Test
    void saysWhatMakesRunsHardToCompare() throws IOException {
        Path a = SyntheticFolder.write(folder.resolve("a"), 1, USUAL);
        Path b = SyntheticFolder.write(folder.resolve("b"), 2, USUAL);
        Path summary = b.resolve("summary.json");
        Files.writeString(
                summary,
                Files.readString(summary)
                        .replace("\"valid\" : \"valid\"", "\"valid\" : \"suspect\", \"validity_reasons\": [\"busy\"]"));
        Path manifest = b.resolve("manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"concurrency\" : 10", "\"concurrency\" : 20"));

        assertThat(RunComparison.of(a, b, RunComparison.USUAL_LIMIT).remarks())
                .containsExactly(
                        "'" + b + "' is suspect: busy", "They were not run alike: concurrency was 10 and is 20 now.");
    }

    @Test
    void refusesWhatIsNoRun() throws IOException {
        Path a = SyntheticFolder.write(folder.resolve("a"), 1, USUAL);
        Files.delete(a.resolve("summary.json"));

        assertThatThrownBy(() -> RunComparison.of(folder, a, RunComparison.USUAL_LIMIT))
                .hasMessage("'" + folder + "' holds no run: there is no 'manifest.json'. A run's folder was expected.");
        assertThatThrownBy(() -> RunComparison.of(a, a, RunComparison.USUAL_LIMIT))
                .hasMessage("'" + a
                        + "' has no 'summary.json': the run was killed, or it still goes on. A run that has"
                        + " ended was expected.");
    }

    @Nested
    class Statistic {

        @Test
        void hasTheQuantilesOfTheTables() {
            assertThat(Quantiles.student(0.975, Double.POSITIVE_INFINITY)).isCloseTo(1.959964, within(1e-6));
            assertThat(Quantiles.student(0.9995, Double.POSITIVE_INFINITY)).isCloseTo(3.290527, within(1e-6));
            assertThat(Quantiles.student(0.975, 1)).isCloseTo(12.7062, within(1e-4));
            assertThat(Quantiles.student(0.975, 10)).isCloseTo(2.228139, within(1e-6));
            assertThat(Quantiles.student(0.995, 29)).isCloseTo(2.756386, within(1e-6));
            assertThat(Quantiles.student(0.05, 5)).isCloseTo(-2.015048, within(1e-6));
        }

        @Test
        void holdsItsLevelOverStretchesThatAreIndependent() {
            Random random = new Random(7);
            int missed = 0;
            int rounds = 2_000;
            for (int round = 0; round < rounds; round++) {
                Difference difference =
                        Difference.ofShare(shares(random), 50_000, 100_000, shares(random), 50_000, 100_000, 0.05);
                double width = (difference.high() - difference.low()) / 2;
                double first = mean(random);
                double drawn = first - mean(random);
                missed += Math.abs(drawn) > width ? 1 : 0;
            }
            assertThat((double) missed / rounds).isBetween(0.01, 0.06);
        }

        private static final double SPREAD = 0.05;
        private static final int STRETCHES = 30;

        private List<Double> shares(Random random) {
            List<Double> shares = new ArrayList<>();
            for (int i = 0; i < STRETCHES; i++) {
                shares.add(0.5 + SPREAD * random.nextGaussian());
            }
            return shares;
        }

        private double mean(Random random) {
            return shares(random).stream().mapToDouble(Double::doubleValue).sum() / STRETCHES;
        }
    }
}
