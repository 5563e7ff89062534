package io.turbulence.core.internal.result.soundness;

import io.turbulence.core.internal.check.Figure;
import io.turbulence.core.internal.check.Threshold;
import io.turbulence.core.internal.result.figures.GeneratorFigures;
import io.turbulence.core.internal.result.figures.GeneratorFigures.Pauses;
import io.turbulence.core.internal.result.figures.GeneratorFigures.Pinned;
import io.turbulence.core.internal.result.figures.GeneratorFigures.Stretches;
import io.turbulence.core.internal.result.figures.RunEnd.Validity;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.ScenarioArrivals;
import io.turbulence.core.internal.result.text.Style;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/// Judges by what stands in RFC-009 whether the figures of a run can be believed. For one run and one thread.
public final class SoundnessCheck {

    private static final double LATE_MS = 10;
    private static final double VERY_LATE_MS = 100;
    private static final double MANY_DROPPED = 0.01;
    private static final double HIGH_SECONDS = 5;
    private static final double VERY_HIGH_SECONDS = 10;
    private static final long LONG_PAUSE_MILLIS = 100;
    private static final long LONG_PAUSES_MILLIS = 1_000;
    private static final double PINNED_SHARE = 0.05;
    private static final double VERY_PINNED_SHARE = 0.5;
    private static final long LONG_PIN_MILLIS = 1_000;
    private static final double CLOCKS_APART_SECONDS = 1;
    private static final double POOL_WAIT_SHARE = 0.5;
    private static final double SHORT_WAIT_MS = 1;
    private static final int SAMPLES_BEYOND = 10;

    private final List<String> invalid = new ArrayList<>();
    private final List<String> suspect = new ArrayList<>();

    /// What is judged.
    ///
    /// @param arrivals of each scenario, by its id
    /// @param steps    all steps of the run
    /// @param samples  how many values a threshold's figure rests on
    /// @param waiting  most that waited at once for a connection of a service; 0 where nobody did
    public record Facts(
            RunSummary.Lag lag,
            Map<String, ScenarioArrivals> arrivals,
            List<RunSummary.Step> steps,
            List<Threshold> thresholds,
            ToLongFunction<Figure.OfSteps> samples,
            ToLongFunction<String> waiting,
            GeneratorFigures generator) {}

    public static Soundness judge(Facts facts) {
        SoundnessCheck check = new SoundnessCheck();
        check.late(facts.lag());
        check.dropped(facts.arrivals());
        check.busy(facts.generator().busy());
        check.starved(facts.generator().starved());
        check.machine(facts.generator());
        check.pauses(facts.generator().pauses());
        check.pinned(facts.generator().pinned());
        check.clocks(facts.generator().clockJump());
        check.pools(facts.steps(), facts.waiting());
        facts.thresholds().forEach(threshold -> check.samples(threshold, facts.samples()));
        return check.verdict();
    }

    private Soundness verdict() {
        List<String> reasons = new ArrayList<>(invalid);
        reasons.addAll(suspect);
        Validity validity =
                !invalid.isEmpty() ? Validity.INVALID : suspect.isEmpty() ? Validity.VALID : Validity.SUSPECT;
        return new Soundness(validity, reasons);
    }

    private void say(boolean isInvalid, String reason) {
        (isInvalid ? invalid : suspect).add(reason);
    }

    private void late(RunSummary.Lag lag) {
        if (lag.p99() > LATE_MS) {
            say(
                    lag.p99() > VERY_LATE_MS,
                    "arrivals began late (p99 %s ms, at most %s ms): latencies from the scheduled start include that. Lower the rate, use more cores, or give it a warm_up."
                            .formatted(Style.millis(lag.p99()), Style.millis(lag.max())));
        }
    }

    /// By the scenario that lost the largest share: beside a busy one, all that a quiet one lost is little.
    private void dropped(Map<String, ScenarioArrivals> arrivals) {
        long all =
                arrivals.values().stream().mapToLong(ScenarioArrivals::dropped).sum();
        arrivals.entrySet().stream()
                .filter(scenario -> scenario.getValue().dropped() > 0)
                .max(Comparator.comparingDouble(scenario -> scenario.getValue().droppedShare()))
                .ifPresent(worst -> {
                    ScenarioArrivals its = worst.getValue();
                    say(
                            its.droppedShare() > MANY_DROPPED,
                            "%s of %s arrivals%s were dropped (%s%s), for as many instances as max_concurrency allows had not ended: the load was lower than asked for, and whom it spared is in no figure. Raise max_concurrency, or lower the rate."
                                    .formatted(
                                            Style.count(its.dropped()),
                                            Style.count(its.total()),
                                            arrivals.size() > 1 ? " of '" + worst.getKey() + "'" : "",
                                            Style.percent(its.droppedShare()),
                                            all > its.dropped() ? "; " + Style.count(all) + " of all scenarios" : ""));
                });
    }

    private void busy(Stretches busy) {
        boolean very = busy.veryHigh() >= VERY_HIGH_SECONDS;
        if (very || busy.high() >= HIGH_SECONDS) {
            say(
                    very,
                    "the generator was busy (CPU %s for %s): latencies include its own delay. Lower the rate, or use more cores."
                            .formatted(
                                    share(very ? busy.veryHighMean() : busy.highMean()),
                                    Style.time(very ? busy.veryHigh() : busy.high())));
        }
    }

