package io.turbulence.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;

/// Where the program looks for plugins by itself.
final class PluginFolders {

    private PluginFolders() {}

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
