package io.turbulence.core.internal.definition.problem;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong with a definition.
///
/// @param code     one of [Codes], or a plugin's own
/// @param path     of the value in its file, as `flow[0].headers.accept`; empty for the file as a whole
/// @param found    what stands there
/// @param expected what would be right; empty where there is nothing to say
/// @param hint     one next step, a whole sentence; null for none
public record Problem(
        Severity severity,
        String code,
        Location location,
        String path,
        String found,
        String expected,
        @Nullable String hint) {

    /// `file:line:column: path: found; expected what. Hint`
    public String text() {
        StringBuilder text = new StringBuilder();
        text.append(location).append(": ");
        if (severity == Severity.WARNING) {
            text.append("warning: ");
        }
        if (!path.isEmpty()) {
            text.append(path).append(": ");
        }
        text.append(found);
        if (!expected.isEmpty()) {
            text.append("; expected ").append(expected);
        }
        if (hint != null) {
            text.append(". ").append(hint);
        }
        if (location.via() != null) {
            text.append(" (through the alias at ").append(location.via()).append(')');
        }
        return text.toString();
    }

    /// Whether both say the same of the same place, on whatever way it was reached.
    boolean repeats(Problem other) {
        return code.equals(other.code)
                && severity == other.severity
                && location.isSamePlace(other.location)
                && (!location.isInCode() || path.equals(other.path))
                && found.equals(other.found)
                && expected.equals(other.expected);
    }

    @Override
    public String toString() {
        return text();
    }
}
