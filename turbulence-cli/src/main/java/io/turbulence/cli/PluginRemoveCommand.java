package io.turbulence.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Removes a plugin's folder.
@Command(name = "remove", description = "Removes a plugin with its libraries.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PluginRemoveCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The plugin's folder, as its name is in 'turbulence plugin list'.")
    private String name;

    @Option(names = "--plugins", paramLabel = "FOLDER", description = "Another folder than the program's own.")
    private @Nullable Path folder;

    @Override
    public Integer call() {
        PluginStore store = PluginStore.of(folder, spec.commandLine());
        List<String> names = store.names();
        if (!names.contains(name)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "'%s' is not installed in '%s'; %s"
                            .formatted(
                                    name,
                                    store.folder(),
                                    names.isEmpty() ? "no plugin is" : "what is: " + String.join(", ", names)));
        }
        store.remove(name);
        spec.commandLine().getOut().println("Removed: " + store.folder().resolve(name));
        return 0;
    }
}
