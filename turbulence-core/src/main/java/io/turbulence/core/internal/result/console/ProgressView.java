package io.turbulence.core.internal.result.console;

import io.turbulence.core.internal.check.ThresholdResult;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.engine.event.RunInfo;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.RunSummary.Times;
import io.turbulence.core.internal.result.figures.Timeline;
import io.turbulence.core.internal.result.text.Style;
import io.turbulence.core.internal.result.text.TextTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A run at one moment, as text.
final class ProgressView {

    private static final int MOST_STEPS = 12;
    private static final int WIDEST = 120;

    private final RunInfo run;
    private final Style style;
    private final int width;

    ProgressView(RunInfo run, Style style, int width) {
        this.run = run;
        this.style = style;
        this.width = Math.min(width, WIDEST);
    }

    /// What is shown.
    record Moment(
            Duration elapsed,
            RunSummary.Instances instances,
            long warmUp,
            long running,
            long dropped,
            Timeline.Newest newest,
            Map<String, PoolFigures> pools) {

        long finished() {
            return instances.total() + warmUp;
        }
    }

    /// For a terminal: bar, figures, steps, and what is under pressure or missed.
    List<String> block(Moment moment) {
        List<String> lines = new ArrayList<>();
        lines.add(bar(moment));
        lines.add(figures(moment));
        lines.addAll(steps(moment));
        lines.addAll(pools(moment));
        lines.addAll(thresholds(moment));
        // a line that wraps would break the redrawing
        lines.replaceAll(line -> Style.cut(line, width - 1));
        return lines;
    }

    /// For a log: a line, and one below it for each pool under pressure and each threshold missed so far.
    List<String> lines(Moment moment) {
        List<String> lines = new ArrayList<>();
        lines.add(line(moment));
        pools(moment).forEach(text -> lines.add("  " + text));
        thresholds(moment).forEach(text -> lines.add("  " + text));
        return lines;
    }

    /// Before the first instance: what is waited for.
    List<String> waiting(Moment moment, String what) {
        return List.of(Style.cut(Style.time(seconds(moment)) + "  " + what + " …", width - 1));
    }

    private String line(Moment moment) {
        Times latency = moment.newest().latency();
        StringBuilder line = new StringBuilder();
        line.append(Style.time(seconds(moment)));
        double done = done(moment);
        if (done >= 0) {
            line.append("  ").append((int) (done * 100)).append('%');
        }
        line.append("  ").append(progress(moment));
        line.append("  ").append(Style.rate(moment.newest().rate())).append("/s");
        line.append("  passed ").append(Style.count(moment.instances().passed()));
        line.append("  failed ").append(Style.count(moment.instances().failed()));
        line.append("  running ").append(Style.count(moment.running()));
        if (moment.dropped() > 0) {
            line.append("  dropped ").append(Style.count(moment.dropped()));
        }
        if (latency.count() > 0) {
            line.append("  p50 ").append(Style.millis(latency.p50()));
            line.append("  p95 ").append(Style.millis(latency.p95()));
            line.append("  p99 ").append(Style.millis(latency.p99())).append(" ms");
        }
        String eta = eta(moment);
        return eta.isEmpty() ? line.toString() : line.append("  ").append(eta).toString();
    }

    private String bar(Moment moment) {
        double done = done(moment);
        String right =
                "  " + progress(moment) + "  " + Style.rate(moment.newest().rate()) + "/s";
        String eta = eta(moment);
        right += eta.isEmpty() ? "" : "  " + eta;
        if (done < 0) {
            return Style.time(seconds(moment)) + right;
        }
        right = String.format("  %3d%%", (int) (done * 100)) + right;
        int columns = Math.clamp(width - right.length() - 1L, 8, 40);
        int filled = (int) Math.round(done * columns);
        return style.good("█".repeat(filled)) + style.faint("░".repeat(columns - filled)) + right;
    }

