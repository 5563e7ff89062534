package io.turbulence.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// One statement as JDBC takes it, with the places where values are bound. Immutable.
///
/// @param text        with `?` for each value
/// @param names       of the values in order; empty where they have none
/// @param values      how many there are
/// @param keyword     its first word in upper case
/// @param returning   whether it has a `RETURNING` clause
record ParsedStatement(String text, List<String> names, int values, String keyword, boolean returning) {

    /// @throws IllegalArgumentException when it mixes `?` and `:name`, or counts its values with `$1`
    static ParsedStatement parse(String sql, Dialect dialect) {
        return new Parser(sql, dialect).parse();
    }

    /// Whether values are bound by name.
    boolean named() {
        return !names.isEmpty();
    }

    /// The names without repetition.
    Set<String> distinctNames() {
        return Collections.unmodifiableSet(new LinkedHashSet<>(names));
    }

    /// Whether it makes rows, so that keys may be made for them.
    boolean inserts() {
        return (keyword.equals("INSERT") || keyword.equals("REPLACE")) && !returning;
    }

    private static final class Parser {

        private final String sql;
        private final Dialect dialect;
        private final SqlScanner scanner;
        private final StringBuilder text;
        private final List<String> names = new ArrayList<>();
        private final List<Integer> marks = new ArrayList<>();
        private String keyword = "";
        private boolean returning;

        Parser(String sql, Dialect dialect) {
            this.sql = withoutLastSemicolon(sql);
            this.dialect = dialect;
            this.scanner = new SqlScanner(this.sql, dialect);
            this.text = new StringBuilder(sql.length());
        }

        ParsedStatement parse() {
            int at = 0;
            while (at < sql.length()) {
                int after = scanner.skip(at);
                if (after == at) {
                    after = plain(at);
                } else {
                    text.append(sql, at, after);
                }
                at = after;
            }
            if (!names.isEmpty() && !marks.isEmpty()) {
                if (!dialect.hasQuestionMarkOperators()) {
                    throw new IllegalArgumentException(
                            "the statement has both '?' and ':" + names.getFirst() + "' for values");
                }
                // With named values a question mark is an operator
                for (int mark : marks.reversed()) {
                    text.insert(mark, '?');
                }
                marks.clear();
            }
            int values = names.isEmpty() ? marks.size() : names.size();
            return new ParsedStatement(text.toString().strip(), List.copyOf(names), values, keyword, returning);
        }

        /// @return the place after what was taken
        private int plain(int at) {
            char c = sql.charAt(at);
            if (c == '?') {
                return mark(at);
            }
            if (c == ':') {
                return colon(at);
            }
            if (c == '$' && dialect == Dialect.POSTGRESQL && isDigit(at + 1) && !scanner.isWordPartAt(at - 1)) {
                throw new IllegalArgumentException("the statement has '$" + sql.charAt(at + 1) + "' for a value");
            }
            if (SqlScanner.isWordPart(c)) {
                return word(at);
            }
            text.append(c);
            return at + 1;
        }

        private int mark(int at) {
            if (scanner.isAt(at + 1, '?')) {
                text.append("??");
                return at + 2;
            }
            marks.add(text.length());
            text.append('?');
            return at + 1;
        }

        private int colon(int at) {
            if (scanner.isAt(at + 1, ':')) {
                text.append("::");
                return at + 2;
            }
            boolean named = at + 1 < sql.length() && SqlScanner.isWordStart(sql.charAt(at + 1)) && !followsAValue(at);
            if (!named) {
                text.append(':');
                return at + 1;
            }
            int end = scanner.wordEnd(at + 1);
            names.add(sql.substring(at + 1, end));
            text.append('?');
            return end;
        }

        /// The bounds of an array's part, `a[1:n]`, and keys in braces, `{'a':b}`.
        private boolean followsAValue(int at) {
            return scanner.isWordPartAt(at - 1)
                    || scanner.isAt(at - 1, '\'')
                    || scanner.isAt(at - 1, '"')
                    || scanner.isAt(at - 1, ']');
        }

        private int word(int at) {
            int end = scanner.wordEnd(at);
            String word = sql.substring(at, end);
            if (keyword.isEmpty()) {
                keyword = word.toUpperCase(Locale.ROOT);
            }
            returning |= word.equalsIgnoreCase("returning");
            text.append(word);
            return end;
        }

        private boolean isDigit(int at) {
            return at < sql.length() && Character.isDigit(sql.charAt(at));
        }

        private static String withoutLastSemicolon(String sql) {
            String stripped = sql.strip();
            return stripped.endsWith(";") ? stripped.substring(0, stripped.length() - 1) : stripped;
        }
    }
}
