package io.turbulence.core;

import io.turbulence.api.TurbulenceException;
import io.turbulence.core.internal.definition.problem.InvalidDefinitionException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// System or scenario files, or what was built in Java in their place, that cannot be run as they are. Nothing was run.
/// The message tells every error with its place and line, as the program prints them.
public final class DefinitionException extends TurbulenceException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;
    private final boolean aboutPlugins;

    DefinitionException(InvalidDefinitionException e) {
        super(e.code(), String.valueOf(e.getMessage()), e);
        this.problems = e.problems().stream()
                .map(problem -> new Problem(
                        problem.code(),
                        problem.location().file(),
                        problem.location().line(),
                        problem.location().column(),
                        problem.path(),
                        problem.found(),
                        problem.expected(),
                        problem.hint()))
                .toList();
        this.aboutPlugins = e.isAboutPlugins();
    }

    /// One error.
    ///
    /// @param code     a stable name such as `DEFINITION_UNKNOWN_KEY`
    /// @param line     from 1
    /// @param column   from 1; 0 for a line of a program as a whole
    /// @param path     the key, such as `flow[0].path`; empty for the file as a whole
    /// @param found    what stands there
    /// @param expected what could stand there; may be empty
    public record Problem(
            String code,
            Path file,
            int line,
            int column,
            String path,
            String found,
            String expected,
            @Nullable String hint) {}

    /// The errors, by file and place; at least one.
    public List<Problem> problems() {
        return problems;
    }

    /// Whether something is asked for that no loaded plugin brings.
    boolean isAboutPlugins() {
        return aboutPlugins;
    }
}
