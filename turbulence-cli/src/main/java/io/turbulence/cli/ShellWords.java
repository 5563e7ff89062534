package io.turbulence.cli;

import java.util.ArrayList;
import java.util.List;

/// The words of a command as a POSIX shell separates them, without its expansions.
final class ShellWords {

    private final String command;
    private int at;

    private ShellWords(String command) {
        this.command = command;
    }

    /// @throws IllegalArgumentException when a quote is not closed
    static List<String> of(String command) {
        ShellWords reader = new ShellWords(command.replace("\\\r\n", " ").replace("\\\n", " "));
        List<String> words = new ArrayList<>();
        while (reader.skipSpace()) {
            words.add(reader.word());
        }
        return words;
    }

    private boolean skipSpace() {
        while (at < command.length() && Character.isWhitespace(command.charAt(at))) {
            at++;
        }
        return at < command.length();
    }

    private String word() {
        StringBuilder word = new StringBuilder();
        while (at < command.length() && !Character.isWhitespace(command.charAt(at))) {
            char c = command.charAt(at++);
            if (c == '\'' || c == '"') {
                quoted(c, word);
            } else if (c == '$' && at < command.length() && command.charAt(at) == '\'') {
                at++;
                escaped(word);
            } else if (c == '\\' && at < command.length()) {
                word.append(command.charAt(at++));
            } else {
                word.append(c);
            }
        }
        return word.toString();
    }

    private void quoted(char quote, StringBuilder word) {
        while (at < command.length()) {
            char c = command.charAt(at++);
            if (c == quote) {
                return;
            }
            boolean escapes = quote == '"' && c == '\\' && at < command.length();
            word.append(escapes && "\"\\$`".indexOf(command.charAt(at)) >= 0 ? command.charAt(at++) : c);
        }
        throw notClosed(quote);
    }

    /// `$'…'`, which browsers write for bodies with quotes and line breaks.
    private void escaped(StringBuilder word) {
        while (at < command.length()) {
            char c = command.charAt(at++);
            if (c == '\'') {
                return;
            }
            if (c != '\\' || at == command.length()) {
                word.append(c);
                continue;
            }
            char escape = command.charAt(at++);
            switch (escape) {
                case 'n' -> word.append('\n');
                case 'r' -> word.append('\r');
                case 't' -> word.append('\t');
                case 'u' -> {
                    int end = Math.min(at + 4, command.length());
                    word.append((char) Integer.parseInt(command, at, end, 16));
                    at = end;
                }
                default -> word.append(escape);
            }
        }
        throw notClosed('\'');
    }

    private static IllegalArgumentException notClosed(char quote) {
        return new IllegalArgumentException("a quote " + quote + " is not closed");
    }
}
