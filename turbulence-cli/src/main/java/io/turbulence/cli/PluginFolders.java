package io.turbulence.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/// Where the program looks for plugins by itself.
final class PluginFolders {

    private PluginFolders() {}

    /// The program's own and those that a command names.
    ///
    /// @throws CommandLine.ParameterException when one of those is no folder
    static List<Path> with(List<Path> named, CommandSpec spec) {
        for (Path folder : named) {
            if (!Files.isDirectory(folder)) {
                throw new CommandLine.ParameterException(
                        spec.commandLine(),
                        "--plugins was '" + folder + "' but "
                                + (Files.exists(folder) ? "that is a file, not a folder" : "there is no such folder"));
            }
        }
        List<Path> all = new ArrayList<>(standard());
        all.addAll(named);
        return all;
    }

    /// The `plugins` folder of the distribution, when the program runs from one.
    static List<Path> standard() {
        CodeSource source = PluginFolders.class.getProtectionDomain().getCodeSource();
        if (source == null) {
            return List.of();
        }
        try {
            Path lib = Path.of(source.getLocation().toURI()).getParent();
            Path folder = lib == null ? null : lib.resolveSibling("plugins");
            return folder != null && Files.isDirectory(folder) ? List.of(folder) : List.of();
        } catch (URISyntaxException e) {
            return List.of();
        }
    }
}
