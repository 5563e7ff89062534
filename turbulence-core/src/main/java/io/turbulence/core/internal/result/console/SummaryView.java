package io.turbulence.core.internal.result.console;

import io.turbulence.core.internal.check.ThresholdResult;
import io.turbulence.core.internal.connection.Outage;
import io.turbulence.core.internal.connection.PoolFigures;
import io.turbulence.core.internal.connection.SubscriptionFigures;
import io.turbulence.core.internal.engine.event.StepInfo;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.figures.RunEnd.Validity;
import io.turbulence.core.internal.result.figures.RunSummary;
import io.turbulence.core.internal.result.figures.RunSummary.Times;
import io.turbulence.core.internal.result.report.ReportWriter;
import io.turbulence.core.internal.result.soundness.Soundness;
import io.turbulence.core.internal.result.text.Style;
import io.turbulence.core.internal.result.text.TextTable;
import io.turbulence.spi.ShownText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// What a run came to, as text.
public final class SummaryView {

    private static final int WIDEST = 120;
    private static final int ROOMY = 90;
    private static final double NOTHING_MS = 0.1;
    private static final int MOST_KINDS = 10;
    private static final int MOST_HOSTS = 10;
    private static final int MOST_OUTAGES = 5;

    private final Style style;
    private final int width;

    public SummaryView(Style style, int width) {
        this.style = style;
        this.width = Math.clamp(width, 40, WIDEST);
    }

