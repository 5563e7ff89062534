package io.turbulence.cli;

import io.turbulence.core.InstalledPlugins;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Fetches a plugin from the user's Maven repositories. It is taken in only when it loads together with what is
/// there; else everything stays as it was.
@Command(
        name = "install",
        description = {
            "Installs a plugin with the libraries that it needs, or another version of one.",
            "It is looked for with the repositories, mirrors, proxies and credentials of Maven's settings.xml."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PluginInstallCommand implements Callable<Integer> {

    private static final int NOT_FETCHED = 5;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "GROUP:ARTIFACT:VERSION", description = "Where the plugin is in a Maven repository.")
    private String coordinates;

    @Option(names = "--plugins", paramLabel = "FOLDER", description = "Another folder than the program's own.")
    private @Nullable Path folder;

    @Option(names = "--settings", paramLabel = "FILE", description = "Another file than ~/.m2/settings.xml.")
    private @Nullable Path settings;

    @Override
    public Integer call() throws InterruptedException {
        if (!coordinates.matches("[\\w.-]+:[\\w.-]+:[\\w.+-]+")) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "'%s' must be group, artifact and version, such as com.example:turbulence-echo:1.0.0"
                            .formatted(coordinates));
        }
        PluginStore store = PluginStore.of(folder, spec.commandLine());
        PluginFetch fetch = PluginFetch.ofThisProgram(spec.commandLine());
        try (PluginStore.Staging staging = store.stage(coordinates)) {
            String failure = fetch.into(staging.folder(), coordinates, settings);
            if (failure != null) {
                spec.commandLine().getErr().println(failure);
                return NOT_FETCHED;
            }
            InstalledPlugins.Plugin plugin = staging.check();
            boolean replaced = staging.takeIn(plugin.name());
            spec.commandLine()
                    .getOut()
                    .printf(
                            "%s: %s %s in %s%n",
                            replaced ? "Replaced" : "Installed",
                            plugin.name(),
                            plugin.version(),
                            store.folder().resolve(plugin.name()));
            return 0;
        }
    }
}
