package io.turbulence.core.internal.definition.yaml;

import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Problems;
import java.util.Optional;
import java.util.regex.Pattern;

/// A `{{ }}` that YAML takes for the beginning of a mapping because no quotes stand around the value.
///
/// @param column of the value's first character, from 0, in chars
/// @param value  the whole value as it stands in the file
record UnquotedTemplate(int column, String value) {

    /// What may stand before a template in a value without quotes.
    private static final Pattern PLAIN = Pattern.compile("[\\w/.:?=&%+~-]*");

    static void report(Problems problems, Location location, String value) {
        problems.error(
                Codes.SYNTAX,
                location,
                "",
                value + " without quotes, which YAML reads as a mapping",
                "a text in quotes",
                "Write " + quoted(value) + " instead.");
    }

    /// Finds the first value on a line that holds `{{` outside quotes and is no plain text of a block.
    static Optional<UnquotedTemplate> find(String line) {
        int begin = 0;
        int flow = 0;
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean atBegin = line.substring(begin, i).isBlank();
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (atBegin && (c == '"' || c == '\'')) {
                quote = c;
            } else if (c == '#' && (i == 0 || line.charAt(i - 1) == ' ')) {
                return Optional.empty();
            } else if (line.startsWith("{{", i)) {
                String before = line.substring(begin, i).strip();
                boolean likely = flow > 0 ? PLAIN.matcher(before).matches() : before.isEmpty();
                return likely && line.indexOf("}}", i) > 0
                        ? Optional.of(value(line, begin, i, flow > 0))
                        : Optional.empty();
            } else if ((c == '{' || c == '[') && (flow > 0 || atBegin)) {
                flow++;
                begin = i + 1;
            } else if ((c == '}' || c == ']') && flow > 0) {
                flow--;
            } else if (endsKey(line, i, flow, atBegin)) {
                begin = i + 1;
            }
        }
        return Optional.empty();
    }

    private static boolean endsKey(String line, int i, int flow, boolean atBegin) {
        boolean blankAfter = i + 1 == line.length() || line.charAt(i + 1) == ' ';
        return switch (line.charAt(i)) {
            case ':' -> blankAfter;
            case '-' -> blankAfter && atBegin;
            case ',' -> flow > 0;
            default -> false;
        };
    }

    private static UnquotedTemplate value(String line, int begin, int template, boolean inFlow) {
        int end = line.length();
        int i = template;
        while (i < line.length()) {
            if (line.startsWith("{{", i)) {
                int close = line.indexOf("}}", i);
                i = close < 0 ? line.length() : close + 2;
                continue;
            }
            boolean ends = inFlow ? ",]}".indexOf(line.charAt(i)) >= 0 : line.startsWith(" #", i);
            if (ends) {
                end = i;
                break;
            }
            i++;
        }
        int start = begin;
        while (line.charAt(start) == ' ') {
            start++;
        }
        return new UnquotedTemplate(start, line.substring(start, end).strip());
    }

    private static String quoted(String value) {
        return value.indexOf('"') < 0 && value.indexOf('\\') < 0
                ? '"' + value + '"'
                : '\'' + value.replace("'", "''") + '\'';
    }
}