    /// @param report whether one was written
    public List<String> render(RunSummary summary, boolean report) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        summary.scenarios().forEach((id, scenario) -> lines.addAll(scenario(id, scenario, summary)));
        lines.addAll(propagation(summary.steps()));
        lines.addAll(pools(summary.pools()));
        lines.addAll(outages(summary.outages()));
        lines.addAll(subscriptions(summary.subscriptions()));
        lines.addAll(failures(summary));
        lines.addAll(thresholds(summary.thresholds()));
        lines.addAll(validity(style, width, new Soundness(summary.validity(), summary.validityReasons())));
        lines.addAll(verdict(summary));
        if (report) {
            lines.add(style.faint("  report in " + summary.folder().resolve(ReportWriter.FILE)));
        }
        return lines;
    }

    private List<String> scenario(String id, RunSummary.Scenario scenario, RunSummary summary) {
        List<RunSummary.Step> steps = summary.steps().stream()
                .filter(step -> step.info().scenario().equals(id) && step.count() + step.skipped() > 0)
                .toList();
        boolean skipped = steps.stream().anyMatch(step -> step.skipped() > 0);
        List<String> header = new ArrayList<>(List.of(id, "count"));
        if (width >= ROOMY) {
            header.add("ok");
        }
        header.add("failed");
        if (skipped) {
            header.add("skipped");
        }
        header.addAll(List.of("p50 ms", "p95 ms", "p99 ms", "max ms"));
        TextTable table = new TextTable(style, width, header.toArray(String[]::new));
        steps.forEach(step -> table.row(row(step, skipped)));
        List<String> lines = new ArrayList<>(table.render(0));
        lines.set(0, style.bold(id) + lines.getFirst().replaceFirst(Pattern.quote(id), ""));
        Times duration = scenario.duration();
        RunSummary.Instances instances = scenario.instances();
        lines.add(style.faint("an instance takes " + Style.millis(duration.p50()) + " ms (p50), "
                + Style.millis(duration.p95()) + " ms (p95); " + ended(instances)
                + dropped(scenario.dropped())));
        lines.add("");
        return lines;
    }

    private String[] row(RunSummary.Step step, boolean withSkipped) {
        List<String> cells = new ArrayList<>();
        cells.add("  ".repeat(1 + depth(step.info())) + step.info().name());
        cells.add(Style.count(step.count()));
        if (width >= ROOMY) {
            cells.add(Style.count(step.ok()));
        }
        cells.add(step.failed() > 0 ? style.bad(Style.count(step.failed())) : "0");
        if (withSkipped) {
            cells.add(Style.count(step.skipped()));
        }
        Times latency = step.latency();
        boolean none = latency.count() == 0 || (isOurs(step.info().kind()) && latency.max() < NOTHING_MS);
        cells.add(none ? "-" : Style.millis(latency.p50()));
        cells.add(none ? "-" : Style.millis(latency.p95()));
        cells.add(none ? "-" : Style.millis(latency.p99()));
        cells.add(none ? "-" : Style.millis(latency.max()));
        return cells.toArray(String[]::new);
    }

    private static boolean isOurs(StepInfo.Kind kind) {
        return kind == StepInfo.Kind.LOCAL || kind == StepInfo.Kind.CONTAINER;
    }

    /// How many steps contain it: `flow[2].if_true[0]` is in one.
    private static int depth(StepInfo step) {
        int brackets = (int) step.place().chars().filter(c -> c == '[').count();
        return Math.clamp(brackets - 1L, 0, 6);
    }

    private List<String> pools(Map<String, PoolFigures> pools) {
        TextTable table = new TextTable(
                style,
                width,
                "pool",
                "opened",
                "in use",
                "leases",
                "reused",
                "failed",
                "wait p50 ms",
                "p99 ms",
                "max ms");
        pools.forEach((service, pool) -> {
            if (pool.leases() + pool.openFailed() == 0) {
                return;
            }
            table.row(poolRow(service, pool));
            if (pool.hosts().size() > 1) {
                pool.hosts().entrySet().stream()
                        .limit(MOST_HOSTS)
                        .forEach(host -> table.row(poolRow("  " + host.getKey(), host.getValue())));
            }
        });
        if (table.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(table.render(0));
        lines.add("");
        return lines;
    }

    /// From the cause to the message, where steps waited for messages.
    private List<String> propagation(List<RunSummary.Step> steps) {
        TextTable table = new TextTable(style, width, "propagation", "count", "p50 ms", "p95 ms", "p99 ms", "max ms");
        for (RunSummary.Step step : steps) {
            Times times = step.propagation();
            if (times.count() > 0) {
                table.row(
                        "  " + step.info().name(),
                        Style.count(times.count()),
                        Style.millis(times.p50()),
                        Style.millis(times.p95()),
                        Style.millis(times.p99()),
                        Style.millis(times.max()));
            }
        }
        return withGap(table);
    }

    /// When services could not be reached, and when they were back.
    private List<String> outages(List<Outage> outages) {
        if (outages.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(style.bold("outages"));
        for (Outage outage : outages.subList(0, Math.min(MOST_OUTAGES, outages.size()))) {
            boolean first = true;
            for (String part : wrap(outage.toString(), width - 4)) {
                lines.add((first ? "  - " : "    ") + part);
                first = false;
            }
        }
        if (outages.size() > MOST_OUTAGES) {
            lines.add("  … " + (outages.size() - MOST_OUTAGES) + " more in summary.json");
        }
        lines.add("");
        return lines;
    }

    private List<String> subscriptions(List<SubscriptionFigures> subscriptions) {
        TextTable table = new TextTable(
                style, width, "messages", "came", "taken", "unmatched", "duplicate", "late", "overflowed");
        for (SubscriptionFigures each : subscriptions) {
            table.row(
                    "  " + each.service() + " '" + each.channel() + "'",
                    Style.count(each.arrived()),
                    Style.count(each.taken()),
                    Style.count(each.unmatched()),
                    Style.count(each.duplicate()),
                    Style.count(each.late()),
                    each.overflowed() > 0 ? style.bad(Style.count(each.overflowed())) : "0");
        }
        return withGap(table);
    }

    private static List<String> withGap(TextTable table) {
        if (table.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(table.render(0));
        lines.add("");
        return lines;
    }

    private String[] poolRow(String name, PoolFigures pool) {
        String failed = Style.count(pool.openFailed());
        return new String[] {
            "  " + name,
            Style.count(pool.opened()),
            pool.max() > 0 ? pool.inUseMax() + " of " + pool.max() : Style.count(pool.inUseMax()),
            Style.count(pool.leases()),
            Style.percent(pool.reuseRate()),
            pool.openFailed() > 0 ? style.bad(failed) : failed,
            Style.millis(pool.waitMs().p50()),
            Style.millis(pool.waitMs().p99()),
            Style.millis(pool.waitMs().max())
        };
    }

    private List<String> failures(RunSummary summary) {
        List<RunSummary.ErrorKind> errors = summary.errors();
        if (errors.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        lines.add(style.bold("failures"));
        for (RunSummary.ErrorKind error : errors.subList(0, Math.min(MOST_KINDS, errors.size()))) {
            lines.addAll(failure(error));
        }
        if (errors.size() > MOST_KINDS) {
            lines.add("  … " + (errors.size() - MOST_KINDS) + " more kinds in summary.json");
        }
        lines.add("");
        return lines;
    }

    private List<String> failure(RunSummary.ErrorKind error) {
        List<String> lines = new ArrayList<>();
        StepInfo step = error.step();
        String times = Style.count(error.count()) + " × ";
        String indent = " ".repeat(2 + times.length());
        String name = step == null ? "instance" : step.name();
        boolean first = true;
        String text = error.message().contains(name) ? error.message() : name + ": " + error.message();
        for (String part : wrap(text, width - indent.length())) {
            lines.add((first ? "  " + style.bad(times) : indent) + part);
            first = false;
        }
        for (String more : error.more()) {
            wrap("and " + more, width - indent.length()).forEach(part -> lines.add(indent + part));
        }
        String place =
                step == null || error.message().contains(step.file()) ? "" : " at " + step.file() + ":" + step.line();
        lines.add(indent + style.faint("instance " + error.exampleInstance() + place));
        return lines;
    }

    /// At spaces where there are some.
    private static List<String> wrap(String text, int columns) {
        List<String> lines = new ArrayList<>();
        String rest = text.replaceAll("\\s*\n\\s*", " ").strip();
        while (rest.length() > columns && lines.size() < 5) {
            int space = rest.lastIndexOf(' ', columns);
            String line = ShownText.beginning(rest, space > columns / 2 ? space : columns);
            lines.add(line.stripTrailing());
            rest = rest.substring(line.length()).stripLeading();
        }
        lines.add(Style.fit(rest, columns));
        return lines;
    }

    private List<String> thresholds(List<ThresholdResult> thresholds) {
        if (thresholds.isEmpty()) {
            return List.of();
        }
        int widest = thresholds.stream()
                .mapToInt(result -> expression(result).length())
                .max()
                .orElse(0);
        List<String> lines = new ArrayList<>();
        lines.add(style.bold("thresholds"));
        for (ThresholdResult result : thresholds) {
            String mark = result.holds() ? style.good("✓") : style.bad("✗");
            String expression = expression(result);
            lines.add("  " + mark + " " + expression + " ".repeat(Math.max(0, widest - expression.length())) + "   "
                    + (result.holds() ? result.actualText() : style.bad(result.actualText())));
        }
        lines.add("");
        return lines;
    }

    private static String expression(ThresholdResult result) {
        return switch (result.threshold().sense()) {
            case MUST_HOLD -> result.threshold().expression();
            case FAILS -> "not " + result.threshold().expression();
        };
    }

    /// That it is not valid, and why; nothing when it is.
    public static List<String> validity(Style style, int width, Soundness soundness) {
        if (soundness.validity() == Validity.VALID) {
            return List.of();
        }
        List<String> lines = new ArrayList<>();
        String verdict = "the run is " + soundness.validity().name().toLowerCase(Locale.ROOT);
        lines.add(soundness.validity() == Validity.INVALID ? style.bad(verdict) : style.warning(verdict));
        for (String reason : soundness.reasons()) {
            boolean first = true;
            for (String part : wrap(reason, width - 4)) {
                lines.add((first ? "  - " : "    ") + part);
                first = false;
            }
        }
        lines.add("");
        return lines;
    }

    private List<String> verdict(RunSummary summary) {
        List<String> lines = new ArrayList<>();
        String message = summary.message();
        if (message != null) {
            wrap(message, width).forEach(part -> lines.add(style.bad(part)));
        }
        if (summary.interrupted()) {
            lines.add(style.warning("The run was interrupted; what ran until then is counted."));
        }
        boolean good = summary.exitCode() == ExitCode.GOOD;
        String mark = good ? style.good("✓") : style.bad("✗");
        String text = ended(summary.instances()) + " in "
                + Style.time(summary.measured().toMillis() / 1000.0)
                + (summary.instances().total() > 1 ? " (" + Style.rate(summary.ratePerSecond()) + "/s)" : "")
                + (summary.warmUpInstances() > 0
                        ? ", " + Style.count(summary.warmUpInstances()) + " more in the warm-up"
                        : "")
                + dropped(summary.dropped())
                + (message != null && summary.instances().total() > 0 ? ", then the run was stopped" : "");
        lines.add(mark + " " + style.bold(text));
        return lines;
    }

    private static String dropped(long arrivals) {
        if (arrivals == 0) {
            return "";
        }
        return ", " + Style.count(arrivals) + (arrivals == 1 ? " arrival" : " arrivals") + " dropped";
    }

    /// `200 of 200 passed`, `196 of 200 passed, 3 failed, 1 aborted`.
    private static String ended(RunSummary.Instances instances) {
        if (instances.total() == 0) {
            return "no instance ended";
        }
        return Style.count(instances.passed()) + " of " + Style.count(instances.total()) + " passed"
                + (instances.failed() > 0 ? ", " + Style.count(instances.failed()) + " failed" : "")
                + (instances.aborted() > 0 ? ", " + Style.count(instances.aborted()) + " aborted" : "");
    }
}
