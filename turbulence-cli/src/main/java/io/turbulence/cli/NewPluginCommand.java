package io.turbulence.cli;

import io.turbulence.core.InstalledPlugins;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes a Maven project of a plugin that works: the one of RFC-001's Guide under another name.
@Command(
        name = "plugin",
        description = "Writes a Maven project of a plugin, with tests that pass, to start from.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NewPluginCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The protocol: lower case letters, digits and hyphens.")
    private String name;

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            defaultValue = "com.example",
            description = "Maven group, and the beginning of the Java package (${DEFAULT-VALUE}).")
    private String group;

    @Option(
            names = "--turbulence-version",
            paramLabel = "VERSION",
            description = "The version to build against; this program's own by default.")
    private @Nullable String version;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Another folder than turbulence-NAME.")
    private @Nullable Path output;

    @Override
    public Integer call() {
        checkNames();
        Path folder = output == null ? Path.of("turbulence-" + name) : output;
        if (Files.exists(folder)) {
            throw wrong("'%s' exists already and is left as it is".formatted(folder));
        }
        Map<String, String> files = files();
        try {
            for (Map.Entry<String, String> file : files.entrySet()) {
                Path path = folder.resolve(file.getKey());
                Files.createDirectories(Objects.requireNonNull(path.getParent()));
                Files.writeString(path, file.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("'" + folder + "' cannot be written: " + e.getMessage(), e);
        }
        spec.commandLine().getOut().printf("Written: %s%nTry: cd %s && mvn verify%n", folder, folder);
        return 0;
    }

    private void checkNames() {
        if (!name.matches("[a-z][a-z0-9]*(-[a-z0-9]+)*")) {
            throw wrong("'%s' is no name for a plugin: lower case letters, digits and hyphens may stand in one"
                    .formatted(name));
        }
        if (SourceVersion.isKeyword(packagePart())) {
            throw wrong(
                    "'%s' is no name for a plugin: its Java package is named after it, and '%s' is a word of the Java language. Choose another, such as '%s-protocol'"
                            .formatted(name, packagePart(), name));
        }
        if (!SourceVersion.isName(group)) {
            throw wrong("--group was '%s' but it must be a Java package such as com.example".formatted(group));
        }
        if (InstalledPlugins.builtInSteps().contains(name)) {
            throw wrong("'%s' is the name of a built-in step; choose another".formatted(name));
        }
        InstalledPlugins.find(PluginFolders.standard()).forEach(plugin -> {
            if (plugin.name().equals(name) || plugin.actions().contains(name)) {
                throw wrong("plugin '%s' is installed already; choose another name".formatted(plugin.name()));
            }
        });
    }

    /// By path in the project.
    private Map<String, String> files() {
        String java = "java/" + packageName().replace('.', '/') + "/" + className() + "Plugin";
        Map<String, String> files = new LinkedHashMap<>();
        files.put("pom.xml", filled("pom.xml"));
        files.put("README.md", filled("README.md"));
        files.put(".gitignore", filled("gitignore"));
        files.put("src/main/" + java + ".java", filled("Plugin.java"));
        files.put("src/test/" + java + "Test.java", filled("PluginTest.java"));
        return files;
    }

    private String filled(String template) {
        return read(template)
                .replace("@package@", packageName())
                .replace("@Class@", className())
                .replace("@name@", name)
                .replace("@group@", group)
                .replace("@version@", turbulenceVersion());
    }

    private static String read(String template) {
        try (InputStream file = NewPluginCommand.class.getResourceAsStream("plugin/" + template + ".txt")) {
            return new String(Objects.requireNonNull(file, template).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + template + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private String packageName() {
        return group + "." + packagePart();
    }

    private String packagePart() {
        return name.replace("-", "");
    }

    private String className() {
        return Arrays.stream(name.split("-"))
                .map(part -> Character.toUpperCase(part.charAt(0)) + part.substring(1))
                .collect(Collectors.joining());
    }

    private String turbulenceVersion() {
        String own = NewPluginCommand.class.getPackage().getImplementationVersion();
        if (version == null && own == null) {
            throw wrong("this program is not packaged and has no version; name one with --turbulence-version");
        }
        return Objects.requireNonNullElse(version, String.valueOf(own));
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
