package io.turbulence.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.spi.ProtocolPlugin;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Installing and removing, with a process in place of the one that asks Maven repositories: it takes the jars from
/// the folder that it is given as settings.
@DisabledOnOs(OS.WINDOWS)
class PluginCommandTest {

    private static final String FETCH = """
        package io.turbulence.install;
        import java.nio.file.*;
        public class FetchPlugin {
            public static void main(String[] arguments) throws Exception {
                Path shelf = Path.of(arguments[2]);
                if (!Files.isDirectory(shelf)) {
                    System.err.println("'" + arguments[0] + "' was not found");
                    System.exit(1);
                }
                try (var jars = Files.list(shelf)) {
                    for (Path jar : jars.toList()) {
                        Files.copy(jar, Path.of(arguments[1]).resolve(jar.getFileName()));
                    }
                }
            }
        }
        """;

    @TempDir
    Path folder;

    private Program program;

    @BeforeEach
    void start() throws IOException {
        program = new Program(folder);
        jar("home/lib/install/install.jar", "io.turbulence.install", "FetchPlugin", FETCH, "");
        System.setProperty("turbulence.home", folder.resolve("home").toString());
    }

    @AfterEach
    void stop() {
        System.clearProperty("turbulence.home");
    }

    @Nested
    class Installs {

        @Test
        void intoAFolderOfThePluginsName() throws IOException {
            plugin("echo-1.0", "echo", "1.0", "API_LEVEL");

            assertThat(install("com.acme:turbulence-echo:1.0", "echo-1.0"))
                    .isEqualTo(new Program.Result(0, "Installed: echo 1.0 in plugins/echo\n", ""));
            assertThat(files("plugins")).containsExactly("echo", "echo/coordinates.txt", "echo/echo-1.0.jar");
        }

        @Test
        void anotherVersionInPlaceOfTheOneThatIsThere() throws IOException {
            plugin("echo-1.0", "echo", "1.0", "API_LEVEL");
            plugin("echo-2.0", "echo", "2.0", "API_LEVEL");
            install("com.acme:turbulence-echo:1.0", "echo-1.0");

            assertThat(install("com.acme:turbulence-echo:2.0", "echo-2.0"))
                    .isEqualTo(new Program.Result(0, "Replaced: echo 2.0 in plugins/echo\n", ""));
            assertThat(files("plugins")).containsExactly("echo", "echo/coordinates.txt", "echo/echo-2.0.jar");
        }

        @Test
        void nothingWhenItIsNotFound() throws IOException {
            assertThat(install("com.acme:turbulence-echo:1.0", "nowhere"))
                    .isEqualTo(new Program.Result(5, "", "'com.acme:turbulence-echo:1.0' was not found\n"));
            assertThat(files("plugins")).isEmpty();
        }

        @Test
        void nothingThatWasBuiltForANewerApi() throws IOException {
            plugin("echo-9.0", "echo", "9.0", "99");
            Program.Result result = install("com.acme:turbulence-echo:9.0", "echo-9.0");

            assertThat(result.exitCode()).isEqualTo(5);
            assertThat(result.err())
                    .isEqualTo("plugin 'echo' 9.0 (com.acme.Plugin in echo-9.0.jar) was built for API level 99 but this"
                            + " Turbulence offers level 1. Upgrade Turbulence, or use an older release of the"
                            + " plugin.\n");
            assertThat(files("plugins")).isEmpty();
        }

        @Test
        void nothingThatIsNoPlugin() throws IOException {
            jar("shelf/lib/lib.jar", "com.acme", "Library", "package com.acme; public class Library {}", "");
            Program.Result result = install("com.acme:lib:1.0", "lib");

            assertThat(result.exitCode()).isEqualTo(5);
            assertThat(result.err()).contains("/lib' holds 1 jar but none registers a plugin in");
            assertThat(files("plugins")).isEmpty();
        }

        @Test
        void nothingThatDoesNotGetOnWithAnotherOne() throws IOException {
            plugin("echo-1.0", "echo", "1.0", "API_LEVEL");
            install("com.acme:turbulence-echo:1.0", "echo-1.0");
            Files.move(folder.resolve("plugins/echo"), folder.resolve("plugins/by-hand"));
            Program.Result result = install("com.acme:turbulence-echo:1.0", "echo-1.0");

            assertThat(result.exitCode()).isEqualTo(5);
            assertThat(result.err()).startsWith("plugin name 'echo' is used twice: ");
            assertThat(files("plugins")).containsExactly("by-hand", "by-hand/coordinates.txt", "by-hand/echo-1.0.jar");
        }

