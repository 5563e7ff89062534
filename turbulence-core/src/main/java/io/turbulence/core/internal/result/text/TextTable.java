package io.turbulence.core.internal.result.text;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Rows under a header, figures to the right. The first column is cut where the table would be wider
/// than it may be.
public final class TextTable {

    private static final int WIDE_GAP = 3;
    private static final int NARROW_GAP = 2;
    private static final int NARROWEST_FIRST = 12;

    private final Style style;
    private final int width;
    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(Style style, int width, String... header) {
        this.style = style;
        this.width = width;
        this.header = List.of(header);
    }

    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /// @param indent columns on the left
    public List<String> render(int indent) {
        int gap = WIDE_GAP;
        int[] widths = widths(indent, gap);
        if (widths[0] < longestFirst() || total(widths, indent, gap) > width) {
            gap = NARROW_GAP;
            widths = widths(indent, gap);
        }
        List<String> lines = new ArrayList<>();
        lines.add(style.faint(line(header, widths, indent, gap)));
        for (List<String> row : rows) {
            lines.add(line(row, widths, indent, gap));
        }
        return lines;
    }

    private int longestFirst() {
        int longest = header.getFirst().length();
        for (List<String> row : rows) {
            longest = Math.max(longest, row.getFirst().length());
        }
        return longest;
    }

    private static int total(int[] widths, int indent, int gap) {
        return indent + IntStream.of(widths).sum() + (widths.length - 1) * gap;
    }

    private int[] widths(int indent, int gap) {
        int[] widths = new int[header.size()];
        int others = indent;
        for (int column = 0; column < widths.length; column++) {
            int widest = Style.width(header.get(column));
            for (List<String> row : rows) {
                widest = Math.max(widest, Style.width(row.get(column)));
            }
            widths[column] = widest;
            others += column == 0 ? 0 : widest + gap;
        }
        widths[0] = Math.min(widths[0], Math.max(NARROWEST_FIRST, width - others));
        return widths;
    }

    private static String line(List<String> cells, int[] widths, int indent, int gap) {
        StringBuilder line = new StringBuilder(" ".repeat(indent));
        for (int column = 0; column < widths.length; column++) {
            String cell = column == 0 ? Style.fit(cells.get(0), widths[0]) : cells.get(column);
            String padding = " ".repeat(Math.max(0, widths[column] - Style.width(cell)));
            if (column == 0) {
                line.append(cell).append(padding);
            } else {
                line.append(" ".repeat(gap)).append(padding).append(cell);
            }
        }
        return line.toString().stripTrailing();
    }
}
