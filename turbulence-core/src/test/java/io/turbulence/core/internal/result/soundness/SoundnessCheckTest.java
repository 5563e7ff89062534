package io.turbulence.core.internal.result.soundness;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.result.SyntheticRun;
import io.turbulence.core.internal.result.figures.GeneratorFigures;
import io.turbulence.core.internal.result.figures.GeneratorFigures.Pauses;
import io.turbulence.core.internal.result.figures.GeneratorFigures.Pinned;
import io.turbulence.core.internal.result.figures.GeneratorFigures.Stretches;
import io.turbulence.core.internal.result.figures.RunEnd.Validity;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.RunSummary.Lag;
import io.turbulence.core.internal.result.figures.RunSummary.Times;
import io.turbulence.core.internal.result.figures.ScenarioArrivals;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SoundnessCheckTest {

    private Lag lag = new Lag(10_000, 0.1, 0.8, 4);
    private Map<String, ScenarioArrivals> arrivals = Map.of("shop", new ScenarioArrivals(10_000, 0));
    private List<RunSummary.Step> steps = List.of();
    private List<Threshold> thresholds = List.of();
    private long samples = 10_000;
    private long waiting = 1;
    private Stretches busy = Stretches.NONE;
    private Stretches starved = Stretches.NONE;
    private Stretches machine = Stretches.NONE;
    private Pauses pauses = new Pauses(12, 80);
    private Pinned pinned = Pinned.NONE;
    private double clockJump = 0.004;

    private Soundness verdict() {
        return SoundnessCheck.judge(new SoundnessCheck.Facts(
                lag,
                arrivals,
                steps,
                thresholds,
                figure -> samples,
                service -> waiting,
                new GeneratorFigures(busy, starved, machine, pauses, pinned, clockJump)));
    }

    private void assertVerdict(Validity validity, String reason) {
        assertThat(verdict()).isEqualTo(new Soundness(validity, List.of(reason)));
    }

    @Test
    void findsNothingWrongWithAQuietRun() {
        assertThat(verdict()).isEqualTo(new Soundness(Validity.VALID, List.of()));
    }

    @Test
    void tellsWhatMakesItInvalidFirst() {
        lag = new Lag(10_000, 2, 14, 31);
        arrivals = Map.of("shop", new ScenarioArrivals(10_000, 500));

        assertThat(verdict().validity()).isEqualTo(Validity.INVALID);
        assertThat(verdict().reasons()).hasSize(2);
        assertThat(verdict().reasons().getFirst()).startsWith("500 of 10,500 arrivals were dropped (4.8%)");
    }

    @Test
    void keepsTheWorseOfTwo() {
        Soundness suspect = new Soundness(Validity.SUSPECT, List.of("a"));
        Soundness invalid = new Soundness(Validity.INVALID, List.of("b"));

        assertThat(suspect.and(invalid)).isEqualTo(new Soundness(Validity.INVALID, List.of("b", "a")));
        assertThat(invalid.and(suspect)).isEqualTo(new Soundness(Validity.INVALID, List.of("b", "a")));
    }

    @Nested
    class Arrivals {

        @Test
        void thatBeginLateAreSuspect() {
            lag = new Lag(10_000, 2, 14, 31);
            assertVerdict(
                    Validity.SUSPECT,
                    "arrivals began late (p99 14.0 ms, at most 31.0 ms): latencies from the scheduled start include"
                            + " that. Lower the rate, use more cores, or give it a warm_up.");
        }

        @Test
        void thatBeginVeryLateAreInvalid() {
            lag = new Lag(10_000, 40, 1_204, 2_031);
            assertVerdict(
                    Validity.INVALID,
                    "arrivals began late (p99 1,204 ms, at most 2,031 ms): latencies from the scheduled start include"
                            + " that. Lower the rate, use more cores, or give it a warm_up.");
        }

        @Test
        void thatAreDroppedAreSuspect() {
            arrivals = Map.of("shop", new ScenarioArrivals(10_000, 3));
            assertVerdict(
                    Validity.SUSPECT,
                    "3 of 10,003 arrivals were dropped (0.030%), for as many instances as max_concurrency allows had"
                            + " not ended: the load was lower than asked for, and whom it spared is in no figure. Raise"
                            + " max_concurrency, or lower the rate.");
        }

        @Test
        void areJudgedByTheScenarioThatLostTheLargestShare() {
            arrivals = Map.of("many", new ScenarioArrivals(398, 2), "few", new ScenarioArrivals(1, 3));
            assertVerdict(
                    Validity.INVALID,
                    "3 of 4 arrivals of 'few' were dropped (75%; 5 of all scenarios), for as many instances as"
                            + " max_concurrency allows had not ended: the load was lower than asked for, and whom it"
                            + " spared is in no figure. Raise max_concurrency, or lower the rate.");
        }

        @Test
        void ofOneScenarioOfSeveralNameItAlone() {
            arrivals = Map.of("many", new ScenarioArrivals(4_000, 0), "few", new ScenarioArrivals(396, 4));
            assertVerdict(
                    Validity.SUSPECT,
                    "4 of 400 arrivals of 'few' were dropped (1%), for as many instances as max_concurrency allows"
                            + " had not ended: the load was lower than asked for, and whom it spared is in no figure."
                            + " Raise max_concurrency, or lower the rate.");
        }
    }

    @Nested
    class TheGenerator {

        @Test
        void isSuspectWhenItIsBusyForFiveSeconds() {
            busy = new Stretches(0.4, 1, 5.2, 0.87, 0, 0);
            assertVerdict(
                    Validity.SUSPECT,
                    "the generator was busy (CPU 87 % for 5.2 s): latencies include its own delay. Lower the rate, or"
                            + " use more cores.");
        }

        @Test
        void isInvalidWhenItHasNoRoomForTenSeconds() {
            busy = new Stretches(0.4, 1, 40, 0.91, 31, 0.97);
            assertVerdict(
                    Validity.INVALID,
                    "the generator was busy (CPU 97 % for 31 s): latencies include its own delay. Lower the rate, or"
                            + " use more cores.");
        }

        @Test
        void mayBeBusyForAMoment() {
            busy = new Stretches(0.4, 1, 4.9, 0.99, 4.9, 0.99);
            assertThat(verdict().validity()).isEqualTo(Validity.VALID);
        }

        @Test
        void isSuspectWhenOthersHaveItsProcessors() {
            starved = new Stretches(0.4, 1, 12, 0.66, 0, 0);
            assertVerdict(
                    Validity.SUSPECT,
                    "the generator got no processor (66 % of the time it wanted one, for 12 s): latencies include its"
                            + " waiting. Lower the rate, use more cores, or end what else runs on them.");
        }

        @Test
        void isSuspectOnAMachineThatOthersKeepBusy() {
            machine = new Stretches(0.4, 1, 30, 0.98, 30, 0.98);
            assertVerdict(
                    Validity.SUSPECT,
                    "the machine was busy (CPU 98 % for 30 s) with other programs than the generator: whoever answered"
                            + " there answered late, and the generator may have, too. Use another machine for the load.");
        }

        @Test
        void isSuspectAfterALongPause() {
            pauses = new Pauses(142, 300);
            assertVerdict(
                    Validity.SUSPECT,
                    "garbage collection stopped the generator (142 ms at once, 300 ms in ten seconds): latencies"
                            + " include that. Give it more memory (-Xmx).");
        }

        @Test
        void isInvalidAfterManyPauses() {
            pauses = new Pauses(90, 1_300);
            assertThat(verdict().validity()).isEqualTo(Validity.INVALID);
        }

        @Test
        void isSuspectWhenItsThreadsArePinned() {
            pinned = new Pinned(12, 4_800, 600, 0.08, "VM call to Driver.<clinit> on stack");
            assertVerdict(
                    Validity.SUSPECT,
                    "virtual threads were pinned 12 times, 4,800 ms in all (the longest 600 ms: VM call to"
                            + " Driver.<clinit> on stack): meanwhile others could not run. Whose code it is, a plugin's or"
                            + " a driver's, must not wait there.");
        }

        @Test
        void isInvalidWhenItsCarriersArePinnedMostOfTheTime() {
            pinned = new Pinned(900, 90_000, 600, 0.75, null);
            assertThat(verdict().validity()).isEqualTo(Validity.INVALID);
        }

        @Test
        void isSuspectWhenItsClocksPart() {
            clockJump = -3600;
            assertVerdict(
                    Validity.SUSPECT,
                    "the wall clock jumped 1 h 00 min back: times of day before and after do not fit together. Run it"
                            + " again, and let nobody set the clock or suspend the machine meanwhile.");
        }
    }

    @Nested
    class Pools {

        @Test
        void areToldWhereWaitingIsMostOfTheTime() {
            steps = List.of(step(times(1_000, 8), times(1_000, 10)), step(times(1_000, 3), times(1_000, 5)));
            assertVerdict(
                    Validity.SUSPECT,
                    "waiting for a connection of 'api' was 73 % of the time of its steps (5.50 ms each): the figures"
                            + " tell of the pool more than of the service. Raise its pool.max, unless that is what is"
                            + " tested.");
        }

        @Test
        void areNoMatterWhereOnlyOpeningWasWaitedFor() {
            waiting = 0;
            steps = List.of(step(times(1_000, 8), times(1_000, 10)));
            assertThat(verdict().validity()).isEqualTo(Validity.VALID);
        }

        @Test
        void mayLetInstancesWaitForAMoment() {
            steps = List.of(step(times(1_000, 0.4), times(1_000, 0.5)), step(null, null));
            assertThat(verdict().validity()).isEqualTo(Validity.VALID);
        }

        private static RunSummary.Step step(@Nullable Times wait, @Nullable Times scheduled) {
            Times waited = wait == null ? Times.NONE : wait;
            return new RunSummary.Step(
                    SyntheticRun.steps().getFirst(),
                    waited.count(),
                    waited.count(),
                    0,
                    0,
                    Times.NONE,
                    scheduled == null ? Times.NONE : scheduled,
                    waited,
                    Times.NONE,
                    Times.NONE);
        }

        private static Times times(long count, double mean) {
            return new Times(count, mean, mean, mean, mean, mean, mean, mean, mean);
        }
    }

    @Nested
    class Samples {

        @Test
        void areTooFewForThePercentileThatIsAskedFor() {
            thresholds = List.of(Threshold.parse("p99_latency_ms < 500", SyntheticRun.names()));
            samples = 40;
            assertVerdict(
                    Validity.SUSPECT,
                    "'p99_latency_ms < 500' rests on 40 samples: of so few, not ten lie beyond p99. Take 1,000 or"
                            + " more.");
        }

        @Test
        void areEnoughWhenTenLieBeyond() {
            thresholds = List.of(
                    Threshold.parse("p99_latency_ms < 500", SyntheticRun.names()),
                    Threshold.parse("p95_latency_ms < 500", SyntheticRun.names()));
            samples = 1_000;
            assertThat(verdict().validity()).isEqualTo(Validity.VALID);
        }

        @Test
        void needNotBeManyForMeanAndMaximum() {
            thresholds = List.of(
                    Threshold.parse("max_latency_ms < 500", SyntheticRun.names()),
                    Threshold.parse("mean_latency_ms < 500", SyntheticRun.names()),
                    Threshold.parse("pass_rate >= 99%", SyntheticRun.names()));
            samples = 1;
            assertThat(verdict().validity()).isEqualTo(Validity.VALID);
        }
    }
}
