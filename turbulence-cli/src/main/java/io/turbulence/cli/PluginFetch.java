package io.turbulence.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// Starts the process that fetches plugins: its libraries are many and must meet neither the program's nor a
/// plugin's.
///
/// @param libraries the folder of its class path
record PluginFetch(Path libraries) {

    private static final String MAIN = "io.turbulence.install.FetchPlugin";
    private static final int MINUTES = 10;

    /// That of the distribution that runs.
    static PluginFetch ofThisProgram(CommandLine commandLine) {
        String home = System.getProperty("turbulence.home");
        if (home == null || !Files.isDirectory(Path.of(home, "lib", "install"))) {
            throw new CommandLine.ParameterException(
                    commandLine,
                    "plugins can be installed only by the unpacked program, which has 'lib/install'; "
                            + "elsewhere let Maven copy the plugin's jars to a folder and name it with --plugins");
        }
        return new PluginFetch(Path.of(home, "lib", "install"));
    }

    /// @return what went wrong; null when all is there
    @Nullable
    String into(Path folder, String coordinates, @Nullable Path settings) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                libraries + "/*",
                MAIN,
                coordinates,
                folder.toString()));
        if (settings != null) {
            command.add(settings.toString());
        }
        try {
            return run(command, folder.resolve("fetch.log"), coordinates);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + command.getFirst() + "' could not be started: " + e.getMessage(), e);
        }
    }

    private static @Nullable String run(List<String> command, Path log, String coordinates)
            throws IOException, InterruptedException {
        // To a file: a pipe would have to be read by another thread while this one waits
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(log.toFile())
                .start();
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                return "'%s' was not fetched within %d minutes. Is a repository of Maven's settings.xml not reachable?"
                        .formatted(coordinates, MINUTES);
            }
        } finally {
            process.destroyForcibly();
        }
        String said = Files.readString(log, Charset.defaultCharset()).strip();
        Files.delete(log);
        return process.exitValue() == 0 ? null : said;
    }
}
