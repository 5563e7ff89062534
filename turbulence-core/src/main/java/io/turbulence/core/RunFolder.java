package io.turbulence.core;

import io.turbulence.core.internal.definition.secret.SecretValues;
import io.turbulence.core.internal.result.files.LatestLink;
import io.turbulence.core.internal.result.files.RecordedInstance;
import io.turbulence.core.internal.result.report.ReportWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The folder of a run that was recorded.
///
/// @param path where its files are
public record RunFolder(Path path) {

    private static final String LATEST = "latest";

    /// Finds a run.
    ///
    /// @param runs the folder that holds the runs' folders
    /// @param run  an id, a folder, or `latest`
    /// @throws IllegalArgumentException when there is none
    public static RunFolder find(Path runs, String run) {
        Path found = run.equals(LATEST) ? latest(runs) : named(runs, run);
        if (found != null) {
            return new RunFolder(found);
        }
        throw new IllegalArgumentException(
                run.equals(LATEST)
                        ? "'latest': there is no run in '" + runs + "' yet; start one with 'turbulence run'"
                        : "'" + run + "' is no run: neither a folder nor the id of one in '" + runs + "'");
    }

    /// What the run was started with.
    ///
    /// @param flags     the program's arguments, with secrets masked; empty when no program started it
    /// @param system    the system file; null when it was built in Java
    /// @param scenarios the scenarios' files
    public record Start(
            List<String> flags,
            @Nullable Path system,
            List<Path> scenarios,
            @Nullable String profile) {

        /// What stands in the flags for a secret.
        public static final String MASK = SecretValues.MASK;

        public Start {
            flags = List.copyOf(flags);
            scenarios = List.copyOf(scenarios);
        }
    }

    /// Reads what the run was started with.
    ///
    /// @throws UncheckedIOException when the folder holds no run
    public Start start() {
        try {
            RecordedInstance.Start start = RecordedInstance.start(path);
            return new Start(start.flags(), start.system(), start.scenarios(), start.profile());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /// Makes `report.html` again from what the run wrote; of one that was killed, from the lines that it left.
    ///
    /// @return the report
    /// @throws UncheckedIOException when the folder holds no run, or a file cannot be read or written
    public Path writeReport() {
        try {
            return ReportWriter.write(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    private static @Nullable Path latest(Path runs) {
        try {
            return LatestLink.follow(runs);
        } catch (IOException e) {
            throw new UncheckedIOException("'" + runs.resolve(LATEST) + "' cannot be followed: " + e.getMessage(), e);
        }
    }

    private static @Nullable Path named(Path runs, String run) {
        Path folder = Path.of(run);
        if (Files.isDirectory(folder)) {
            return folder;
        }
        Path inside = runs.resolve(run);
        return Files.isDirectory(inside) ? inside : null;
    }
}
