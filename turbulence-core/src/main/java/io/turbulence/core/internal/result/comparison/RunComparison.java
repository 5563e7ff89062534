package io.turbulence.core.internal.result.comparison;

import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.result.figures.Statistics;
import io.turbulence.core.internal.result.figures.StepStatistics.Counts;
import io.turbulence.core.internal.result.figures.StepStatistics.Time;
import io.turbulence.core.internal.result.files.HistogramFiles;
import io.turbulence.core.internal.result.files.RecordedRun;
import io.turbulence.core.internal.result.json.JsonView;
import io.turbulence.core.internal.result.text.Style;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;

/// Two runs beside each other, step by step. Immutable.
///
/// The confidence is that of the whole: of a hundred comparisons of runs that differ by chance alone, at most five call
/// anything better or worse. So each figure is held to its share of these five.
public final class RunComparison {

    /// How often a comparison may call something better or worse when nothing is.
    public static final double ALPHA = 0.05;

    /// What differs by less is the same.
    static final double LEAST_SHARE = 0.05;

    static final double LEAST_MILLIS = 0.1;
    static final double LEAST_FAILURES = 0.005;

    /// What is looked for, where nothing else is said.
    public static final double USUAL_LIMIT = 0.1;

    /// What is looked for in a share of failures.
    static final double LIMIT_FAILURES = 0.02;

    /// Executions from which a figure can be told, of a stretch and of a whole run.
    private static final int ENOUGH_FOR_P50 = 20;

    private static final int ENOUGH_FOR_P95 = 100;
    private static final int ENOUGH_FOR_P95_OF_A_STRETCH = 40;

    private static final String GROUP = "group";

    /// What is compared.
    public enum Figure {
        P50,
        P95,
        FAILED
    }

    /// How it is in the second run.
    public enum Verdict {
        BETTER,
        SAME,
        WORSE,
        /// Neither shown nor ruled out: the interval reaches beyond what is looked for.
        UNCLEAR,
        /// Too few executions to tell.
        UNKNOWN
    }

    /// One figure of one step.
    ///
    /// @param before milliseconds, or a share from 0 to 1
    /// @param after  the same
    /// @param change of a time the share by which it grew; of a share of failures the difference
    public record Line(
            String scenario,
            String step,
            Figure figure,
            Verdict verdict,
            double before,
            double after,
            double change,
            double low,
            double high) {}

    private final RecordedRun before;
    private final RecordedRun after;
    private final List<Line> lines;
    private final List<String> remarks;

    private RunComparison(RecordedRun before, RecordedRun after, List<Line> lines, List<String> remarks) {
        this.before = before;
        this.after = after;
        this.lines = lines;
        this.remarks = remarks;
    }

    /// @param limit how much worse a time may be that is still no regression, 0.1 for 10 %: what could be more, up or
    ///     down, is not called the same
    /// @throws IOException              when a folder holds no run that has ended
    /// @throws IllegalArgumentException when the runs have no step in common
    public static RunComparison of(Path before, Path after, double limit) throws IOException {
        RecordedRun a = RecordedRun.read(before);
        RecordedRun b = RecordedRun.read(after);
        Map<StepInfo, StepInfo> common = common(a, b);
        if (common.isEmpty()) {
            throw new IllegalArgumentException(
                    "'%s' and '%s' have no step in common that both executed".formatted(before, after));
        }
        Stretches ofA = Stretches.of(a);
        Stretches ofB = Stretches.of(b);
        double alpha = ALPHA / (common.size() * Figure.values().length);
        List<Line> lines = new ArrayList<>();
        common.forEach((stepOfA, stepOfB) -> {
            Side one = new Side(a, stepOfA, ofA);
            Side two = new Side(b, stepOfB, ofB);
            lines.add(percentile(Figure.P50, 50, ENOUGH_FOR_P50, one, two, alpha, limit));
            lines.add(percentile(Figure.P95, 95, ENOUGH_FOR_P95, one, two, alpha, limit));
            lines.add(failures(one, two, alpha));
        });
        List<String> remarks = remarks(a, b);
        boolean isShort = common.entrySet().stream()
                .anyMatch(
                        step -> isShort(new Side(a, step.getKey(), ofA)) || isShort(new Side(b, step.getValue(), ofB)));
        if (isShort) {
            remarks.add("Too short to tell how much a run varies by itself: samples were taken as independent,"
                    + " which they hardly are. Compare longer runs.");
        }
        return new RunComparison(a, b, lines, remarks);
    }

