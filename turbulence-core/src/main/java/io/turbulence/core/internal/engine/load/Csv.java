package io.turbulence.core.internal.engine.load;

import java.util.ArrayList;
import java.util.List;

/// Comma-separated values as RFC 4180 has them: quotes around a field, doubled inside one.
final class Csv {

    private final String text;
    private int at;

    private Csv(String text) {
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /// The records of a text; blank lines are none.
    ///
    /// @throws IllegalArgumentException when a quote is not closed
    static List<List<String>> parse(String text) {
        Csv csv = new Csv(text);
        List<List<String>> records = new ArrayList<>();
        while (csv.at < csv.text.length()) {
            List<String> record = csv.record();
            if (record.size() > 1 || !record.getFirst().isBlank()) {
                records.add(record);
            }
        }
        return records;
    }

    private List<String> record() {
        List<String> fields = new ArrayList<>();
        while (true) {
            fields.add(field());
            if (at < text.length() && text.charAt(at) == ',') {
                at++;
                continue;
            }
            if (at < text.length() && text.charAt(at) == '\r') {
                at++;
            }
            if (at < text.length() && text.charAt(at) == '\n') {
                at++;
            }
            return fields;
        }
    }

    private String field() {
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int start = at;
        while (at < text.length() && ",\r\n".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at);
    }

    private String quoted() {
        int open = at++;
        StringBuilder field = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c != '"') {
                field.append(c);
            } else if (at < text.length() && text.charAt(at) == '"') {
                field.append('"');
                at++;
            } else {
                return field.toString();
            }
        }
        throw new IllegalArgumentException("the quote at character %d is not closed".formatted(open + 1));
    }
}
