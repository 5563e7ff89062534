package io.turbulence.core.internal.definition.problem;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Collects everything that is wrong with the definitions of a run, so that all of it is told at once. What is said
/// twice of one place is kept once. For one thread.
public final class Problems {

    private final List<Problem> all = new ArrayList<>();
    private final Sources sources = new Sources();

    /// The texts of the files that were read so far.
    public Sources sources() {
        return sources;
    }

    public void add(Problem problem) {
        for (Problem earlier : all) {
            if (problem.repeats(earlier)) {
                return;
            }
        }
        all.add(problem);
    }

    public void error(
            String code, Location location, String path, String found, String expected, @Nullable String hint) {
        add(new Problem(Severity.ERROR, code, location, path, found, expected, hint));
    }

    public void warning(String code, Location location, String path, String found, @Nullable String hint) {
        add(new Problem(Severity.WARNING, code, location, path, found, "", hint));
    }

    /// How many errors there are so far.
    public int errorCount() {
        return (int) all.stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .count();
    }

    /// By file in the order in which files were first complained of, then by place.
    public List<Problem> errors() {
        return of(Severity.ERROR);
    }

    /// In the order of [#errors].
    public List<Problem> warnings() {
        return of(Severity.WARNING);
    }

    /// Whether a value, or a part of it, has an error already.
    ///
    /// @param path     of the value in its file
    /// @param location of the value, in the same file
    public boolean hasErrorAt(String path, Location location) {
        return all.stream()
                .filter(problem -> problem.severity() == Severity.ERROR
                        && problem.location().file().equals(location.file()))
                .map(Problem::path)
                .anyMatch(other -> other.equals(path) || other.startsWith(path + ".") || other.startsWith(path + "["));
    }

    /// Whether something of this code was said of a place.
    public boolean has(String code, Location place) {
        return all.stream()
                .anyMatch(problem ->
                        problem.code().equals(code) && problem.location().isSamePlace(place));
    }

    public boolean hasErrors() {
        return all.stream().anyMatch(problem -> problem.severity() == Severity.ERROR);
    }

    /// @throws InvalidDefinitionException with all errors, when there is one
    public void throwIfErrors() {
        List<Problem> errors = errors();
        if (!errors.isEmpty()) {
            throw new InvalidDefinitionException(errors, new ProblemPrinter(sources).print(errors));
        }
    }

    private List<Problem> of(Severity severity) {
        Map<Path, Integer> files = new LinkedHashMap<>();
        all.forEach(problem -> files.putIfAbsent(problem.location().file(), files.size()));
        return all.stream()
                .filter(problem -> problem.severity() == severity)
                .sorted(Comparator.<Problem>comparingInt(
                                problem -> files.getOrDefault(problem.location().file(), 0))
                        .thenComparingInt(problem -> problem.location().line())
                        .thenComparingInt(problem -> problem.location().column()))
                .toList();
    }
}
