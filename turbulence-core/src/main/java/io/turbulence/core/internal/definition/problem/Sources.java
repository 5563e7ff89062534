package io.turbulence.core.internal.definition.problem;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The texts of the files that were read, to show the lines that problems stand in. For one thread.
public final class Sources {

    private final Map<Path, String[]> lines = new HashMap<>();

    public void add(Path file, String text) {
        lines.put(file, text.split("\r\n|\n|\r", -1));
    }

    /// A line by its number from 1; empty when the file is not known or has no such line.
    public Optional<String> line(Path file, int number) {
        String[] ofFile = lines.get(file);
        return ofFile == null || number > ofFile.length ? Optional.empty() : Optional.of(ofFile[number - 1]);
    }
}
