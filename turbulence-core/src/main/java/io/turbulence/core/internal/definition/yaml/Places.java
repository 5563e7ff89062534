package io.turbulence.core.internal.definition.yaml;

import io.turbulence.core.internal.definition.problem.Location;
import java.nio.file.Path;

/// Finds lines and columns in a text by index.
final class Places {

    private final String text;

    private Places(String text) {
        this.text = text;
    }

    static Places of(String text) {
        return new Places(text);
    }

    /// The place of a character by its index in code points.
    Location location(Path file, int index) {
        int line = 1;
        int column = 1;
        int at = 0;
        for (int i = 0; i < index && at < text.length(); i++) {
            int character = text.codePointAt(at);
            at += Character.charCount(character);
            boolean ends = character == '\n' || (character == '\r' && !text.startsWith("\n", at));
            line = ends ? line + 1 : line;
            column = ends ? 1 : column + 1;
        }
        return new Location(file, line, column);
    }
}
