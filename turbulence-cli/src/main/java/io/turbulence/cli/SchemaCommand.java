package io.turbulence.cli;

import io.turbulence.core.PluginReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints the JSON Schema of files, for editors.
@Command(
        name = "schema",
        description = "Prints the JSON Schema of scenario or system files, with all plugins found, for editors.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SchemaCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "KIND", arity = "0..1", defaultValue = "scenario", description = "scenario or system.")
    private String kind;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "A file to write it to.")
    private @Nullable Path output;

    @Option(names = "--plugins", paramLabel = "FOLDER", description = "Another folder with plugins; may be repeated.")
    private List<Path> folders = new ArrayList<>();

    @Override
    public Integer call() {
        List<Path> all = PluginFolders.with(folders, spec);
        String schema = switch (kind) {
            case "scenario" -> PluginReference.scenarioSchema(all);
            case "system" -> PluginReference.systemSchema(all);
            default ->
                throw new CommandLine.ParameterException(
                        spec.commandLine(), "'" + kind + "' has no schema; expected scenario or system");
        };
        if (output == null) {
            spec.commandLine().getOut().println(schema);
            return 0;
        }
        try {
            Files.writeString(output, schema);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + output + "' cannot be written: " + e.getMessage(), e);
        }
        return 0;
    }
}
