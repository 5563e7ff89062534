package io.turbulence.core.internal.result.console;

import io.turbulence.core.internal.result.files.RecordedInstance;
import io.turbulence.core.internal.result.files.StepOutcome;
import io.turbulence.core.internal.result.text.Style;
import io.turbulence.core.internal.result.text.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How the steps of an instance ended then and now, as text.
public final class ReplayView {

    private final Style style;
    private final int width;

    public ReplayView(boolean colour, int width) {
        this.style = new Style(colour);
        this.width = Math.clamp(width, 40, 120);
    }

    public List<String> render(RecordedInstance recorded, List<StepOutcome.Pair> pairs) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        TextTable table = new TextTable(style, width, "instance " + recorded.number(), "then", "now");
        for (StepOutcome.Pair pair : pairs) {
            table.row(pair.newest().step(), text(pair.before()), text(pair.after()));
        }
        lines.addAll(table.render(0));
        long changed = 0;
        for (StepOutcome.Pair pair : pairs) {
            if (pair.differs()) {
                changed++;
                lines.addAll(why(pair));
            }
        }
        lines.add("");
        lines.add(
                changed == 0
                        ? "Every step ended as it did then."
                        : changed == 1 ? "1 step ended otherwise." : changed + " steps ended otherwise.");
        return lines;
    }

    private String text(@Nullable StepOutcome outcome) {
        if (outcome == null) {
            return style.faint("-");
        }
        String text = outcome.status().name().toLowerCase(Locale.ROOT);
        return switch (outcome.status()) {
            case OK -> style.good(text);
            case FAILED -> style.bad(text);
            case SKIPPED -> style.faint(text);
        };
    }

    private List<String> why(StepOutcome.Pair pair) {
        List<String> lines = new ArrayList<>();
        String then = pair.before() == null ? null : pair.before().error();
        String now = pair.after() == null ? null : pair.after().error();
        if (then != null || now != null) {
            lines.add("");
            lines.add(style.bold(pair.newest().step()));
        }
        if (then != null) {
            lines.add("  then: " + then);
        }
        if (now != null) {
            lines.add("  now:  " + now);
        }
        return lines;
    }
}
