package io.turbulence.cli;

import io.turbulence.api.TurbulenceException;
import io.turbulence.core.InstalledPlugins;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// A folder of plugins that is written to: in it a folder for each plugin, with its jars and a note of where they
/// came from. What is not complete stands in a folder whose name begins with a dot, which no run looks into.
record PluginStore(Path folder) {

    private static final String NOTE = "coordinates.txt";

    /// @param named by the user; null for the program's own
    static PluginStore of(@Nullable Path named, CommandLine commandLine) {
        Path folder = named != null
                ? named
                : PluginFolders.standard().stream()
                        .findFirst()
                        .orElseThrow(() -> new CommandLine.ParameterException(
                                commandLine, "this program has no folder for plugins; name one with --plugins"));
        return new PluginStore(folder);
    }

    /// The plugins that are there, by folder.
    List<String> names() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> String.valueOf(entry.getFileName()))
                    .filter(name -> !name.startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failed("cannot be read", e);
        }
    }

    void remove(String name) {
        try {
            // Out of sight at once, should something of it not be deletable
            Path hidden = Files.createTempDirectory(folder, ".removing-");
            Files.move(folder.resolve(name), hidden.resolve(name));
            delete(hidden);
        } catch (IOException e) {
            throw failed("cannot be changed", e);
        }
    }

    Staging stage(String coordinates) {
        try {
            Files.createDirectories(folder);
            Path hidden = Files.createTempDirectory(folder, ".installing-");
            Path plugin = Files.createDirectories(
                    hidden.resolve("new").resolve(coordinates.split(":", 3)[1]));
            return new Staging(this, hidden, plugin, coordinates);
        } catch (IOException e) {
            throw failed("cannot be written to", e);
        }
    }

    /// What a plugin folder was installed from.
    static Optional<String> coordinates(Path plugin) {
        Path note = plugin.resolve(NOTE);
        try {
            return Files.exists(note) ? Optional.of(Files.readString(note).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("'" + note + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private UncheckedIOException failed(String what, IOException thrown) {
        return new UncheckedIOException("'" + folder + "' " + what + ": " + thrown.getMessage(), thrown);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /// A plugin on its way in. Closing removes what was not taken in.
    ///
    /// @param folder for the plugin's jars
    record Staging(PluginStore store, Path hidden, Path folder, String coordinates) implements AutoCloseable {

        /// Loads it alone, with the plugins of the class path.
        ///
        /// @throws TurbulenceException when it is broken, or is no plugin
        InstalledPlugins.Plugin check() {
            return InstalledPlugins.find(List.of(hidden.resolve("new"))).stream()
                    .filter(plugin -> plugin.folder() != null)
                    .findFirst()
                    .orElseThrow();
        }

        /// Puts it in its place, unless it does not get on with the other plugins there.
        ///
        /// @return whether another version stood there
        /// @throws TurbulenceException when they cannot be loaded together; all is as it was
        boolean takeIn(String name) {
            Path place = store.folder().resolve(name);
            Path old = hidden.resolve("old");
            try {
                Files.writeString(folder.resolve(NOTE), coordinates + "\n");
                boolean replaces = Files.exists(place);
                if (replaces) {
                    Files.move(place, old);
                }
                Files.move(folder, place);
                try {
                    InstalledPlugins.find(List.of(store.folder()));
                } catch (TurbulenceException e) {
                    Files.move(place, folder);
                    if (replaces) {
                        Files.move(old, place);
                    }
                    throw e;
                }
                return replaces;
            } catch (IOException e) {
                throw store.failed("cannot be changed", e);
            }
        }

        @Override
        public void close() {
            try {
                delete(hidden);
            } catch (IOException e) {
                throw store.failed("cannot be cleaned up", e);
            }
        }
    }
}