    private void starved(Stretches starved) {
        boolean very = starved.veryHigh() >= VERY_HIGH_SECONDS;
        if (very || starved.high() >= HIGH_SECONDS) {
            say(
                    very,
                    "the generator got no processor (%s of the time it wanted one, for %s): latencies include its waiting. Lower the rate, use more cores, or end what else runs on them."
                            .formatted(
                                    share(very ? starved.veryHighMean() : starved.highMean()),
                                    Style.time(very ? starved.veryHigh() : starved.high())));
        }
    }

    /// Where the generator alone is not to blame.
    private void machine(GeneratorFigures generator) {
        if (generator.machine().veryHigh() >= VERY_HIGH_SECONDS
                && generator.busy().high() < HIGH_SECONDS) {
            say(
                    false,
                    "the machine was busy (CPU %s for %s) with other programs than the generator: whoever answered there answered late, and the generator may have, too. Use another machine for the load."
                            .formatted(
                                    share(generator.machine().veryHighMean()),
                                    Style.time(generator.machine().veryHigh())));
        }
    }

    private void pauses(Pauses pauses) {
        boolean many = pauses.worstTenMillis() > LONG_PAUSES_MILLIS;
        if (many || pauses.longestMillis() > LONG_PAUSE_MILLIS) {
            say(
                    many,
                    "garbage collection stopped the generator (%s ms at once, %s ms in ten seconds): latencies include that. Give it more memory (-Xmx)."
                            .formatted(Style.count(pauses.longestMillis()), Style.count(pauses.worstTenMillis())));
        }
    }

    private void pinned(Pinned pinned) {
        if (pinned.carriersShare() > PINNED_SHARE || pinned.longestMillis() > LONG_PIN_MILLIS) {
            String where = pinned.where() == null ? "" : ": " + pinned.where();
            say(
                    pinned.carriersShare() > VERY_PINNED_SHARE,
                    "virtual threads were pinned %s times, %s ms in all (the longest %s ms%s): meanwhile others could not run. Whose code it is, a plugin's or a driver's, must not wait there."
                            .formatted(
                                    Style.count(pinned.count()),
                                    Style.count(pinned.millis()),
                                    Style.count(pinned.longestMillis()),
                                    where));
        }
    }

    private void clocks(double jump) {
        if (Math.abs(jump) > CLOCKS_APART_SECONDS) {
            say(
                    false,
                    "the wall clock jumped %s %s: times of day before and after do not fit together. Run it again, and let nobody set the clock or suspend the machine meanwhile."
                            .formatted(Style.time(Math.abs(jump)), jump > 0 ? "ahead" : "back"));
        }
    }

    /// By service: how much of the time of its steps was waiting for a connection.
    private void pools(List<RunSummary.Step> steps, ToLongFunction<String> waiting) {
        Map<String, double[]> services = new LinkedHashMap<>();
        for (RunSummary.Step step : steps) {
            String service = step.info().service();
            if (service != null && step.poolWait().count() > 0) {
                double[] sums = services.computeIfAbsent(service, ignored -> new double[3]);
                sums[0] += step.poolWait().mean() * step.poolWait().count();
                sums[1] +=
                        step.scheduledLatency().mean() * step.scheduledLatency().count();
                sums[2] += step.poolWait().count();
            }
        }
        services.forEach((service, sums) -> {
            double share = sums[1] == 0 ? 0 : sums[0] / sums[1];
            // Alone, one waits for a connection to be opened, not for the pool
            if (share > POOL_WAIT_SHARE && waiting.applyAsLong(service) > 0 && sums[0] / sums[2] >= SHORT_WAIT_MS) {
                say(
                        false,
                        "waiting for a connection of '%s' was %s of the time of its steps (%s ms each): the figures tell of the pool more than of the service. Raise its pool.max, unless that is what is tested."
                                .formatted(service, share(share), Style.millis(sums[0] / sums[2])));
            }
        });
    }

    private void samples(Threshold threshold, ToLongFunction<Figure.OfSteps> samples) {
        if (threshold.figure() instanceof Figure.OfSteps figure && figure.figure() instanceof Figure.Time time) {
            double percentile = time.point().percentile();
            long count = samples.applyAsLong(figure);
            double beyond = count * (1 - percentile / 100);
            boolean isPercentile = switch (time.point()) {
                case MIN, MEAN, MAX -> false;
                case P50, P90, P95, P99, P999 -> true;
            };
            // 1,000 samples are enough for p99, whatever 99 / 100 is to a computer
            if (isPercentile && count > 0 && beyond < SAMPLES_BEYOND - 1e-6) {
                say(
                        false,
                        "'%s' rests on %s: of so few, not ten lie beyond p%s. Take %s or more."
                                .formatted(
                                        threshold.expression(),
                                        count == 1 ? "1 sample" : Style.count(count) + " samples",
                                        text(percentile),
                                        Style.count(Math.round(SAMPLES_BEYOND / (1 - percentile / 100)))));
            }
        }
    }

    private static String text(double percentile) {
        return percentile == Math.rint(percentile) ? Integer.toString((int) percentile) : Double.toString(percentile);
    }

    private static String share(double share) {
        return String.format(Locale.ROOT, "%.0f %%", share * 100);
    }
}
