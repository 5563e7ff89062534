package io.turbulence.core.internal.plugin;

import io.turbulence.spi.ProtocolPlugin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipFile;

/*
 * Finds classes that say they are plugins: those registered for ServiceLoader on the class path, and those in the
 * jars of plugin folders. The services files are read here rather than by ServiceLoader, because its errors name
 * neither the jar nor, for a missing constructor, more than one class at a time.
 */
final class PluginFinder {

    static final String SERVICES = "META-INF/services/" + ProtocolPlugin.class.getName();

    private final List<PluginProblem> problems;
    private final List<PluginClassLoader> opened = new ArrayList<>();

    /// The program's own folder may be named once more, by a command or by a run that is run again.
    private final Set<Path> searched = new HashSet<>();

    PluginFinder(List<PluginProblem> problems) {
        this.problems = problems;
    }

    /// The class loaders that were made, to be closed with the catalog.
    List<PluginClassLoader> opened() {
        return opened;
    }

    List<PluginCandidate> onClassPath(ClassLoader loader) {
        try {
            return read(loader.getResources(SERVICES), loader);
        } catch (IOException e) {
            problems.add(new PluginProblem(
                    PluginCode.PLUGIN_FOLDER, "the class path could not be searched for plugins: " + e, e));
            return List.of();
        }
    }

    /// Each folder in it is a plugin with its jars, unless its name begins with a dot. A folder that is not there
    /// holds none, and so does one that was searched already.
    List<PluginCandidate> inFolders(Path plugins, ClassLoader host) {
        if (!Files.isDirectory(plugins) || !searched.add(real(plugins))) {
            return List.of();
        }
        List<PluginCandidate> candidates = new ArrayList<>();
        for (Path entry : entries(plugins)) {
            if (String.valueOf(entry.getFileName()).startsWith(".")) {
                continue;
            }
            if (Files.isDirectory(entry)) {
                candidates.addAll(inFolder(entry, host));
            } else if (entry.toString().endsWith(".jar")) {
                problems.add(PluginProblem.of(
                        PluginCode.PLUGIN_FOLDER,
                        "plugin jar '" + entry + "' stands directly in the plugins folder but each plugin has a folder"
                                + " of its own. Move it and the libraries that it needs to '"
                                + plugins.resolve(baseName(entry)) + "'."));
            }
        }
        return candidates;
    }

    private static Path real(Path folder) {
        try {
            return folder.toRealPath();
        } catch (IOException e) {
            return folder.toAbsolutePath().normalize();
        }
    }

    private List<PluginCandidate> inFolder(Path folder, ClassLoader host) {
        List<Path> jars = entries(folder).stream()
                .filter(file -> file.toString().endsWith(".jar"))
                .toList();
        if (jars.isEmpty()) {
            problems.add(PluginProblem.of(
                    PluginCode.PLUGIN_FOLDER,
                    "plugin folder '" + folder + "' holds no jar. Put the plugin's jar and the libraries that it needs"
                            + " there, or remove the folder."));
            return List.of();
        }
        List<Path> whole = jars.stream().filter(this::isWhole).toList();
        if (whole.size() < jars.size()) {
            return List.of();
        }
        PluginClassLoader loader = new PluginClassLoader(String.valueOf(folder.getFileName()), urls(jars), host);
        opened.add(loader);
        try {
            List<PluginCandidate> candidates = read(loader.findResources(SERVICES), loader);
            if (candidates.isEmpty()) {
                problems.add(PluginProblem.of(
                        PluginCode.PLUGIN_FOLDER,
                        "plugin folder '" + folder + "' holds " + jars.size() + (jars.size() == 1 ? " jar" : " jars")
                                + " but none registers a plugin in " + SERVICES
                                + ". Annotate the plugin's class with @AutoService(ProtocolPlugin.class)."));
            }
            return candidates;
        } catch (IOException | UncheckedIOException e) {
            problems.add(new PluginProblem(
                    PluginCode.PLUGIN_FOLDER, "plugin folder '" + folder + "' could not be read: " + e, e));
            return List.of();
        }
    }

    /// A class loader passes over a jar that it cannot open, and what it holds is then missed elsewhere.
    private boolean isWhole(Path jar) {
        try (ZipFile opened = new ZipFile(jar.toFile())) {
            return true;
        } catch (IOException e) {
            problems.add(new PluginProblem(
                    PluginCode.PLUGIN_FOLDER,
                    "plugin jar '" + jar + "' cannot be opened: " + e.getMessage()
                            + ". It is broken, or no jar at all: fetch it again, or remove it.",
                    e));
            return false;
        }
    }

    private static List<PluginCandidate> read(Enumeration<URL> files, ClassLoader loader) throws IOException {
        Set<PluginCandidate> candidates = new LinkedHashSet<>();
        for (URL file : Collections.list(files)) {
            for (String className : classNames(file)) {
                candidates.add(new PluginCandidate(className, PluginCandidate.sourceOf(file), loader));
            }
        }
        return List.copyOf(candidates);
    }

    private static List<String> classNames(URL file) throws IOException {
        URLConnection connection = file.openConnection();
        // A cached jar would stay open after the class loader is closed
        connection.setUseCaches(false);
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        }
    }

    private List<Path> entries(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (IOException e) {
            problems.add(new PluginProblem(
                    PluginCode.PLUGIN_FOLDER, "plugin folder '" + folder + "' could not be read: " + e, e));
        }
        Collections.sort(entries);
        return entries;
    }

    private static String baseName(Path jar) {
        String name = String.valueOf(jar.getFileName());
        return name.substring(0, name.length() - ".jar".length());
    }

    private static URL[] urls(List<Path> jars) {
        return jars.stream().map(PluginFinder::url).toArray(URL[]::new);
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("a path's URI is always a URL: " + jar, e);
        }
    }
}
