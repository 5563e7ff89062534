package io.turbulence.core.internal.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.turbulence.spi.ProtocolPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginFoldersTest {

    private static final ClassLoader HOST = PluginFoldersTest.class.getClassLoader();

    @TempDir
    Path temp;

    @Nested
    class Isolation {

        @Test
        void loadsTwoPluginsWithConflictingVersionsOfOneLibrary() throws Exception {
            Path oldLibrary = library("old", "1.0");
            Path newLibrary = library("new", "2.0");
            pluginWithLibrary("first", oldLibrary);
            pluginWithLibrary("second", newLibrary);
            try (PluginCatalog catalog = load()) {
                assertThat(catalog.plugins())
                        .extracting(
                                plugin -> plugin.name() + " " + plugin.info().version())
                        .containsExactly("first 1.0", "second 2.0");
                assertThat(catalog.plugins()).extracting(LoadedPlugin::isolated).containsOnly(true);
                assertThat(catalog.plugins())
                        .extracting(plugin -> plugin.classLoader().loadClass("library.Library"))
                        .doesNotHaveDuplicates();
            }
        }

        @Test
        void loadsTwoPluginsWithDifferentVersionsOfProtobufTogether() throws Exception {
            pluginWithProtobuf("older", "4.28.2");
            pluginWithProtobuf("newer", "4.33.2");
            try (PluginCatalog catalog = load()) {
                assertThat(catalog.plugins())
                        .extracting(
                                plugin -> plugin.name() + " " + plugin.info().version())
                        .containsExactly(
                                "newer 4.33.2 [10, 5, 104, 101, 108, 108, 111]",
                                "older 4.28.2 [10, 5, 104, 101, 108, 108, 111]");
            }
        }

        /// Its version is that of protobuf as it finds it, and a message as protobuf writes it.
        private void pluginWithProtobuf(String name, String version) throws Exception {
            Path jar = Path.of("target/conflicting-versions/protobuf-java-" + version + ".jar")
                    .toAbsolutePath();
            Files.copy(jar, folder(name).resolve("protobuf-java.jar"));
            plugin(name, jar.toString(), "seen()", """
                static String seen() {
                    try {
                        Class<?> version = Class.forName("com.google.protobuf.RuntimeVersion");
                        byte[] message = com.google.protobuf.StringValue.of("hello").toByteArray();
                        return version.getField("MAJOR").get(null) + "." + version.getField("MINOR").get(null) + "."
                                + version.getField("PATCH").get(null) + " " + java.util.Arrays.toString(message);
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(e);
                    }
                }
                """);
        }

        @Test
        void prefersThePluginsOwnVersionOfALibraryThatTheHostHasToo() throws Exception {
            Path own = PluginJars.compile(temp.resolve("own"), "", Map.of("Assertions", """
                package org.assertj.core.api;
                public class Assertions { public static final String WHOSE = String.valueOf("the plugin's"); }
                """));
            PluginJars.jar(own, folder("echo").resolve("assertj-core-0.1.jar"), "", "0.1");
            plugin(
                    "echo",
                    own.toString(),
                    "org.assertj.core.api.Assertions.WHOSE.replace(\"the plugin's\", \"1.0-own\")");
            try (PluginCatalog catalog = load()) {
                assertThat(catalog.plugins())
                        .extracting(plugin -> plugin.info().version())
                        .containsExactly("1.0-own");
            }
        }

        @Test
        void hidesTheHostsLibrariesFromThePlugin() throws Exception {
            plugin("echo", "", "seen()", """
                static String seen() {
                    try {
                        Class.forName("org.assertj.core.api.Assertions");
                        return "seen";
                    } catch (ClassNotFoundException e) {
                        return "hidden";
                    }
                }
                """);
            try (PluginCatalog catalog = load()) {
                assertThat(catalog.plugins())
                        .extracting(plugin -> plugin.info().version())
                        .containsExactly("hidden");
            }
        }

        @Test
        void setsTheContextClassLoaderAroundCallsAndRestoresIt() throws Exception {
            plugin("echo", "", "Thread.currentThread().getContextClassLoader().getName()");
            ClassLoader before = Thread.currentThread().getContextClassLoader();
            try (PluginCatalog catalog = load()) {
                LoadedPlugin plugin = catalog.plugins().getFirst();
                assertThat(plugin.info().version()).isEqualTo("plugin-echo");
                assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
                assertThat(plugin.scope().call(() -> Thread.currentThread().getContextClassLoader()))
                        .isSameAs(plugin.classLoader());
                assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
                assertThat(PluginScope.of(plugin.plugin())
                                .call(() -> Thread.currentThread().getContextClassLoader()))
                        .isSameAs(plugin.classLoader());
            }
        }

        @Test
        void tellsWhichThreadsAPluginLeftBehind() throws Exception {
            plugin("echo", "", "\"1.0\"", """
                static final java.util.concurrent.CountDownLatch END = new java.util.concurrent.CountDownLatch(1);
                public static void end() { END.countDown(); }
                static { start("echo-reader"); start("echo-writer"); }
                static void start(String name) {
                    Thread.ofPlatform().name(name).daemon().start(() -> {
                        try {
                            END.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    });
                }
                """);
            try (PluginCatalog catalog = load()) {
                assertThat(catalog.leaks(Duration.ZERO))
                        .containsExactly(PluginProblem.of(
                                PluginCode.PLUGIN_LEAK,
                                "plugin 'echo' 1.0 (com.acme.echo.Plugin in echo.jar) left 2 threads running after all"
                                        + " of its connections were closed: 'echo-reader', 'echo-writer'. End in"
                                        + " close() what open() starts: tell its author."));
                catalog.plugins()
                        .getFirst()
                        .plugin()
                        .getClass()
                        .getMethod("end")
                        .invoke(null);
                assertThat(catalog.leaks(Duration.ofSeconds(10))).isEmpty();
            }
        }

        @Test
        void leavesTheContextClassLoaderAloneForPluginsOnTheClassPath() throws Exception {
            ClassLoader before = Thread.currentThread().getContextClassLoader();
            assertThat(PluginScope.of(TestPlugin.named("echo"))
                            .call(() -> Thread.currentThread().getContextClassLoader()))
                    .isSameAs(before);
        }
    }

    @Nested
    class Folders {

        @Test
        void takesAFolderThatIsNotThereForNone() {
            try (PluginCatalog catalog = load()) {
                assertThat(catalog.plugins()).isEmpty();
            }
        }

        @Test
        void passesOverHiddenFolders() throws Exception {
            folder(".installing-1");
            try (PluginCatalog catalog = load()) {
                assertThat(catalog.plugins()).isEmpty();
            }
        }

        @Test
        void namesTheFolderThatAPluginCameFrom() throws Exception {
            plugin("echo", "", "\"1.0\"");
            try (PluginCatalog catalog = load()) {
                assertThat(catalog.plugins()).extracting(LoadedPlugin::folder).containsExactly("echo");
            }
        }

        @Test
        void refusesAFolderWithoutJar() throws Exception {
            folder("empty");
            assertProblem(
                    PluginCode.PLUGIN_FOLDER,
                    "plugin folder '" + plugins().resolve("empty") + "' holds no jar. Put the plugin's jar and the"
                            + " libraries that it needs there, or remove the folder.");
        }

        @Test
        void refusesAFolderWithoutPlugin() throws Exception {
            PluginJars.jar(library("some", "1"), folder("lost").resolve("library.jar"), "", "");
            assertProblem(
                    PluginCode.PLUGIN_FOLDER,
                    "plugin folder '" + plugins().resolve("lost") + "' holds 1 jar but none registers a plugin in"
                            + " META-INF/services/io.turbulence.spi.ProtocolPlugin. Annotate the plugin's class with"
                            + " @AutoService(ProtocolPlugin.class).");
        }

        @Test
        void refusesAJarBesideTheFolders() throws Exception {
            PluginJars.jar(library("some", "1"), plugins().resolve("loose-1.0.jar"), "", "");
            assertProblem(
                    PluginCode.PLUGIN_FOLDER,
                    "plugin jar '" + plugins().resolve("loose-1.0.jar") + "' stands directly in the plugins folder but"
                            + " each plugin has a folder of its own. Move it and the libraries that it needs to '"
                            + plugins().resolve("loose-1.0") + "'.");
        }

        @Test
        void refusesAJarThatCannotBeOpened() throws Exception {
            plugin("echo", "", "\"1.0\"");
            Path broken = Files.writeString(folder("echo").resolve("library.jar"), "no jar");
            assertProblem(
                    PluginCode.PLUGIN_FOLDER,
                    "plugin jar '" + broken + "' cannot be opened: zip END header not found. It is broken, or no jar at"
                            + " all: fetch it again, or remove it.");
        }

        @Test
        void namesTheFoldersOfOnePluginThatIsThereTwice() throws Exception {
            plugin("echo", "", "\"1.0\"");
            Files.copy(folder("echo").resolve("echo.jar"), folder("copy").resolve("echo.jar"));
            assertProblem(
                    PluginCode.PLUGIN_DUPLICATE_NAME,
                    "plugin name 'echo' is used twice: by 'echo' 1.0 (com.acme.echo.Plugin in copy/echo.jar) and 'echo'"
                            + " 1.0 (com.acme.echo.Plugin in echo/echo.jar). Remove one of them.");
        }

        @Test
        void looksOnceThroughAFolderThatIsNamedTwice() throws Exception {
            plugin("echo", "", "\"1.0\"");
            Path again = Files.createSymbolicLink(temp.resolve("again"), plugins());
            try (PluginCatalog catalog = PluginCatalog.load(HOST, List.of(plugins(), again, plugins()))) {
                assertThat(catalog.plugins()).extracting(LoadedPlugin::name).containsExactly("echo");
            }
        }

        @Test
        void tellsProblemsOfSeveralFoldersAtOnce() throws Exception {
            folder("a");
            folder("b");
            assertThat(loadAndFail().problems()).hasSize(2);
        }
    }

    @Nested
    class Classes {

        private static final String BODY = """
            public io.turbulence.spi.PluginInfo info() {
                return io.turbulence.spi.PluginInfo.of("echo", "1.0", API_LEVEL);
            }
            """;

        @Test
        void refusesAClassThatIsNotThere() throws Exception {
            PluginJars.jar(library("some", "1"), folder("echo").resolve("echo.jar"), "com.acme.Gone", "");
            assertProblem(
                    PluginCode.PLUGIN_NOT_INSTANTIABLE,
                    "plugin class 'com.acme.Gone' in echo.jar was not found, though"
                            + " META-INF/services/io.turbulence.spi.ProtocolPlugin names it. Correct the name there, or"
                            + " let @AutoService(ProtocolPlugin.class) write the file.");
        }

        @Test
        void refusesAClassThatIsNoPlugin() throws Exception {
            PluginJars.jar(library("some", "1"), folder("echo").resolve("echo.jar"), "library.Library", "");
            assertProblem(
                    PluginCode.PLUGIN_NOT_INSTANTIABLE,
                    "plugin class 'library.Library' in echo.jar does not implement io.turbulence.spi.ProtocolPlugin."
                            + " Implement it, or take the class out of"
                            + " META-INF/services/io.turbulence.spi.ProtocolPlugin.");
        }

        @Test
        void refusesAClassThatIsNotPublic() throws Exception {
            source("class Echo implements io.turbulence.spi.ProtocolPlugin {" + BODY + "}");
            assertProblem(
                    PluginCode.PLUGIN_NOT_INSTANTIABLE,
                    "plugin class 'com.acme.Echo' in echo.jar is not a public class of which objects can be made. Make"
                            + " it public, and static where it stands inside another class; not abstract.");
        }

        @Test
        void refusesAClassWithoutPublicConstructor() throws Exception {
            source("public class Echo implements io.turbulence.spi.ProtocolPlugin { Echo(String name) {}" + BODY + "}");
            assertProblem(
                    PluginCode.PLUGIN_NOT_INSTANTIABLE,
                    "plugin class 'com.acme.Echo' in echo.jar has no public constructor without parameters. Add one, or"
                            + " remove the others.");
        }

        @Test
        void namesThePluginWhoseConstructorThrows() throws Exception {
            source("public class Echo implements io.turbulence.spi.ProtocolPlugin {"
                    + " public Echo() { throw new IllegalStateException(\"no licence\"); }" + BODY + "}");
            assertProblem(
                    PluginCode.PLUGIN_FAILED,
                    "plugin class 'com.acme.Echo' in echo.jar threw in its constructor:"
                            + " java.lang.IllegalStateException: no licence. This is a defect of the plugin: tell its"
                            + " author, or remove it.");
        }

        @Test
        void namesThePluginWhoseStaticInitialiserThrows() throws Exception {
            source("public class Echo implements io.turbulence.spi.ProtocolPlugin {"
                    + " static final int N = Integer.parseInt(\"x\");" + BODY + "}");
            assertProblem(
                    PluginCode.PLUGIN_FAILED,
                    "plugin class 'com.acme.Echo' in echo.jar threw in a static initialiser:"
                            + " java.lang.NumberFormatException: For input string: \"x\". This is a defect of the"
                            + " plugin: tell its author, or remove it.");
        }

        @Test
        void explainsAMissingLibraryWithTheJarsThatAreThere() throws Exception {
            Path library = library("some", "1");
            Path classes = PluginJars.compile(
                    temp.resolve("build"),
                    PluginJars.apiClassPath() + System.getProperty("path.separator") + library,
                    Map.of(
                            "Echo",
                            "package com.acme; public class Echo implements io.turbulence.spi.ProtocolPlugin { public"
                                    + " io.turbulence.spi.PluginInfo info() { return"
                                    + " io.turbulence.spi.PluginInfo.of(\"echo\", new library.Library().version(),"
                                    + " API_LEVEL); }}"));
            PluginJars.jar(classes, folder("echo").resolve("turbulence-echo-3.0.jar"), "com.acme.Echo", "3.0");
            String api = ProtocolPlugin.class.getPackage().getImplementationVersion();
            assertProblem(
                    PluginCode.PLUGIN_LINKAGE,
                    "plugin class 'com.acme.Echo' in turbulence-echo-3.0.jar does not fit the classes around it:"
                            + " ClassNotFoundException: library.Library. Turbulence here: turbulence-api "
                            + (api == null ? "of this build" : api) + " ("
                            + PluginCandidate.sourceOf(ProtocolPlugin.class)
                            + "), turbulence-echo 3.0 (turbulence-echo-3.0.jar). Put all libraries that the plugin"
                            + " needs into its folder (1 jar is there), or use a release of it that was built for this"
                            + " version.");
        }

        private void source(String text) throws IOException {
            Path classes = PluginJars.compile(
                    temp.resolve("build"), PluginJars.apiClassPath(), Map.of("Echo", "package com.acme; " + text));
            PluginJars.jar(classes, folder("echo").resolve("echo.jar"), "com.acme.Echo", "");
        }
    }

    private Path library(String folder, String version) throws IOException {
        return PluginJars.compile(
                temp.resolve("library-" + folder),
                "",
                Map.of(
                        "Library",
                        "package library; public class Library { public String version() { return \"" + version
                                + "\"; } }"));
    }

    private void pluginWithLibrary(String name, Path library) throws IOException {
        PluginJars.jar(library, folder(name).resolve("library.jar"), "", "");
        plugin(name, library.toString(), "new library.Library().version()");
    }

    private void plugin(String name, String classPath, String version) throws IOException {
        plugin(name, classPath, version, "");
    }

    /// A plugin that tells what it sees as its version.
    private void plugin(String name, String classPath, String version, String more) throws IOException {
        Map<String, String> sources = new HashMap<>();
        sources.put("Plugin", """
            package com.acme.%1$s;
            public class Plugin implements io.turbulence.spi.ProtocolPlugin {
                public io.turbulence.spi.PluginInfo info() {
                    return io.turbulence.spi.PluginInfo.of("%1$s", %2$s, API_LEVEL);
                }
                %3$s
            }
            """.formatted(name, version, more));
        Path classes = PluginJars.compile(
                temp.resolve("build-" + name),
                PluginJars.apiClassPath() + System.getProperty("path.separator") + classPath,
                sources);
        PluginJars.jar(classes, folder(name).resolve(name + ".jar"), "com.acme." + name + ".Plugin", "1.0");
    }

    private Path plugins() {
        return temp.resolve("plugins");
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(plugins().resolve(name));
    }

    private PluginCatalog load() {
        return PluginCatalog.load(HOST, List.of(plugins()));
    }

    private PluginException loadAndFail() {
        return catchThrowableOfType(PluginException.class, this::load);
    }

    private void assertProblem(PluginCode code, String message) {
        PluginException thrown = loadAndFail();
        assertThat(thrown).hasMessage(message);
        assertThat(thrown.code()).isEqualTo(code.name());
    }
}
