package io.turbulence.core.internal.plugin;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/// Compiles sources and packs them into jars, as other people's builds do.
final class PluginJars {

    private PluginJars() {}

    /// The API as this build compiled it.
    static String apiClassPath() {
        return Stream.of(io.turbulence.spi.ProtocolPlugin.class, org.jspecify.annotations.Nullable.class)
                .map(PluginJars::location)
                .collect(java.util.stream.Collectors.joining(System.getProperty("path.separator")));
    }

    /// Compiles sources, given by file name without `.java`, into a folder.
    static Path compile(Path folder, String classPath, Map<String, String> sources) throws IOException {
        Path in = Files.createDirectories(folder.resolve("source"));
        Path out = Files.createDirectories(folder.resolve("classes"));
        List<String> files = sources.entrySet().stream()
                .map(source -> write(in.resolve(source.getKey() + ".java"), source.getValue()))
                .map(Path::toString)
                .toList();
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        List<String> arguments = Stream.concat(
                        Stream.of("-proc:none", "-nowarn", "-cp", classPath, "-d", out.toString()), files.stream())
                .toList();
        int exit = javac.run(null, null, null, arguments.toArray(String[]::new));
        if (exit != 0) {
            throw new IOException("javac ended with " + exit);
        }
        return out;
    }

    /// Packs a folder of classes.
    ///
    /// @param plugin the class to register; empty for none
    /// @param version for the manifest; empty for none
    static Path jar(Path classes, Path jar, String plugin, String version) throws IOException {
        Files.createDirectories(jar.getParent());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (!version.isEmpty()) {
            manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        }
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                Stream<Path> entries = Files.walk(classes)) {
            for (Path entry : entries.filter(Files::isRegularFile).toList()) {
                put(out, classes.relativize(entry).toString().replace('\\', '/'), Files.readAllBytes(entry));
            }
            if (!plugin.isEmpty()) {
                put(out, PluginFinder.SERVICES, (plugin + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return jar;
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }

    private static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String location(Class<?> type) {
        return Path.of(java.net.URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }
}
