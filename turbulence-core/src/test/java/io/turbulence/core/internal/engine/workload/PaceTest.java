package io.turbulence.core.internal.engine.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {

    private static final long SECOND = 1_000_000_000L;

    @Test
    void waitsForNothingWithoutPacing() {
        long start = System.nanoTime();
        Pace pace = new Pace(1, null, start, 3, 5);

        assertThat(pace.due()).isEqualTo(start);
        assertThat(pace.begin(0)).isGreaterThanOrEqualTo(start);
    }

    @Test
    void spreadsTheSlotsOverTheFirstPace() {
        assertThat(pace(System.nanoTime(), 2, 2, 0).due() - pace(0, 2, 2, 0).due())
                .isPositive();
        assertThat(pace(0, 2, 2, 1).due()).isEqualTo(SECOND / 2);
        assertThat(pace(0, 2, 2, 3).due()).isEqualTo(3 * SECOND / 2);
    }

    @Test
    void countsFromStartToStart() {
        long start = System.nanoTime() + 10 * SECOND;
        Pace pace = pace(start, 2, 2, 0);

        assertThat(pace.begin(0)).isEqualTo(start);
        assertThat(pace.due()).isEqualTo(start + 2 * SECOND);
    }

    @Test
    void doesNotMakeUpForALongInstance() {
        long longAgo = System.nanoTime() - 60 * SECOND;
        Pace pace = pace(longAgo, 2, 2, 0);

        assertThat(pace.begin(0)).isEqualTo(longAgo);
        assertThat(pace.due()).isGreaterThan(longAgo + 61 * SECOND);
    }

    @Test
    void drawsFromTheSeed() {
        long start = System.nanoTime() + 10 * SECOND;
        Pace one = pace(start, 1, 3, 0);
        Pace other = pace(start, 1, 3, 0);
        one.begin(17);
        other.begin(17);

        assertThat(one.due()).isEqualTo(other.due()).isBetween(start + SECOND, start + 3 * SECOND);
        other.begin(18);
        one.begin(19);
        assertThat(one.due()).isNotEqualTo(other.due());
    }

    /// Of four slots.
    private static Pace pace(long start, int least, int most, int slot) {
        return new Pace(42, new Workload.Pacing(Duration.ofSeconds(least), Duration.ofSeconds(most)), start, slot, 4);
    }
}
