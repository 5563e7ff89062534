package io.turbulence.core.internal.definition.problem;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The texts of the files that were read, to show the lines that problems stand in. For one thread.
public final class Sources {

    private static final Pattern LINE_END = Pattern.compile("\r\n|\n|\r");

    private final Map<Path, String> texts = new HashMap<>();

    public void add(Path file, String text) {
        texts.put(file, text);
    }

    /// A line by its number from 1; empty when the file is not known or has no such line.
    public Optional<String> line(Path file, int number) {
        String text = texts.get(file);
        if (text == null) {
            return Optional.empty();
        }
        String[] lines = LINE_END.split(text, -1);
        return number > lines.length ? Optional.empty() : Optional.of(lines[number - 1]);
    }
}
