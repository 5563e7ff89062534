package io.turbulence.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes a scenario to start from.
@Command(
        name = "scenario",
        description = "Writes a scenario to start from, empty or with the request of a curl command.",
        sortOptions = false,
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NewScenarioCommand implements Callable<Integer> {

    @SuppressWarnings("InlineFormatString") // a whole file reads better on its own
    private static final String STARTER = """
        id: %s
        description: What it shows
        flow:
          - name: first
            type: http
            # service: api            # where system.yaml has several that fit
            path: /health
            expect: { status_code: 200 }
        """;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", description = "The scenario's id; the file is NAME.yaml.")
    private String name;

    @Option(
            names = "--from-curl",
            paramLabel = "COMMAND",
            description = "A curl command, in quotes: its request becomes the first step.")
    private @Nullable String curl;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Another file than NAME.yaml.")
    private @Nullable Path output;

    @Override
    public Integer call() {
        if (!name.matches("[A-Za-z0-9_.-]+")) {
            throw wrong("'%s' is no name for a scenario: letters, digits, '_', '-' and '.' may stand in one"
                    .formatted(name));
        }
        String text = curl == null ? STARTER.formatted(name) : fromCurl(curl);
        Path file = output == null ? Path.of(name + ".yaml") : output;
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw wrong("'%s' exists already and is left as it is".formatted(file));
        } catch (IOException e) {
            throw new UncheckedIOException("'" + file + "' cannot be written: " + e.getMessage(), e);
        }
        spec.commandLine().getOut().println("Written: " + file);
        return 0;
    }

    private String fromCurl(String command) {
        try {
            return CurlCommand.parse(command).scenario(name);
        } catch (IllegalArgumentException e) {
            throw wrong("--from-curl: " + e.getMessage());
        }
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
