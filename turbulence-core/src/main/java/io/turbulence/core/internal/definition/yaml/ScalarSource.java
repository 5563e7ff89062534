package io.turbulence.core.internal.definition.yaml;

import io.turbulence.core.internal.definition.problem.Location;

/// The characters of a scalar in its file. Quotes, escapes, folded lines and indentation make them differ from its
/// text.
///
/// @param file  the whole file's text
/// @param start index of the first character in the file, in code points
/// @param end   index after the last one
record ScalarSource(String file, int start, int end) {

    /// The place of `text[offset]`, where the scalar begins at `begin`.
    Location locate(Location begin, String text, int offset) {
        return new Walk(begin, text, Math.min(offset, text.length())).run();
    }

    /// Goes through source and text side by side.
    private final class Walk {

        private final Location begin;
        private final String text;
        private final int offset;
        private final int stop = file.offsetByCodePoints(0, end);
        private int at = file.offsetByCodePoints(0, start);
        private int line;
        private int column;
        private int position;

        Walk(Location begin, String text, int offset) {
            this.begin = begin;
            this.text = text;
            this.offset = offset;
            line = begin.line();
            column = begin.column();
        }

        Location run() {
            char style = at < stop ? file.charAt(at) : ' ';
            boolean block = style == '|' || style == '>';
            if (block) {
                while (at < stop && file.charAt(at) != '\n') {
                    step();
                }
                newLine();
            } else if (style == '"' || style == '\'') {
                step();
            }
            while (at < stop && !(position == offset && matches())) {
                advance(style);
            }
            return new Location(begin.file(), line, column, begin.via());
        }

        private boolean matches() {
            char here = file.charAt(at);
            return position == text.length()
                    || here == text.charAt(position)
                    || here == '\\'
                    || (here == '\n' && text.charAt(position) == ' ');
        }

        private void advance(char style) {
            char here = file.charAt(at);
            if (here == '\n') {
                if (position < text.length() && (text.charAt(position) == '\n' || text.charAt(position) == ' ')) {
                    position++;
                }
                newLine();
            } else if (style == '"' && here == '\\' && at + 1 < stop) {
                escape();
            } else {
                if (style == '\'' && file.startsWith("''", at)) {
                    step();
                }
                if (position < text.length() && here == text.charAt(position)) {
                    position++;
                }
                step();
            }
        }

        private void escape() {
            int length = switch (file.charAt(at + 1)) {
                case 'x' -> 4;
                case 'u' -> 6;
                case 'U' -> 10;
                default -> 2;
            };
            if (file.charAt(at + 1) == '\n') {
                step();
                newLine();
                return;
            }
            position += position < text.length() && Character.isHighSurrogate(text.charAt(position)) ? 2 : 1;
            for (int i = 0; i < length && at < stop; i++) {
                step();
            }
        }

        /// Passes a line end and the indentation after it, apart from blanks that belong to the text.
        private void newLine() {
            if (at >= stop) {
                return;
            }
            at++;
            line++;
            column = 1;
            int blanks = blanks(file, at) - blanks(text, position);
            for (int i = 0; i < blanks && at < stop; i++) {
                step();
            }
        }

        private void step() {
            if (!Character.isLowSurrogate(file.charAt(at))) {
                column++;
            }
            at++;
        }

        private static int blanks(String string, int from) {
            int to = from;
            while (to < string.length() && (string.charAt(to) == ' ' || string.charAt(to) == '\t')) {
                to++;
            }
            return to - from;
        }
    }
}
