package io.turbulence.core.internal.definition.problem;

import io.turbulence.api.TurbulenceException;
import java.util.List;

/// System or scenario files that cannot be run as they are. The message tells every error with its place and line.
public final class InvalidDefinitionException extends TurbulenceException {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    InvalidDefinitionException(List<Problem> problems, String message) {
        super(Codes.INVALID, message, null);
        this.problems = List.copyOf(problems);
    }

    /// The errors, by file and place; at least one.
    public List<Problem> problems() {
        return problems;
    }

    /// Whether something is asked for that no loaded plugin brings.
    public boolean isAboutPlugins() {
        return problems.stream()
                .anyMatch(problem -> problem.code().equals(Codes.UNKNOWN_TYPE)
                        || problem.code().equals(Codes.UNKNOWN_PROTOCOL));
    }
}
