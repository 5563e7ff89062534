package io.turbulence.spi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A plugin that was compiled against this API runs, not compiled again, on one that has grown by the
/// rules: default methods, and record components with the old constructor kept.
class ApiEvolutionTest {

    private static final Path SOURCES = Path.of("src/main/java");

    /// A plugin, and what a host would do with it.
    private static final String PLUGIN = """
            package com.acme;

            import io.turbulence.api.*;
            import io.turbulence.spi.*;
            import java.util.List;

            public final class OldPlugin implements ProtocolPlugin, java.util.concurrent.Callable<String> {
                public record Service(String host) {}
                public record Step(String text) {}

                @Override public PluginInfo info() { return PluginInfo.of("old", "1.0", API_LEVEL); }
                @Override public List<ServiceType<?>> services() { return List.of(ServiceType.of("old", Service.class)); }
                @Override public List<ProtocolAction<?, ?>> actions() { return List.of(new Action()); }

                static final class Action implements ProtocolAction<Step, String> {
                    @Override public String type() { return "old"; }
                    @Override public Class<Step> settings() { return Step.class; }
                    @Override public ConnectionFactory<?, String> connection() { throw new UnsupportedOperationException(); }
                    @Override public Observation execute(Step step, String connection, ActionContext context) {
                        Observation made = new Observation(
                                Transport.of("old"), new Outcome.Completed(true, step.text()), Metadata.empty(), Payload.empty());
                        return switch (made.outcome()) {
                            case Outcome.Completed completed -> made.withMetadata(Metadata.of("status", completed.status()));
                            case Outcome.Failed failed -> made;
                        };
                    }
                }

                @Override public String call() {
                    Observation observation = new Action().execute(new Step("fine"), "connection", null);
                    return info().apiLevel() + " " + observation.metadata().get("status");
                }
            }
            """;

    @TempDir
    @Nullable
    Path temp;

    @Test
    void runsAPluginOfTodayOnAnApiThatHasGrown() throws Exception {
        Path today = compile("today", "", copy("today", false));
        Path plugin = compile("plugin", today.toString(), List.of(write("plugin", "OldPlugin.java", PLUGIN)));
        Path grown = compile("grown", "", copy("grown", true));
        assertThat(run(plugin, today)).isEqualTo("1 fine");
        assertThat(run(plugin, grown)).isEqualTo("1 fine");
    }

    @Test
    void theGrownApiHasReallyGrown() throws Exception {
        Path grown = compile("grown", "", copy("grown", true));
        try (URLClassLoader loader = loader(grown)) {
            assertThat(loader.loadClass("io.turbulence.api.Observation").getRecordComponents())
                    .hasSize(5);
            assertThat(loader.loadClass("io.turbulence.spi.ProtocolAction").getMethod("describe"))
                    .isNotNull();
            assertThat(loader.loadClass("io.turbulence.spi.ProtocolPlugin")
                            .getField("API_LEVEL")
                            .getInt(null))
                    .isEqualTo(ProtocolPlugin.API_LEVEL + 1);
        }
    }

    private static String grow(String file, String source) {
        return switch (file) {
            case "Observation.java" ->
                replace(
                        source,
                        "Metadata metadata, Payload payload) {\n\n    public Observation {",
                        "Metadata metadata, Payload payload, String note) {\n\n"
                                + "    public Observation(Transport transport, Outcome outcome, Metadata metadata,"
                                + " Payload payload) { this(transport, outcome, metadata, payload, \"\"); }\n\n"
                                + "    public Observation {");
            case "ProtocolAction.java" ->
                replace(
                        source,
                        "    String type();",
                        "    String type();\n    default String describe() { return type(); }");
            case "ActionContext.java" ->
                replace(
                        source,
                        "    String runId();",
                        "    String runId();\n    default String tenant() { throw new UnsupportedOperationException(); }");
            case "ProtocolPlugin.java" ->
                replace(
                        source,
                        "int API_LEVEL = " + ProtocolPlugin.API_LEVEL + ";",
                        "int API_LEVEL = " + (ProtocolPlugin.API_LEVEL + 1) + ";");
            default -> source;
        };
    }

    private static String replace(String source, String old, String with) {
        assertThat(source).as("the place where the API grows").contains(old);
        return source.replace(old, with);
    }

    private List<Path> copy(String folder, boolean grown) throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            List<Path> copies = new java.util.ArrayList<>();
            for (Path source : sources) {
                String text = Files.readString(source);
                String name = String.valueOf(source.getFileName());
                copies.add(write(
                        folder + "/" + SOURCES.relativize(source).getParent(), name, grown ? grow(name, text) : text));
            }
            return copies;
        }
    }

    private Path write(String folder, String name, String text) throws IOException {
        Path directory = Files.createDirectories(temp().resolve("sources").resolve(folder));
        return Files.writeString(directory.resolve(name), text);
    }

    private Path compile(String folder, String classPath, List<Path> sources) throws IOException {
        Path out = Files.createDirectories(temp().resolve("classes").resolve(folder));
        String jspecify = location(Nullable.class);
        List<String> arguments = Stream.concat(
                        Stream.of(
                                "-proc:none",
                                "-nowarn",
                                "-cp",
                                jspecify + System.getProperty("path.separator") + classPath,
                                "-d",
                                out.toString()),
                        sources.stream().map(Path::toString))
                .toList();
        int exit = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(exit).as("javac's exit code for " + folder).isZero();
        return out;
    }

    private static String run(Path plugin, Path api) throws Exception {
        try (URLClassLoader loader = loader(plugin, api)) {
            Object made =
                    loader.loadClass("com.acme.OldPlugin").getConstructor().newInstance();
            return (String) ((Callable<?>) made).call();
        }
    }

    private static URLClassLoader loader(Path... folders) throws IOException {
        URL[] urls = new URL[folders.length + 1];
        for (int i = 0; i < folders.length; i++) {
            urls[i] = folders[i].toUri().toURL();
        }
        urls[folders.length] = Path.of(location(Nullable.class)).toUri().toURL();
        return new URLClassLoader("evolution", urls, ClassLoader.getPlatformClassLoader());
    }

    private static String location(Class<?> type) {
        return Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    private Path temp() {
        return java.util.Objects.requireNonNull(temp);
    }
}
