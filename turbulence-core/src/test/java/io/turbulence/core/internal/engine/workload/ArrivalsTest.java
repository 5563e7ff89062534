package io.turbulence.core.internal.engine.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.turbulence.core.internal.engine.workload.Workload.Spacing;
import io.turbulence.core.internal.engine.workload.Workload.Stage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private static List<Double> all(Arrivals arrivals) {
        List<Double> all = new ArrayList<>();
        for (long due = arrivals.next(); due != Arrivals.NONE; due = arrivals.next()) {
            all.add(due / 1e9);
        }
        return all;
    }

    private static Stage stage(double from, double to, int seconds) {
        return new Stage(from, to, Duration.ofSeconds(seconds));
    }

    private static long between(List<Double> arrivals, double from, double to) {
        return arrivals.stream().filter(at -> at >= from && at < to).count();
    }

    @Nested
    class Even {

        @Test
        void areAsFarApartAsTheRateSays() {
            List<Double> arrivals = all(new Arrivals(List.of(stage(200, 200, 3))));

            assertThat(arrivals).hasSize(600);
            assertThat(arrivals.get(1)).isEqualTo(0.005, within(1e-6));
            assertThat(arrivals.getLast()).isEqualTo(2.995, within(1e-6));
        }

        @Test
        void growWithTheRate() {
            List<Double> arrivals = all(new Arrivals(List.of(stage(0, 100, 10))));

            assertThat(arrivals).hasSize(500).isSorted();
            assertThat(between(arrivals, 0, 5)).isEqualTo(125);
            assertThat(between(arrivals, 9, 10)).isBetween(94L, 96L);
        }

        @Test
        void goFromStageToStage() {
            List<Double> arrivals = all(new Arrivals(
                    List.of(stage(50, 50, 2), stage(200, 200, 2), stage(200, 0, 2), stage(0, 0, 5), stage(10, 10, 1))));

            assertThat(arrivals).isSorted();
            assertThat(between(arrivals, 0, 2)).isEqualTo(100);
            assertThat(between(arrivals, 2, 4)).isEqualTo(400);
            assertThat(between(arrivals, 4, 6)).isEqualTo(200);
            assertThat(between(arrivals, 6, 11)).isZero();
            assertThat(between(arrivals, 11, 12)).isEqualTo(10);
        }
    }

    @Nested
    class Independent {

        private final List<Double> arrivals =
                all(new Arrivals(List.of(stage(1000, 1000, 20), stage(100, 100, 20)), Spacing.POISSON, 7));

        @Test
        void comeAtTheRateInTheMean() {
            // The numbers are Poisson's: four standard deviations either way
            assertThat((double) between(arrivals, 0, 20)).isEqualTo(20_000, within(4 * Math.sqrt(20_000)));
            assertThat((double) between(arrivals, 20, 40)).isEqualTo(2_000, within(4 * Math.sqrt(2_000)));
        }

        @Test
        void haveGapsThatVaryAsMuchAsTheyAreLong() {
            List<Double> gaps = new ArrayList<>();
            for (int i = 1; i < 20_000; i++) {
                gaps.add(arrivals.get(i) - arrivals.get(i - 1));
            }
            double mean = gaps.stream().mapToDouble(gap -> gap).average().orElseThrow();
            double variance = gaps.stream()
                    .mapToDouble(gap -> (gap - mean) * (gap - mean))
                    .average()
                    .orElseThrow();

            assertThat(mean).isEqualTo(0.001, within(0.00003));
            assertThat(Math.sqrt(variance)).isEqualTo(mean, within(0.05 * mean));
            assertThat(gaps.stream().filter(gap -> gap > 0.001).count() / 20_000.0)
                    .isEqualTo(Math.exp(-1), within(0.02));
        }

        @Test
        void areTheSameWithTheSameSeed() {
            List<Stage> stages = List.of(stage(50, 50, 4));

            assertThat(all(new Arrivals(stages, Spacing.POISSON, 7)))
                    .isEqualTo(all(new Arrivals(stages, Spacing.POISSON, 7)))
                    .isNotEqualTo(all(new Arrivals(stages, Spacing.POISSON, 8)));
        }
    }
}
