package io.turbulence.core.internal.launch;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The command of a program that goes on when Ctrl-C is pressed. A terminal sends it to everything that was started
/// from
/// it, while running instances and `finally` still need the program; it ends with the run.
final class Shielded {

    private static final Path SHELL = Path.of("/bin/sh");

    /// A program keeps on ignoring what was ignored when it began, and `exec` keeps its process.
    private static final String IGNORING_CTRL_C = "trap '' INT; exec \"$0\" \"$@\"";

    private Shielded() {}

    /// Where there is no shell, and for what cannot be found, which the system then says best, the command itself.
    static List<String> from(LaunchPlan plan) {
        if (!Files.isExecutable(SHELL) || !isThere(plan)) {
            return plan.command();
        }
        List<String> command = new ArrayList<>(List.of(SHELL.toString(), "-c", IGNORING_CTRL_C));
        command.addAll(plan.command());
        return command;
    }

    private static boolean isThere(LaunchPlan plan) {
        String program = plan.command().getFirst();
        if (program.contains(File.separator)) {
            return isProgram(plan.folder().resolve(program));
        }
        Map<String, String> environment = plan.environment();
        String path = environment.getOrDefault("PATH", System.getenv().getOrDefault("PATH", ""));
        return Stream.of(path.split(File.pathSeparator)).anyMatch(folder -> isProgram(Path.of(folder, program)));
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
