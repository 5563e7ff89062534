package io.turbulence.core.internal.result.benchmark;

import io.turbulence.core.internal.result.benchmark.BenchmarkComparison.Verdict;
import io.turbulence.core.internal.result.benchmark.BenchmarkLevel.Figure;
import io.turbulence.core.internal.result.console.SummaryView;
import io.turbulence.core.internal.result.figures.ExitCode;
import io.turbulence.core.internal.result.text.Style;
import io.turbulence.core.internal.result.text.TextTable;
import java.util.ArrayList;
import java.util.List;

/// What a benchmark came to, as text.
public final class BenchmarkView {

    private final Style style;
    private final int width;

    public BenchmarkView(boolean colour, int width) {
        this.style = new Style(colour);
        this.width = width;
    }

    public List<String> render(BenchmarkReport report) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.addAll(levels(report));
        lines.addAll(targets(report));
        lines.addAll(comparison(report));
        lines.addAll(advice(report));
        lines.addAll(SummaryView.validity(style, width, report.soundness()));
        lines.addAll(verdict(report));
        return lines;
    }

    private List<String> levels(BenchmarkReport report) {
        TextTable table = new TextTable(
                style,
                width,
                "at a time",
                "instances",
                "failed",
                "p50 ms",
                "p95 ms",
                "p99 ms",
                "max ms",
                "per s",
                "errors");
        for (BenchmarkLevel level : report.levels()) {
            table.row(
                    Integer.toString(level.concurrency()),
                    Style.count(level.instances()),
                    level.failed() > 0 ? style.bad(Style.count(level.failed())) : "0",
                    painted(
                            report,
                            level,
                            Figure.P50,
                            Style.millis(level.latency().p50())),
                    painted(
                            report,
                            level,
                            Figure.P95,
                            Style.millis(level.latency().p95())),
                    painted(
                            report,
                            level,
                            Figure.P99,
                            Style.millis(level.latency().p99())),
                    Style.millis(level.latency().max()),
                    painted(report, level, Figure.THROUGHPUT, Style.rate(level.throughput())),
                    errors(report, level));
        }
        List<String> lines = new ArrayList<>(table.render(0));
        lines.add("");
        return lines;
    }

    private String errors(BenchmarkReport report, BenchmarkLevel level) {
        String text = Style.percent(level.errorRate());
        String painted = painted(report, level, Figure.ERROR_RATE, text);
        return painted.equals(text) && level.failed() > 0 ? style.bad(text) : painted;
    }

    /// Green where every target of the figure holds, red where one is missed.
    private String painted(BenchmarkReport report, BenchmarkLevel level, Figure figure, String text) {
        List<BenchmarkTarget> targets = report.targets().stream()
                .filter(target -> target.figure() == figure)
                .toList();
        if (targets.isEmpty()) {
            return text;
        }
        return targets.stream().allMatch(target -> target.holds(level)) ? style.good(text) : style.bad(text);
    }

    private List<String> targets(BenchmarkReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(style.bold("targets")
                + style.faint("   %d passed, %d failed".formatted(report.held(), report.missed())));
        for (BenchmarkTarget target : report.targets()) {
            List<Integer> unmeasured = target.unmeasuredAt(report.levels());
            List<Integer> missed = new ArrayList<>(target.missedAt(report.levels()));
            missed.removeAll(unmeasured);
            lines.add(
                    missed.isEmpty() && unmeasured.isEmpty()
                            ? "  " + style.good("✓") + " " + target.text()
                            : "  " + style.bad("✗") + " " + target.text() + at("missed", missed)
                                    + at("no instance passed", unmeasured));
        }
        lines.add("");
        return lines;
    }

    private static String at(String what, List<Integer> levels) {
        return levels.isEmpty()
                ? ""
                : "   " + what + " at "
                        + String.join(", ", levels.stream().map(String::valueOf).toList()) + " at a time";
    }

    private List<String> comparison(BenchmarkReport report) {
        BenchmarkComparison comparison = report.comparison();
        if (comparison == null) {
            return List.of();
        }
        TextTable table =
                new TextTable(style, width, "at a time", "figure", "baseline", "now", "change", "noise", "verdict");
        for (BenchmarkComparison.Row row : comparison.rows()) {
            table.row(
                    Integer.toString(row.concurrency()),
                    row.figure().key(),
                    row.figure().text(row.before()),
                    row.figure().text(row.now()),
                    change(row),
                    "± " + row.figure().text(row.noise()),
                    switch (row.verdict()) {
                        case BETTER -> style.good("better");
                        case SAME -> row.isUnderTheNoise() ? style.warning("too noisy") : "same";
                        case WORSE -> style.bad("worse");
                    });
        }
        List<String> lines = new ArrayList<>();
        lines.add(style.bold("beside " + report.baselineFile()) + style.faint("   medians of the rounds"));
        lines.addAll(table.render(2));
        report.changed().forEach(change -> lines.add("  " + style.warning(change)));
        lines.add("");
        return lines;
    }

    private static String change(BenchmarkComparison.Row row) {
        if (row.before() == 0) {
            return row.now() == 0 ? "0%" : row.verdict() == Verdict.SAME ? "noise" : "new";
        }
        long percent = Math.round((row.now() / row.before() - 1) * 100);
        return (percent > 0 ? "+" : "") + percent + "%";
    }

    private List<String> advice(BenchmarkReport report) {
        List<String> lines = new ArrayList<>();
        lines.add(style.bold("recommendations"));
        if (report.advice().isEmpty()) {
            lines.add("  None: nothing failed, nothing was waited for, and the rounds agree.");
        }
        report.advice().forEach(sentence -> lines.add("  - " + sentence));
        lines.add("");
        return lines;
    }

    private List<String> verdict(BenchmarkReport report) {
        boolean good = report.exitCode() == ExitCode.GOOD;
        List<String> said = new ArrayList<>();
        said.add(
                report.missed() == 0
                        ? "all targets hold"
                        : counted(report.missed(), "target is", "targets are") + " missed");
        BenchmarkComparison comparison = report.comparison();
        if (comparison != null) {
            long worse = comparison.rows().stream()
                    .filter(row -> row.verdict() == Verdict.WORSE)
                    .count();
            said.add(
                    worse == 0
                            ? "not worse than the baseline"
                            : counted(worse, "figure is", "figures are") + " worse than the baseline");
        }
        long failed = report.levels().stream().mapToLong(BenchmarkLevel::failed).sum();
        boolean any = report.levels().stream().anyMatch(level -> level.passed() > 0);
        if (failed > 0) {
            said.add(any ? counted(failed, "instance", "instances") + " failed" : "no instance passed");
        }
        return List.of(
                (good ? style.good("✓") : style.bad("✗")) + " " + style.bold(String.join(", ", said)),
                style.faint("  written to " + report.file()));
    }

    private static String counted(long number, String one, String many) {
        return Style.count(number) + " " + (number == 1 ? one : many);
    }
}
