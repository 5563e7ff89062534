package io.turbulence.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Lists the plugins found.
@Command(
        name = "plugins",
        description = "Lists the plugins found, with their protocols and actions.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PluginsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--plugins", paramLabel = "FOLDER", description = "Another folder with plugins; may be repeated.")
    private List<Path> folders = new ArrayList<>();

    @Override
    public Integer call() {
        PluginListCommand.print(folders, spec);
        return 0;
    }
}
