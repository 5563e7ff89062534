package io.turbulence.core.internal.result.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.result.SyntheticRun;
import io.turbulence.core.internal.result.figures.RunSummary.Instances;
import io.turbulence.core.internal.result.figures.StepStatistics.Counts;
import io.turbulence.core.internal.result.figures.StepStatistics.Time;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowedThresholdTest {

    private static final StepInfo ACTION = SyntheticRun.steps().get(0);
    private static final StepInfo POLLING = SyntheticRun.steps().get(5);

    @Test
    void isThatOfTheWorstStretch() {
        WindowedThreshold threshold = threshold("max_latency_ms < 100 over 3s");
        for (int second = 1; second <= 20; second++) {
            threshold.step(ACTION, latencies(second == 10 ? 250 : 20));
            threshold.end(second, new Instances(second, second, 0, 0));
        }

        assertThat(threshold.result().holds()).isFalse();
        assertThat(threshold.result().actual().getAsDouble()).isBetween(250.0, 251.0);
    }

    @Test
    void beginsItsWindowsWhenTheRunProperDoes() {
        WindowedThreshold threshold = new WindowedThreshold(parsed("rate_per_s > 5 over 2s"));
        for (int second = 1; second <= 3; second++) {
            threshold.end(second, new Instances(0, 0, 0, 0));
        }
        threshold.begin(3.4);
        threshold.end(4.4, new Instances(20, 20, 0, 0));
        assertThat(threshold.result().actual()).isEmpty();
        threshold.end(5.4, new Instances(40, 40, 0, 0));

        assertThat(threshold.result().actual().getAsDouble()).isCloseTo(20, within(0.001));
    }

    @Test
    void looksAtNoStretchThatIsMuchShorterThanItsWindow() {
        WindowedThreshold threshold = new WindowedThreshold(parsed("rate_per_s > 1 over 1s"));
        threshold.begin(0.4);
        threshold.end(1, new Instances(0, 0, 0, 0));
        assertThat(threshold.result().actual()).isEmpty();
        threshold.end(2, new Instances(3, 3, 0, 0));

        assertThat(threshold.result().actual().getAsDouble()).isCloseTo(3 / 1.6, within(0.001));
    }

    @Test
    void takesWhatALateIntervalHeldForAsLongAsItTook() {
        WindowedThreshold threshold = threshold("rate_per_s > 9 over 1s");
        threshold.end(1, new Instances(10, 10, 0, 0));
        threshold.end(3.9, new Instances(39, 39, 0, 0));
        threshold.end(4, new Instances(39, 39, 0, 0));
        threshold.end(5, new Instances(50, 50, 0, 0));

        assertThat(threshold.result().actual().getAsDouble()).isCloseTo(29 / 3.0, within(0.001));
    }

    @Test
    void leavesOutTheWindowsThatEndBeforeItIsLookedAt() {
        Threshold after = parsed("pass_rate >= 50% over 1s").aborting(Duration.ofSeconds(3));
        WindowedThreshold whole = new WindowedThreshold(after);
        WindowedThreshold cutShort = new WindowedThreshold(after);
        for (WindowedThreshold threshold : List.of(whole, cutShort)) {
            threshold.begin(0);
            threshold.end(1, new Instances(10, 0, 10, 0));
            threshold.end(2, new Instances(20, 10, 10, 0));
            assertThat(threshold.result().actual()).isEmpty();
        }
        whole.end(3, new Instances(30, 18, 12, 0));
        cutShort.finish(2);

        assertThat(whole.result().actual()).hasValue(0.8);
        assertThat(cutShort.result().actual()).hasValue(0.0);
    }

    @Test
    void looksAtNothingBeforeAWholeWindow() {
        WindowedThreshold threshold = threshold("max_latency_ms < 100 over 5s");
        for (int second = 1; second <= 4; second++) {
            threshold.step(ACTION, latencies(250));
            threshold.end(second, new Instances(second, second, 0, 0));
        }

        assertThat(threshold.result().actual()).isEmpty();
    }

    @Test
    void takesARunShorterThanTheWindowAsOne() {
        WindowedThreshold rate = threshold("pass_rate >= 95% over 3s");
        WindowedThreshold latency = threshold("max_latency_ms < 100 over 3s");
        WindowedThreshold errors = threshold("error_count <= 0 over 3s");
        WindowedThreshold throughput = threshold("rate_per_s >= 40 over 3s");
        for (WindowedThreshold threshold : List.of(rate, latency, errors, throughput)) {
            threshold.step(ACTION, latencies(50));
            threshold.end(1, new Instances(40, 40, 0, 0));
            threshold.end(1.5, new Instances(80, 79, 1, 0));
            assertThat(threshold.result().actual()).isEmpty();
            threshold.finish(1.5);
        }

        assertThat(rate.result().holds()).isTrue();
        assertThat(rate.result().actual()).hasValue(79 / 80.0);
        assertThat(latency.result().holds()).isTrue();
        assertThat(errors.result().actual()).hasValue(1);
        assertThat(errors.result().holds()).isFalse();
        assertThat(throughput.result().actual()).hasValue(80 / 1.5);
    }

    @Test
    void judgesNoLooseEndOfARunThatHadWholeWindows() {
        WindowedThreshold threshold = threshold("pass_rate >= 50% over 2s");
        threshold.end(2, new Instances(100, 100, 0, 0));
        threshold.end(2.1, new Instances(101, 100, 1, 0));
        threshold.finish(1.5);

        assertThat(threshold.result().actual().getAsDouble()).isGreaterThan(0.99);
    }

    @Test
    void hasNoResultWhereNothingWasMeasured() {
        WindowedThreshold unbegun = threshold("pass_rate >= 50% over 2s");
        unbegun.finish(0);
        WindowedThreshold idle = threshold("max_latency_ms < 100 over 3s");
        idle.end(1, new Instances(0, 0, 0, 0));
        idle.finish(1);

        assertThat(unbegun.result().actual()).isEmpty();
        assertThat(idle.result().actual()).isEmpty();
    }

    @Test
    void forgetsWhatIsOlderThanTheWindow() {
        WindowedThreshold threshold = threshold("pass_rate >= 50% over 2s");
        threshold.end(1, new Instances(100, 0, 100, 0));
        assertThat(threshold.result().actual()).isEmpty();
        threshold.end(2, new Instances(200, 100, 100, 0));
        assertThat(threshold.result().actual()).hasValue(0.5);
        threshold.end(3, new Instances(300, 200, 100, 0));
        threshold.end(4, new Instances(400, 300, 100, 0));
        assertThat(threshold.result().actual()).hasValue(0.5);
        assertThat(threshold.result().holds()).isTrue();
    }

    @Test
    void asksForNoLeastNumberWhenARunEnds() {
        WindowedThreshold least = threshold("rate_per_s > 5 over 1s");
        WindowedThreshold most = threshold("error_count < 5 over 1s");
        for (WindowedThreshold threshold : List.of(least, most)) {
            threshold.end(1, new Instances(10, 10, 0, 0));
            threshold.allStarted();
            threshold.end(2, new Instances(18, 12, 6, 0));
            threshold.end(3, new Instances(18, 12, 6, 0));
            threshold.finish(2);
        }

        assertThat(least.result().actual()).hasValue(10);
        assertThat(most.result().actual()).hasValue(6);
    }

    @Test
    void takesTheMeasuredTimeOfARunShorterThanTheWindow() {
        WindowedThreshold threshold = threshold("rate_per_s > 5 over 5s");
        threshold.allStarted();
        threshold.end(1, new Instances(8, 8, 0, 0));
        threshold.end(8, new Instances(20, 20, 0, 0));
        threshold.finish(2);

        assertThat(threshold.result().actual()).hasValue(10);
    }

    @Test
    void looksAtTheStepsThatItNames() {
        WindowedThreshold global = threshold("max_latency_ms < 100 over 1s");
        WindowedThreshold named = threshold("steps.wait_for_confirmation.max_latency_ms < 100 over 1s");
        for (WindowedThreshold threshold : new WindowedThreshold[] {global, named}) {
            threshold.step(ACTION, latencies(20));
            threshold.step(POLLING, latencies(5_000));
            threshold.end(1, new Instances(1, 1, 0, 0));
        }

        assertThat(global.result().holds()).isTrue();
        assertThat(named.result().holds()).isFalse();
    }

    private static WindowedThreshold threshold(String text) {
        WindowedThreshold threshold = new WindowedThreshold(parsed(text));
        threshold.begin(0);
        return threshold;
    }

    private static Threshold parsed(String text) {
        return Threshold.parse(text, SyntheticRun.names());
    }

    private static Counts latencies(long millis) {
        Counts counts = Counts.narrow();
        counts.record(Time.LATENCY, Duration.ofMillis(millis).toNanos());
        return counts;
    }
}
