package io.turbulence.cli;

import io.turbulence.core.TurbulenceRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Which definitions a command reads: shared by `run` and `check`.
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DefinitionOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "SYSTEM SCENARIO",
            description = "The system file and then scenario files or folders; or a folder that holds system.yaml.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = {"-s", "--sut"},
            paramLabel = "FILE",
            description = "The system file.")
    private @Nullable Path system;

    @Option(
            names = {"-c", "--scenarios"},
            paramLabel = "PATH",
            description = "A scenario file or a folder of them; may be repeated.")
    private List<Path> scenarios = new ArrayList<>();

    @Option(
            names = {"-P", "--profile"},
            paramLabel = "NAME",
            description = "A profile of the system file.")
    private @Nullable String profile;

    @Option(names = "--var", paramLabel = "NAME=VALUE", description = "What {{env.NAME}} finds; may be repeated.")
    private Map<String, String> variables = new LinkedHashMap<>();

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "Lines of NAME=value for {{env.NAME}}; may be repeated.")
    private List<Path> environmentFiles = new ArrayList<>();

    @Option(names = "--only", paramLabel = "TAG", split = ",", description = "Only scenarios with this tag or id.")
    private List<String> only = new ArrayList<>();

    @Option(names = "--skip", paramLabel = "TAG", split = ",", description = "No scenarios with this tag or id.")
    private List<String> skip = new ArrayList<>();

    @Option(
            names = "--plugins",
            paramLabel = "FOLDER",
            description = "Another folder with plugins, beside the program's own; may be repeated.")
    private List<Path> pluginFolders = new ArrayList<>();

    /// Names that were given a value which is not told any more.
    List<String> masked(String mask) {
        return variables.entrySet().stream()
                .filter(variable -> variable.getValue().contains(mask))
                .map(Map.Entry::getKey)
                .toList();
    }

    TurbulenceRun.Builder builder() {
        TurbulenceRun.Builder builder = TurbulenceRun.builder().profile(profile);
        List<Path> positional = new ArrayList<>(files);
        if (system == null && positional.size() == 1 && Files.isDirectory(positional.getFirst())) {
            folder(builder, positional.removeFirst());
        } else {
            builder.system(systemFile(positional));
        }
        positional.forEach(builder::scenario);
        scenarios.forEach(builder::scenario);
        variables.forEach(builder::variable);
        environmentFiles.forEach(builder::environmentFile);
        only.forEach(builder::only);
        skip.forEach(builder::skip);
        PluginFolders.with(pluginFolders, spec).forEach(builder::pluginFolder);
        return builder;
    }

    private Path systemFile(List<Path> positional) {
        if (system != null) {
            return system;
        }
        if (positional.isEmpty()) {
            throw wrong("name a system file and scenarios, or a folder that holds system.yaml");
        }
        Path first = positional.removeFirst();
        if (Files.isDirectory(first)) {
            throw wrong("'%s' is a folder: name the system file first, or only a folder that holds system.yaml"
                    .formatted(first));
        }
        if (positional.isEmpty() && scenarios.isEmpty()) {
            throw wrong("'%s' is the system file: name scenario files or folders after it".formatted(first));
        }
        return first;
    }

    private void folder(TurbulenceRun.Builder builder, Path folder) {
        for (String name : List.of("system.yaml", "system.yml")) {
            Path file = folder.resolve(name);
            if (Files.isRegularFile(file)) {
                builder.system(file);
                if (scenarios.isEmpty()) {
                    Path inner = folder.resolve("scenarios");
                    builder.scenario(Files.isDirectory(inner) ? inner : folder);
                }
                return;
            }
        }
        throw wrong("'%s' holds no system.yaml".formatted(folder));
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