    private record Side(RecordedRun run, StepInfo step, Stretches stretches) {

        AbstractHistogram latency() {
            Histogram latency = run.totals().get(HistogramFiles.stepTag(step.scenario(), step.name(), Time.LATENCY));
            return latency == null ? new Histogram(2) : latency;
        }

        long count() {
            return run.step(step).get("count").count();
        }

        long failed() {
            return run.step(step).get("failed").count();
        }
    }

    private static boolean isShort(Side side) {
        return side.count() >= ENOUGH_FOR_P50
                && side.stretches().of(side.step(), ENOUGH_FOR_P50).size() < Difference.FEWEST;
    }

    private static Map<StepInfo, StepInfo> common(RecordedRun a, RecordedRun b) {
        Map<StepInfo, StepInfo> common = new LinkedHashMap<>();
        List<StepInfo> others = compared(b);
        for (StepInfo step : compared(a)) {
            others.stream()
                    .filter(other -> other.scenario().equals(step.scenario())
                            && other.name().equals(step.name()))
                    .findFirst()
                    .ifPresent(other -> common.put(step, other));
        }
        return common;
    }

    /// Steps that speak to somebody, or are timed as one.
    private static List<StepInfo> compared(RecordedRun run) {
        return run.steps().stream()
                .filter(step -> step.kind() == StepInfo.Kind.ACTION
                        || step.kind() == StepInfo.Kind.POLLING
                        || step.type().equals(GROUP))
                .filter(step -> run.step(step).get("count").count() > 0)
                .toList();
    }

    private static Line percentile(
            Figure figure, double percentile, int enough, Side a, Side b, double alpha, double limit) {
        AbstractHistogram before = a.latency();
        AbstractHistogram after = b.latency();
        double was = Statistics.millis(before.getValueAtPercentile(percentile));
        double is = Statistics.millis(after.getValueAtPercentile(percentile));
        if (before.getTotalCount() < enough || after.getTotalCount() < enough) {
            return new Line(
                    a.step().scenario(),
                    a.step().name(),
                    figure,
                    Verdict.UNKNOWN,
                    was,
                    is,
                    was == 0 ? 0 : is / was - 1,
                    Double.NEGATIVE_INFINITY,
                    Double.POSITIVE_INFINITY);
        }
        int ofAStretch = Math.min(enough, ENOUGH_FOR_P95_OF_A_STRETCH);
        Difference difference = Difference.ofPercentile(
                percentile,
                Stretches.latencies(a.stretches().of(a.step(), ofAStretch)),
                before,
                Stretches.latencies(b.stretches().of(b.step(), ofAStretch)),
                after,
                alpha);
        double least = Math.max(LEAST_SHARE, was == 0 ? 1 : LEAST_MILLIS / was);
        return line(a, figure, was, is, difference, least, Math.max(limit, least));
    }

    private static Line failures(Side a, Side b, double alpha) {
        double was = (double) a.failed() / a.count();
        double is = (double) b.failed() / b.count();
        Difference difference =
                Difference.ofShare(shares(a), a.failed(), a.count(), shares(b), b.failed(), b.count(), alpha);
        // Nothing failed in either: no reason for doubt that a person would share
        double limit = a.failed() + b.failed() == 0 ? Double.POSITIVE_INFINITY : LIMIT_FAILURES;
        return line(a, Figure.FAILED, was, is, difference, LEAST_FAILURES, limit);
    }

