package io.turbulence.grpc;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Compiles `.proto` files to a descriptor set with protoc: the one on the PATH, else the one that lies beside
/// the plugin's jar (`protoc` or `protoc-linux-x86_64`, by platform).
final class Protoc {

    private static final long LIMIT_SECONDS = 60;
    private static final String KEY = "proto";
    private static final String SUFFIX = ".proto";

    /// What protoc finds beside the user's own files.
    private static final List<String> INCLUDED = List.of(
            "google/protobuf/any.proto",
            "google/protobuf/api.proto",
            "google/protobuf/descriptor.proto",
            "google/protobuf/duration.proto",
            "google/protobuf/empty.proto",
            "google/protobuf/field_mask.proto",
            "google/protobuf/source_context.proto",
            "google/protobuf/struct.proto",
            "google/protobuf/timestamp.proto",
            "google/protobuf/type.proto",
            "google/protobuf/wrappers.proto",
            "google/api/annotations.proto",
            "google/api/client.proto",
            "google/api/field_behavior.proto",
            "google/api/http.proto",
            "google/api/httpbody.proto",
            "google/api/launch_stage.proto",
            "google/api/resource.proto",
            "google/rpc/code.proto",
            "google/rpc/error_details.proto",
            "google/rpc/status.proto",
            "google/type/date.proto",
            "google/type/datetime.proto",
            "google/type/latlng.proto",
            "google/type/money.proto");

    private Protoc() {}

    /// @param source a `.proto` file, or a folder of them
    /// @return the bytes of a descriptor set
    /// @throws SchemaSourceException when there is no protoc, or it finds something wrong
    static byte[] compile(Path source, List<Path> importPaths) {
        return compile(source, importPaths, System.getenv("PATH"));
    }

    static byte[] compile(Path source, List<Path> importPaths, @Nullable String path) {
        List<Path> files = files(source);
        Path program = find(path);
        Path folder = null;
        try {
            folder = Files.createTempDirectory("turbulence-protoc");
            Path included = include(folder.resolve("include"));
            Path output = folder.resolve("all.binpb");
            List<String> command =
                    new ArrayList<>(List.of(program.toString(), "--include_imports", "--descriptor_set_out=" + output));
            roots(source, importPaths).forEach(root -> command.add("-I" + root));
            command.add("-I" + included);
            files.forEach(file -> command.add(file.toString()));
            run(command, folder);
            return Files.readAllBytes(output);
        } catch (IOException e) {
            throw new SchemaSourceException(
                    KEY,
                    "'" + source + "', with which protoc cannot be run: " + e.getMessage(),
                    "a .proto file",
                    "",
                    e);
        } finally {
            delete(folder);
        }
    }

    private static List<Path> files(Path source) {
        if (Files.isRegularFile(source)) {
            return List.of(source.toAbsolutePath());
        }
        try (Stream<Path> inside = Files.walk(source)) {
            List<Path> files = inside.filter(file -> file.toString().endsWith(SUFFIX))
                    .map(Path::toAbsolutePath)
                    .sorted()
                    .toList();
            if (!files.isEmpty()) {
                return files;
            }
        } catch (IOException e) {
            throw new SchemaSourceException(
                    KEY, "'" + source + "', which cannot be read", "a .proto file, or a folder of them", "", e);
        }
        throw new SchemaSourceException(
                KEY, "'" + source + "', which holds no .proto file", "a .proto file, or a folder of them", "", null);
    }

    private static List<Path> roots(Path source, List<Path> importPaths) {
        if (!importPaths.isEmpty()) {
            return importPaths.stream().map(Path::toAbsolutePath).toList();
        }
        Path absolute = source.toAbsolutePath();
        Path parent = absolute.getParent();
        return List.of(Files.isDirectory(absolute) || parent == null ? absolute : parent);
    }

    private static void run(List<String> command, Path folder) throws IOException {
        Path said = folder.resolve("said.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("it did not end within " + LIMIT_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("it was interrupted", e);
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            String text = Files.readString(said, StandardCharsets.UTF_8).strip();
            throw new SchemaSourceException(
                    KEY, "what protoc does not take: " + sentence(text), "files that compile", hint(text), null);
        }
    }

    private static String sentence(String said) {
        String line = said.replace("\n", " ");
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }

    private static String hint(String said) {
        return said.contains("File not found") || said.contains("not found or had errors")
                ? "Name the folders of imports in 'import_paths'."
                : "";
    }

    // Where protoc is

    private static Path find(@Nullable String path) {
        String name = isWindows() ? "protoc.exe" : "protoc";
        for (String folder : path == null ? new String[0] : path.split(java.io.File.pathSeparator)) {
            if (!folder.isBlank() && Files.isExecutable(Path.of(folder, name))) {
                return Path.of(folder, name);
            }
        }
        Path beside = beside();
        if (beside != null) {
            for (String candidate : List.of(name, "protoc-" + platform() + (isWindows() ? ".exe" : ""))) {
                Path program = beside.resolve(candidate);
                if (Files.isRegularFile(program)
                        && (program.toFile().canExecute() || program.toFile().setExecutable(true))) {
                    return program;
                }
            }
        }
        throw new SchemaSourceException(
                KEY,
                "a .proto file, but there is no protoc to compile it with, neither on the PATH nor beside the plugin",
                "protoc",
                "Install protoc, or give the service a 'descriptor_set'.",
                null);
    }

    /// The folder of the plugin's jar; null when it runs from classes.
    private static @Nullable Path beside() {
        CodeSource source = Protoc.class.getProtectionDomain().getCodeSource();
        try {
            Path jar = source == null ? null : Path.of(source.getLocation().toURI());
            return jar == null ? null : jar.getParent();
        } catch (URISyntaxException | IllegalArgumentException e) {
            return null;
        }
    }

    /// As the artifacts of protoc are named.
    static String platform() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        String cpu = arch.equals("aarch64") || arch.equals("arm64") ? "aarch_64" : "x86_64";
        return (os.contains("win") ? "windows-" : os.contains("mac") ? "osx-" : "linux-") + cpu;
    }

    private static boolean isWindows() {
        return java.io.File.separatorChar == '\\';
    }

    // What it needs and leaves

    private static Path include(Path folder) throws IOException {
        for (String name : INCLUDED) {
            try (InputStream content = Protoc.class.getClassLoader().getResourceAsStream(name)) {
                if (content != null) {
                    Path file = folder.resolve(name);
                    Files.createDirectories(file.getParent());
                    Files.copy(content, file);
                }
            }
        }
        return Files.createDirectories(folder);
    }

    private static void delete(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.getLogger(Protoc.class.getName())
                    .log(System.Logger.Level.DEBUG, "'" + folder + "' could not be deleted", e);
        }
    }
}
