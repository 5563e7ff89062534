package io.turbulence.cli;

import io.turbulence.core.InstalledPlugins;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Lists the plugins found, the program's own included.
@Command(
        name = "list",
        description = "Lists the plugins found, with their protocols and actions.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PluginListCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--plugins", paramLabel = "FOLDER", description = "Another folder with plugins; may be repeated.")
    private List<Path> folders = new ArrayList<>();

    @Override
    public Integer call() {
        print(folders, spec);
        return 0;
    }

    static void print(List<Path> more, CommandSpec spec) {
        PrintWriter out = spec.commandLine().getOut();
        List<Path> all = PluginFolders.with(more, spec);
        for (InstalledPlugins.Plugin plugin : InstalledPlugins.find(all)) {
            out.printf("%s %s (%s)%n", plugin.name(), plugin.version(), plugin.source());
            coordinates(plugin, all).ifPresent(coordinates -> out.printf("  from:      %s%n", coordinates));
            if (!plugin.observers().isEmpty()) {
                out.printf("  observer:  %s%n", String.join(", ", plugin.observers()));
            }
            if (plugin.observers().isEmpty() || !plugin.actions().isEmpty()) {
                out.printf("  protocols: %s%n", String.join(", ", plugin.protocols()));
                out.printf("  actions:   %s%n", String.join(", ", plugin.actions()));
            }
        }
    }

    private static Optional<String> coordinates(InstalledPlugins.Plugin plugin, List<Path> folders) {
        String folder = plugin.folder();
        return folder == null
                ? Optional.empty()
                : folders.stream()
                        .flatMap(plugins -> PluginStore.coordinates(plugins.resolve(folder)).stream())
                        .findFirst();
    }
}
