package io.turbulence.cli;

import io.turbulence.core.SystemProfiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Lists the profiles of a system file.
@Command(name = "profiles", description = "Lists the profiles of a system file.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ProfilesCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "SYSTEM",
            description = "The system file, or a folder that holds system.yaml.")
    private @Nullable Path file;

    @Option(
            names = {"-s", "--sut"},
            paramLabel = "FILE",
            description = "The system file.")
    private @Nullable Path system;

    @Override
    public Integer call() {
        Path chosen = system != null ? system : file;
        if (chosen == null) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "name a system file, or a folder that holds system.yaml");
        }
        SystemProfiles profiles =
                SystemProfiles.read(Files.isDirectory(chosen) ? chosen.resolve("system.yaml") : chosen);
        if (profiles.names().isEmpty()) {
            spec.commandLine().getOut().println("No profiles.");
        }
        for (String name : profiles.names()) {
            String mark = name.equals(profiles.defaultName()) ? " (default)" : "";
            spec.commandLine().getOut().println(name + mark);
        }
        return 0;
    }
}