        @Test
        void onlyWhatHasCoordinates() {
            assertThat(program.call("plugin", "install", "echo", "--plugins", "@/plugins"))
                    .isEqualTo(new Program.Result(64, "", """
                        turbulence: 'echo' must be group, artifact and version, such as com.example:turbulence-echo:1.0.0
                        Try 'turbulence plugin install --help'.
                        """));
        }

        @Test
        void onlyFromTheUnpackedProgram() {
            System.clearProperty("turbulence.home");
            assertThat(install("com.acme:turbulence-echo:1.0", "echo-1.0")).isEqualTo(new Program.Result(64, "", """
                turbulence: plugins can be installed only by the unpacked program, which has 'lib/install'; elsewhere let Maven copy the plugin's jars to a folder and name it with --plugins
                Try 'turbulence plugin install --help'.
                """));
        }
    }

    @Nested
    class Afterwards {

        @BeforeEach
        void install() throws IOException {
            plugin("echo-1.0", "echo", "1.0", "API_LEVEL");
            PluginCommandTest.this.install("com.acme:turbulence-echo:1.0", "echo-1.0");
        }

        @Test
        void listsWhereAPluginCameFrom() {
            Program.Result result = program.call("plugin", "list", "--plugins", "@/plugins");

            assertThat(result.exitCode()).isZero();
            assertThat(result.out())
                    .startsWith("echo 1.0 (echo-1.0.jar)\n  from:      com.acme:turbulence-echo:1.0\n  protocols: \n")
                    .contains("\nhttp ");
        }

        @Test
        void removesIt() throws IOException {
            assertThat(program.call("plugin", "remove", "echo", "--plugins", "@/plugins"))
                    .isEqualTo(new Program.Result(0, "Removed: plugins/echo\n", ""));
            assertThat(files("plugins")).isEmpty();
        }

        @Test
        void saysWhatIsThereInsteadOfWhatIsNot() {
            assertThat(program.call("plugin", "remove", "ecco", "--plugins", "@/plugins"))
                    .isEqualTo(new Program.Result(64, "", """
                        turbulence: 'ecco' is not installed in 'plugins'; what is: echo
                        Try 'turbulence plugin remove --help'.
                        """));
        }
    }

    private Program.Result install(String coordinates, String shelf) {
        return program.call(
                "plugin", "install", coordinates, "--plugins", "@/plugins", "--settings", "@/shelf/" + shelf);
    }

    private void plugin(String shelf, String name, String version, String level) throws IOException {
        jar(
                "shelf/" + shelf + "/" + shelf + ".jar",
                "com.acme",
                "Plugin",
                """
                package com.acme;
                public class Plugin implements io.turbulence.spi.ProtocolPlugin {
                    public io.turbulence.spi.PluginInfo info() {
                        return io.turbulence.spi.PluginInfo.of("%s", "%s", %s);
                    }
                }
                """.formatted(name, version, level),
                "com.acme.Plugin");
    }

    /// A jar of one class; registered as a plugin where that names it.
    private void jar(String file, String packageName, String name, String source, String registered)
            throws IOException {
        Path build = Files.createTempDirectory(folder, "build");
        Path java = Files.writeString(build.resolve(name + ".java"), source);
        String api = Stream.of(ProtocolPlugin.class, NullMarked.class)
                .map(type ->
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .reduce((one, other) -> one + File.pathSeparator + other)
                .orElseThrow();
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-proc:none", "-cp", api, "-d", build.toString(), java.toString()))
                .isZero();
        Path target = folder.resolve(file);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        String entry = packageName.replace('.', '/') + "/" + name + ".class";
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(target))) {
            jar.putNextEntry(new JarEntry(entry));
            jar.write(Files.readAllBytes(build.resolve(entry)));
            if (!registered.isEmpty()) {
                jar.putNextEntry(new JarEntry("META-INF/services/" + ProtocolPlugin.class.getName()));
                jar.write(registered.getBytes(UTF_8));
            }
        }
    }

    private List<String> files(String name) throws IOException {
        Path root = folder.resolve(name);
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> !file.equals(root))
                    .map(file -> root.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
