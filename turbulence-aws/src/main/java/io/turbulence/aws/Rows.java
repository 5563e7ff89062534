package io.turbulence.aws;

import io.turbulence.api.Failure;
import io.turbulence.api.FailureException;
import io.turbulence.spi.Json;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of a text, one by one: JSON lines, or CSV as RFC 4180 has it. Used by one thread.
final class Rows {

    private final String name;
    private final Reader text;
    private final Form form;
    private final long longest;
    private List<String> columns = List.of();
    private final char[] buffer = new char[8192];
    private int at;
    private int filled;
    private long number;

    private Rows(String name, Reader text, Form form, long longest) {
        this.name = name;
        this.text = text;
        this.form = form;
        this.longest = longest;
    }

    /// How rows are written.
    sealed interface Form {

        /// @param header whether the first row names the columns
        record Csv(char delimiter, boolean header) implements Form {}

        /// One JSON text in each line.
        record Lines(Json json) implements Form {}
    }

    /// @param name    the subject of messages
    /// @param longest the most characters that a row may have
    static Rows of(String name, Reader text, Form form, long longest) throws IOException {
        Rows rows = new Rows(name, text, form, longest);
        if (rows.peek() == '\uFEFF') {
            rows.take();
        }
        if (form instanceof Form.Csv csv && csv.header()) {
            List<String> names = rows.fields(csv.delimiter());
            rows.columns = names == null ? List.of() : List.copyOf(names);
        }
        return rows;
    }

    /// How many rows were read.
    long count() {
        return number;
    }

    /// The next row, in a holder because a line may be JSON's null; null at the end.
    @Nullable
    Row next() throws IOException {
        return switch (form) {
            case Form.Csv csv -> record(csv);
            case Form.Lines lines -> line(lines.json());
        };
    }

    /// One row.
    record Row(@Nullable Object tree) {}

    private @Nullable Row line(Json json) throws IOException {
        while (peek() >= 0) {
            StringBuilder line = new StringBuilder();
            while (peek() >= 0 && peek() != '\n') {
                add(line, take());
            }
            take();
            if (line.toString().isBlank()) {
                continue;
            }
            number++;
            try {
                return new Row(json.read(line.toString()));
            } catch (IllegalArgumentException e) {
                throw new FailureException(
                        Failure.PROTOCOL, "%s: line %,d is no JSON: %s".formatted(name, number, e.getMessage()), e);
            }
        }
        return null;
    }

    private @Nullable Row record(Form.Csv csv) throws IOException {
        List<String> fields = fields(csv.delimiter());
        if (fields == null) {
            return null;
        }
        number++;
        if (!csv.header()) {
            return new Row(List.copyOf(fields));
        }
        if (fields.size() != columns.size()) {
            throw new FailureException(
                    Failure.PROTOCOL,
                    "%s: row %,d has %d fields where the header has %d"
                            .formatted(name, number, fields.size(), columns.size()));
        }
        Map<String, Object> row = LinkedHashMap.newLinkedHashMap(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            row.put(columns.get(i), fields.get(i));
        }
        return new Row(row);
    }

    /// Blank lines are none.
    private @Nullable List<String> fields(char delimiter) throws IOException {
        while (peek() >= 0) {
            List<String> fields = new ArrayList<>();
            do {
                fields.add(field(delimiter));
            } while (took(delimiter));
            took('\r');
            took('\n');
            if (fields.size() > 1 || !fields.getFirst().isBlank()) {
                return fields;
            }
        }
        return null;
    }

    private String field(char delimiter) throws IOException {
        StringBuilder field = new StringBuilder();
        if (took('"')) {
            quoted(field);
        }
        while (peek() >= 0 && peek() != delimiter && peek() != '\n' && peek() != '\r') {
            add(field, take());
        }
        return field.toString();
    }

    private void quoted(StringBuilder field) throws IOException {
        while (true) {
            int next = take();
            if (next < 0) {
                throw new FailureException(
                        Failure.PROTOCOL, "%s: a quote of row %,d is not closed".formatted(name, number + 1));
            }
            if (next != '"') {
                add(field, next);
            } else if (!took('"')) {
                return;
            } else {
                add(field, '"');
            }
        }
    }

    private void add(StringBuilder row, int character) {
        if (row.length() >= longest) {
            throw new FailureException(
                    Failure.TOO_LARGE,
                    "%s: row %,d is longer than 'max_size' of %,d characters".formatted(name, number + 1, longest));
        }
        row.append((char) character);
    }

    private int peek() throws IOException {
        if (at == filled) {
            at = 0;
            filled = Math.max(0, text.read(buffer));
            if (filled == 0) {
                return -1;
            }
        }
        return buffer[at];
    }

    private int take() throws IOException {
        int taken = peek();
        if (taken >= 0) {
            at++;
        }
        return taken;
    }

    private boolean took(char wanted) throws IOException {
        if (peek() != wanted) {
            return false;
        }
        take();
        return true;
    }
}
