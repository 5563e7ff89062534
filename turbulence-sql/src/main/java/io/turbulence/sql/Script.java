package io.turbulence.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Several statements in one text, separated by semicolons. The bodies of triggers and routines keep
/// theirs. Immutable.
///
/// @param statements in order
record Script(List<Statement> statements) {

    private static final Set<String> ROUTINES = Set.of("TRIGGER", "PROCEDURE", "FUNCTION", "EVENT");
    /// What `END` may end without a `BEGIN` or `CASE` before it.
    private static final Set<String> BLOCKS = Set.of("IF", "LOOP", "WHILE", "REPEAT", "FOR");

    Script {
        statements = List.copyOf(statements);
    }

    /// @param text without the semicolon
    /// @param line where it begins, from 1
    record Statement(String text, int line) {}

    static Script parse(String sql, Dialect dialect) {
        return new Splitter(sql, dialect).split();
    }

    private static final class Splitter {

        private final String sql;
        private final SqlScanner scanner;
        private final List<Statement> statements = new ArrayList<>();
        private int start = -1;
        private boolean creates;
        private boolean routine;
        private int depth;

        Splitter(String sql, Dialect dialect) {
            this.sql = sql;
            this.scanner = new SqlScanner(sql, dialect);
        }

        Script split() {
            int at = 0;
            while (at < sql.length()) {
                at = step(at);
            }
            end(sql.length());
            return new Script(statements);
        }

        private int step(int at) {
            char c = sql.charAt(at);
            int after = scanner.skip(at);
            if (after > at) {
                if (!scanner.isComment(at)) {
                    begin(at);
                }
                return after;
            }
            if (c == ';' && depth == 0) {
                end(at);
                return at + 1;
            }
            if (!Character.isWhitespace(c)) {
                begin(at);
            }
            return SqlScanner.isWordStart(c) ? word(at) : at + 1;
        }

        private int word(int at) {
            int end = scanner.wordEnd(at);
            String word = sql.substring(at, end).toUpperCase(Locale.ROOT);
            if (at == start) {
                creates = word.equals("CREATE");
            }
            routine |= creates && ROUTINES.contains(word);
            if (routine && (word.equals("BEGIN") || word.equals("CASE"))) {
                depth++;
            } else if (routine && word.equals("END") && depth > 0) {
                return endWord(end);
            }
            return end;
        }

        private int endWord(int at) {
            int next = at;
            while (next < sql.length() && Character.isWhitespace(sql.charAt(next))) {
                next++;
            }
            int end = scanner.wordEnd(next);
            String word = sql.substring(next, end).toUpperCase(Locale.ROOT);
            if (BLOCKS.contains(word)) {
                return end;
            }
            depth--;
            return word.equals("CASE") ? end : at;
        }

        private void begin(int at) {
            if (start < 0) {
                start = at;
            }
        }

        private void end(int at) {
            if (start >= 0) {
                int line = 1
                        + (int) sql.substring(0, start)
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                statements.add(new Statement(sql.substring(start, at).strip(), line));
            }
            start = -1;
            creates = false;
            routine = false;
            depth = 0;
        }
    }
}
