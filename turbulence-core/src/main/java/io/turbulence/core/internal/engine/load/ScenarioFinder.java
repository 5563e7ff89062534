package io.turbulence.core.internal.engine.load;

import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.problem.Location;
import io.turbulence.core.internal.definition.problem.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Finds scenario files: a file is one, and in a folder every YAML file that looks like one.
final class ScenarioFinder {

    /// Also as they are mistyped.
    private static final Pattern OF_SCENARIOS =
            Pattern.compile("^(id|flows?|steps|entry|finally|load|stop_when|assertions|max_steps|callable) *:");

    private static final Pattern WORD = Pattern.compile("[^:{\\[\\-]+");

    private final Problems problems;
    private final @Nullable Source system;

    ScenarioFinder(Problems problems, @Nullable Source system) {
        this.problems = problems;
        this.system = system;
    }

    /// Each once, in the order given.
    Set<Source> find(List<Source> places) {
        Set<Source> sources = new LinkedHashSet<>();
        for (Source place : places) {
            if (place instanceof Source.InFile folder && Files.isDirectory(folder.path())) {
                Set<Path> files = new LinkedHashSet<>();
                inFolder(folder.path(), files);
                files.forEach(file -> sources.add(new Source.InFile(file)));
            } else {
                sources.add(place);
            }
        }
        return sources;
    }

    private void inFolder(Path folder, Set<Path> files) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().matches(".*\\.ya?ml"))
                    .filter(file -> !isHidden(folder, file))
                    .filter(file -> system == null || !isSame(file, system.file()))
                    .filter(ScenarioFinder::looksLikeScenario)
                    .sorted()
                    .forEach(files::add);
        } catch (IOException e) {
            problems.error(
                    Codes.FILE, new Location(folder, 1, 1), "", "a folder that cannot be read", "scenario files", null);
        }
    }

    private static boolean isHidden(Path folder, Path file) {
        for (Path part : folder.relativize(file)) {
            if (part.toString().startsWith(".") || part.toString().equals("runs")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSame(Path a, Path b) {
        return a.toAbsolutePath().normalize().equals(b.toAbsolutePath().normalize());
    }

    /// Folders hold rows of data, schemas and system files too, which are passed over. A scenario has one of the keys
    /// that only scenarios have at its top. What cannot be read, is empty or is a mere word is taken for one, so that
    /// its mistake is told: a test that was cut off must not be missed.
    private static boolean looksLikeScenario(Path file) {
        try {
            List<String> lines = Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank() && !line.startsWith("#") && !line.startsWith("---"))
                    .toList();
            return lines.isEmpty()
                    || lines.getFirst().stripLeading().startsWith("{")
                    || (lines.size() == 1 && WORD.matcher(lines.getFirst()).matches())
                    || (lines.stream()
                                    .anyMatch(line -> OF_SCENARIOS.matcher(line).find())
                            && lines.stream().noneMatch(line -> line.startsWith("services:")));
        } catch (IOException e) {
            return true;
        }
    }
}
