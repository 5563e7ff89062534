package io.turbulence.core.internal.result.soundness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.turbulence.core.internal.result.figures.GeneratorFigures;
import io.turbulence.core.internal.result.figures.GeneratorFigures.Pauses;
import java.time.Duration;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class GeneratorWatchTest {

    private static final long SECOND = 1_000_000_000L;

    private final Meters meters = new Meters();
    private final GeneratorWatch watch = new GeneratorWatch(meters, null);

    @Test
    void addsTheTimeAtHighLoadUp() {
        seconds(1, 0, 0);
        seconds(3, 1.8, 0);
        seconds(1, 0.2, 0);
        seconds(7, 1.7, 0);
        seconds(2, 1.0, 0);

        GeneratorFigures.Stretches busy = watch.figures().busy();
        assertThat(busy.high()).isEqualTo(10, within(1e-6));
        assertThat(busy.highMean()).isEqualTo((3 * 0.9 + 7 * 0.85) / 10, within(1e-6));
        assertThat(busy.veryHigh()).isZero();
        assertThat(busy.highest()).isEqualTo(0.9, within(1e-6));
        assertThat(busy.mean()).isEqualTo((3 * 0.9 + 0.1 + 7 * 0.85 + 2 * 0.5) / 13, within(1e-6));
    }

    @Test
    void seesThatItsProcessorsAreTaken() {
        seconds(1, 0, 0);
        seconds(6, 0.4, 0.9);

        assertThat(watch.figures().starved().high()).isEqualTo(6, within(1e-6));
        assertThat(watch.figures().starved().highMean()).isEqualTo(0.9 / 1.3, within(1e-6));
        assertThat(watch.figures().busy().high()).isZero();
    }

    @Test
    void doesNotCallAnIdleGeneratorStarved() {
        seconds(1, 0, 0);
        seconds(20, 0.01, 0.1);

        assertThat(watch.figures().starved().high()).isZero();
    }

    @Test
    void leavesTheWarmUpOut() {
        seconds(20, 2, 0, false);
        meters.wall += 60_000;
        watch.paused(1_000, 700);
        seconds(1, 2, 0, true);
        seconds(2, 0.1, 0, true);

        assertThat(watch.figures().busy().high()).isZero();
        assertThat(watch.figures().clockJump()).isZero();
        assertThat(watch.figures().pauses()).isEqualTo(Pauses.NONE);
    }

    @Test
    void seesTheWallClockJump() {
        seconds(1, 0, 0);
        seconds(2, 0, 0);
        meters.wall -= 3_600_000;
        seconds(2, 0, 0);

        assertThat(watch.figures().clockJump()).isEqualTo(-3600, within(1e-3));
    }

    @Test
    void addsPausesOfTenSecondsUp() {
        seconds(1, 0, 0);
        seconds(1, 0, 0);
        watch.paused(1_000, 60);
        watch.paused(5_000, 80);
        watch.paused(12_000, 40);
        watch.paused(30_000, 10);

        assertThat(watch.figures().pauses()).isEqualTo(new Pauses(80, 140));
    }

    @Nested
    class OfThisProcess {

        @Test
        void hasMetersThatGrow() {
            ProcessMeters process = new ProcessMeters();
            long cpu = process.cpuNanos();
            long queued = process.queuedNanos();
            // The processor's time is counted in steps, and a busy machine gives little of it
            long end = System.nanoTime() + 20 * SECOND;
            while (process.cpuNanos() == cpu && System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }

            assertThat(process.cpuNanos()).isGreaterThan(cpu);
            assertThat(process.queuedNanos()).isGreaterThanOrEqualTo(queued);
            assertThat(process.processors()).isPositive();
        }

        @Test
        void countsPinnedThreadsWhileItMeasures() {
            try (PinnedThreads pinned = new PinnedThreads()) {
                pinned.pinned(Duration.ofSeconds(9), "before it was measured");
                pinned.measuring(true);
                pinned.pinned(Duration.ofMillis(30), "a short one");
                pinned.pinned(Duration.ofMillis(120), "VM call to Driver.<clinit> on stack");

                assertThat(pinned.figures(300_000_000L))
                        .isEqualTo(
                                new GeneratorFigures.Pinned(2, 150, 120, 0.5, "VM call to Driver.<clinit> on stack"));
            }
        }

        @Test
        void canBeClosedTwice() {
            GeneratorWatch own = GeneratorWatch.start("twice", false);
            own.close();
            own.close();

            assertThat(own.figures()).isEqualTo(GeneratorFigures.NONE);
        }
    }

    /// Seconds in which so many processors were used and waited for.
    private void seconds(int count, double used, double waited) {
        seconds(count, used, waited, true);
    }

    private void seconds(int count, double used, double waited, boolean measuring) {
        for (int i = 0; i < count; i++) {
            meters.nanos += SECOND;
            meters.wall += 1_000;
            meters.cpu += Math.round(used * SECOND);
            meters.queued += Math.round(waited * SECOND);
            watch.sample(measuring);
        }
    }

    /// A machine with two processors.
    private static final class Meters implements GeneratorMeters {

        private long nanos;
        private long wall;
        private long cpu;
        private long queued;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long wallMillis() {
            return wall;
        }

        @Override
        public long cpuNanos() {
            return cpu;
        }

        @Override
        public long queuedNanos() {
            return queued;
        }

        @Override
        public int processors() {
            return 2;
        }

        @Override
        public double machineLoad() {
            return -1;
        }
    }
}
