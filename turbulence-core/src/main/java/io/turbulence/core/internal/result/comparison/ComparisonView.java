package io.turbulence.core.internal.result.comparison;

import io.turbulence.core.internal.result.comparison.RunComparison.Figure;
import io.turbulence.core.internal.result.comparison.RunComparison.Line;
import io.turbulence.core.internal.result.comparison.RunComparison.Verdict;
import io.turbulence.core.internal.result.text.Style;
import io.turbulence.core.internal.result.text.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Two runs beside each other, as text.
final class ComparisonView {

    private final Style style;
    private final int width;

    ComparisonView(Style style, int width) {
        this.style = style;
        this.width = Math.clamp(width, 60, 120);
    }

    List<String> render(RunComparison comparison, String before, String after) {
        List<String> lines = new ArrayList<>();
        lines.add("A  " + before);
        lines.add("B  " + after);
        String scenario = "";
        TextTable table = table("");
        String step = "";
        for (Line line : comparison.lines()) {
            if (!line.scenario().equals(scenario)) {
                add(lines, table);
                scenario = line.scenario();
                table = table(scenario);
                step = "";
            }
            boolean nothing = line.figure() == Figure.FAILED && line.before() == 0 && line.after() == 0;
            if (!nothing) {
                table.row(
                        line.step().equals(step) ? "" : "  " + line.step(),
                        name(line.figure()),
                        value(line, line.before()),
                        value(line, line.after()),
                        change(line, line.change()),
                        interval(line),
                        verdict(line.verdict()));
                step = line.step();
            }
        }
        add(lines, table);
        lines.add("");
        comparison.remarks().forEach(remark -> lines.add(style.warning(remark)));
        long unclear = count(comparison, Verdict.UNCLEAR);
        if (unclear > 0) {
            lines.add(style.warning(unclear + " of " + comparison.lines().size() + " figures unclear:"
                    + " a difference that matters is neither shown nor ruled out. Compare longer runs."));
        }
        lines.add(conclusion(comparison));
        return lines;
    }

    private TextTable table(String scenario) {
        return new TextTable(style, width, scenario, "", "A", "B", "change", "between", "B is");
    }

    private static void add(List<String> lines, TextTable table) {
        if (!table.isEmpty()) {
            lines.add("");
            lines.addAll(table.render(0));
        }
    }

    private static String name(Figure figure) {
        return figure.name().toLowerCase(Locale.ROOT);
    }

    private static String value(Line line, double value) {
        return line.figure() == Figure.FAILED ? percent(value) : Style.millis(value) + " ms";
    }

    private static String change(Line line, double change) {
        return String.format(Locale.ROOT, "%+.1f%s", change * 100, line.figure() == Figure.FAILED ? " pt" : "%");
    }

    private static String interval(Line line) {
        if (line.verdict() == Verdict.UNKNOWN) {
            return "";
        }
        return String.format(Locale.ROOT, "%+.1f … %+.1f", line.low() * 100, line.high() * 100);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f%%", share * 100);
    }

    private String verdict(Verdict verdict) {
        return switch (verdict) {
            case BETTER -> style.good("better");
            case SAME -> "same";
            case WORSE -> style.bad("worse");
            case UNCLEAR -> style.warning("unclear");
            case UNKNOWN -> style.faint("too few");
        };
    }

    private String conclusion(RunComparison comparison) {
        long worse = count(comparison, Verdict.WORSE);
        long better = count(comparison, Verdict.BETTER);
        String what = worse + better == 0
                ? "No difference of more than 5 % can be shown"
                : worse + " worse, " + better + " better";
        return what + ", at 95 % confidence for all " + comparison.lines().size() + " figures together.";
    }

    private static long count(RunComparison comparison, Verdict verdict) {
        return comparison.lines().stream()
                .filter(line -> line.verdict() == verdict)
                .count();
    }
}