    private String figures(Moment moment) {
        RunSummary.Instances instances = moment.instances();
        Times latency = moment.newest().latency();
        String failed = "failed " + Style.count(instances.failed());
        StringBuilder line = new StringBuilder();
        line.append("passed ").append(Style.count(instances.passed())).append("   ");
        line.append(instances.failed() > 0 ? style.bad(failed) : failed);
        line.append("   running ").append(Style.count(moment.running()));
        if (moment.dropped() > 0) {
            line.append("   ").append(style.warning("dropped " + Style.count(moment.dropped())));
        }
        if (latency.count() > 0) {
            line.append("   p50 ").append(Style.millis(latency.p50()));
            line.append("   p95 ").append(Style.millis(latency.p95()));
            line.append("   p99 ").append(Style.millis(latency.p99())).append(" ms");
        }
        return line.toString();
    }

    private List<String> steps(Moment moment) {
        List<RunSummary.Step> shown = moment.newest().steps().stream()
                .filter(step -> step.count() > 0 && speaksToPeers(step))
                .toList();
        if (shown.isEmpty()) {
            return List.of();
        }
        boolean several = run.scenarios().size() > 1;
        TextTable table = new TextTable(style, width, "step", "count", "failed", "p50 ms", "p95 ms", "p99 ms");
        for (RunSummary.Step step : shown.subList(0, Math.min(MOST_STEPS, shown.size()))) {
            String name = several
                    ? step.info().scenario() + "/" + step.info().name()
                    : step.info().name();
            String failed = Style.count(step.failed());
            table.row(
                    name,
                    Style.count(step.count()),
                    step.failed() > 0 ? style.bad(failed) : failed,
                    Style.millis(step.latency().p50()),
                    Style.millis(step.latency().p95()),
                    Style.millis(step.latency().p99()));
        }
        List<String> lines = new ArrayList<>(table.render(2));
        if (shown.size() > MOST_STEPS) {
            lines.add(style.faint("  … " + (shown.size() - MOST_STEPS) + " more steps"));
        }
        return lines;
    }

    private static boolean speaksToPeers(RunSummary.Step step) {
        return switch (step.info().kind()) {
            case ACTION, POLLING -> true;
            case CONTAINER -> step.latency().p50() >= 1;
            case LOCAL -> false;
        };
    }

    /// Pools where somebody waits.
    private List<String> pools(Moment moment) {
        String pressed = moment.pools().entrySet().stream()
                .filter(pool -> pool.getValue().waiting() > 0)
                .map(pool -> pool.getKey() + " " + pool.getValue().inUse() + " in use, "
                        + pool.getValue().waiting() + " waiting")
                .collect(Collectors.joining("   "));
        return pressed.isEmpty() ? List.of() : List.of(style.warning(Style.fit("pools  " + pressed, width - 1)));
    }

    /// Thresholds that would not hold if the run ended now.
    private List<String> thresholds(Moment moment) {
        List<String> lines = new ArrayList<>();
        for (ThresholdResult result : moment.newest().thresholds()) {
            if (!result.holds() && result.actual().isPresent()) {
                String text = "threshold missed so far  " + result.threshold().expression() + "  ("
                        + result.actualText() + ")";
                lines.add(style.warning(Style.fit(text, width - 1)));
            }
        }
        return lines;
    }

    private String progress(Moment moment) {
        Long instances = run.instances();
        String finished = instances == null
                ? Style.count(moment.finished()) + " instances"
                : Style.count(moment.finished()) + " of " + Style.count(instances);
        // What passed and failed is counted without them
        return moment.warmUp() == 0 ? finished : finished + " (" + Style.count(moment.warmUp()) + " in the warm-up)";
    }

    /// From 0 to 1; negative when it cannot be known.
    private double done(Moment moment) {
        Long instances = run.instances();
        if (instances != null && instances > 0) {
            return Math.min(1, (double) moment.finished() / instances);
        }
        Duration duration = run.duration();
        return duration == null ? -1 : Math.min(1, seconds(moment) * 1000 / Math.max(1, duration.toMillis()));
    }

    private String eta(Moment moment) {
        Long instances = run.instances();
        Duration duration = run.duration();
        double rate = moment.newest().rate();
        if (instances != null) {
            return rate <= 0 ? "" : "ETA " + Style.time(Math.max(0, instances - moment.finished()) / rate);
        }
        return duration == null ? "" : "ETA " + Style.time(Math.max(0, duration.toMillis() / 1000.0 - seconds(moment)));
    }

    private static double seconds(Moment moment) {
        return moment.elapsed().toMillis() / 1000.0;
    }
}
