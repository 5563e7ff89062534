package io.turbulence.core.internal.launch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A program to start, with everything resolved.
///
/// @param folder where it is started: the system file's
/// @param port   the free port that was chosen for it
public record LaunchPlan(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path folder,
        int port,
        Ready ready,
        Duration timeout) {

    public LaunchPlan {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /// When it can be used.
    public sealed interface Ready {

        /// As soon as the process runs.
        record Started() implements Ready {}

        /// When its port takes connections.
        record Port() implements Ready {}

        /// When a line of its output matches.
        record Log(Pattern pattern) implements Ready {}

        /// When a step holds; the engine runs it.
        record Poll(Check check) implements Ready {}
    }

    /// Asks the program whether it is ready.
    @FunctionalInterface
    public interface Check {
        /// @return null when it is; else why not
        @Nullable
        String ask() throws InterruptedException;
    }
}
