package io.turbulence.core.internal.definition.problem;

import io.turbulence.core.internal.definition.secret.SecretsInLine;
import java.util.List;
import java.util.stream.Collectors;

/// Writes problems for people: the text, the line of the file with its secrets hidden, and a caret under the place.
public final class ProblemPrinter {

    private static final int WIDTH = 120;
    private static final String CUT = "…";

    private final Sources sources;

    public ProblemPrinter(Sources sources) {
        this.sources = sources;
    }

    /// All of them, one below the other, without a line end after the last.
    public String print(List<Problem> problems) {
        return problems.stream().map(this::print).collect(Collectors.joining("\n"));
    }

    public String print(Problem problem) {
        Location location = problem.location();
        return sources.line(location.file(), location.line())
                .filter(line -> !line.isBlank())
                .map(line -> problem.text() + "\n" + excerpt(SecretsInLine.hidden(line), location.column() - 1))
                .orElse(problem.text());
    }

    private static String excerpt(String line, int column) {
        // A tab or control character would move the caret away from its place
        int[] characters = line.codePoints()
                .map(character -> Character.isISOControl(character) ? ' ' : character)
                .toArray();
        int caret = Math.min(column, characters.length);
        int from = caret < WIDTH ? 0 : caret - WIDTH / 2;
        int to = Math.min(characters.length, from + WIDTH);
        String shown =
                (from > 0 ? CUT : "") + new String(characters, from, to - from) + (to < characters.length ? CUT : "");
        int indent = caret - from + (from > 0 ? CUT.length() : 0);
        return "  " + shown.stripTrailing() + "\n  " + " ".repeat(indent) + "^";
    }
}
