package io.turbulence.core.internal.definition.problem;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A place in a file: of YAML, or of Java, of which only the line is known.
///
/// @param file   as the user named it
/// @param line   from 1
/// @param column from 1, in characters (code points); 0 for a line as a whole
/// @param via    where the alias stands through which the place was reached; null when it was reached directly
public record Location(
        Path file, int line, int column, @Nullable Location via) {

    public Location {
        if (line < 1 || column < 0) {
            throw new IllegalArgumentException("place was " + line + ":" + column + " but both count from 1");
        }
    }

    public Location(Path file, int line, int column) {
        this(file, line, column, null);
    }

    /// A line of a program.
    public static Location inCode(Path file, int line) {
        return new Location(file, line, 0);
    }

    /// Whether it is in a program, not in a file of definitions.
    public boolean isInCode() {
        return column == 0;
    }

    /// The same place, reached through an alias.
    public Location through(Location alias) {
        return new Location(file, line, column, alias);
    }

    /// Whether both are the same place, however it was reached.
    public boolean isSamePlace(Location other) {
        return line == other.line && column == other.column && file.equals(other.file);
    }

    /// `file:line:column`, in a program `file:line`.
    @Override
    public String toString() {
        return isInCode() ? file + ":" + line : file + ":" + line + ":" + column;
    }
}
