package io.turbulence.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine;

/// The program inside this JVM, with a folder for its files.
final class Program {

    private final Path folder;

    Program(Path folder) {
        this.folder = folder;
    }

    /// What one call came to. In the texts the folder is left out, so that they are the same everywhere.
    record Result(int exitCode, String out, String err) {}

    /// In an argument `@` stands for the folder.
    Result call(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine program =
                Turbulence.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = program.execute(Arrays.stream(arguments)
                .map(argument -> argument.replace("@", folder.toString()))
                .toArray(String[]::new));
        return new Result(exitCode, shown(out), shown(err));
    }

    private String shown(StringWriter text) {
        return text.toString().replace(System.lineSeparator(), "\n").replace(folder + "/", "");
    }

    Path write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Path parent = file.getParent();
        assertThat(parent).isNotNull();
        Files.createDirectories(parent);
        return Files.writeString(file, text);
    }

    String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }
}