    private static List<Double> shares(Side side) {
        List<Double> shares = new ArrayList<>();
        for (Counts stretch : side.stretches().of(side.step(), ENOUGH_FOR_P50)) {
            shares.add((double) stretch.failed / stretch.executed());
        }
        return shares;
    }

    private static Line line(
            Side side, Figure figure, double was, double is, Difference difference, double least, double limit) {
        Verdict verdict = verdict(difference, least, limit);
        return new Line(
                side.step().scenario(),
                side.step().name(),
                figure,
                verdict,
                was,
                is,
                difference.change(),
                difference.low(),
                difference.high());
    }

    private static Verdict verdict(Difference difference, double least, double limit) {
        if (difference.low() > least) {
            return Verdict.WORSE;
        }
        if (difference.high() < -least) {
            return Verdict.BETTER;
        }
        return difference.low() < -limit || difference.high() > limit ? Verdict.UNCLEAR : Verdict.SAME;
    }

    /// What else should be known.
    private static List<String> remarks(RecordedRun a, RecordedRun b) {
        List<String> remarks = new ArrayList<>();
        for (RecordedRun run : List.of(a, b)) {
            String valid = run.summary().get("valid").text();
            if (!valid.equals("valid")) {
                String why = run.summary().get("validity_reasons").list().stream()
                        .map(JsonView::text)
                        .findFirst()
                        .orElse("no reason is known");
                remarks.add("'" + run.folder() + "' is " + valid + ": " + why);
            }
        }
        Stream.<Map.Entry<String, Function<RecordedRun, JsonView>>>of(
                        Map.entry("concurrency", run -> run.manifest().get("concurrency")),
                        Map.entry("instances", run -> run.manifest().get("instances")),
                        Map.entry("duration_ms", run -> run.manifest().get("duration_ms")),
                        Map.entry("profile", run -> run.manifest().get("profile")))
                .forEach(fact -> {
                    String one = fact.getValue().apply(a).text();
                    String two = fact.getValue().apply(b).text();
                    if (!one.equals(two)) {
                        remarks.add("They were not run alike: %s was %s and is %s now."
                                .formatted(fact.getKey(), one.isEmpty() ? "none" : one, two.isEmpty() ? "none" : two));
                    }
                });
        List<String> inBoth = common(a, b).keySet().stream()
                .map(step -> step.scenario() + "/" + step.name())
                .toList();
        for (RecordedRun run : List.of(a, b)) {
            List<String> alone = compared(run).stream()
                    .map(step -> step.scenario() + "/" + step.name())
                    .filter(name -> !inBoth.contains(name))
                    .toList();
            if (!alone.isEmpty()) {
                remarks.add("Only in '" + run.folder() + "': " + String.join(", ", alone) + ".");
            }
        }
        return remarks;
    }

    public List<Line> lines() {
        return lines;
    }

    /// In sentences: where the runs cannot be compared well.
    public List<String> remarks() {
        return remarks;
    }

    /// Whether a step is worse by more than a share: a time by its estimate, failures by any amount.
    public boolean hasRegression(double share) {
        return lines.stream()
                .filter(line -> line.verdict() == Verdict.WORSE)
                .anyMatch(line -> line.figure() == Figure.FAILED || line.change() > share);
    }

    /// The figures, as `step p95`, that may be worse by more than the limit without that being shown.
    public List<String> unclear() {
        return lines.stream()
                .filter(line -> line.verdict() == Verdict.UNCLEAR || line.verdict() == Verdict.UNKNOWN)
                .map(line -> line.step() + " " + line.figure().name().toLowerCase(Locale.ROOT))
                .toList();
    }

    public List<String> render(boolean colour, int width) {
        return new ComparisonView(new Style(colour), width)
                .render(this, before.folder().toString(), after.folder().toString());
    }
}
