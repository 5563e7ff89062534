package io.turbulence.core.internal.result.files;

import io.turbulence.core.internal.check.Threshold;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a run is recorded and shown.
///
/// @param folder       where the files go; null for `runs/<run_id>` in the working directory
/// @param payloadLimit most characters of one payload in a line
/// @param width        columns of the terminal
/// @param onBroken     called once, on any thread, when results can no longer be written
/// @param onAbort      called once, with a sentence, when a threshold asks that the run be stopped
public record RecorderOptions(
        @Nullable Path folder,
        RecordPolicy policy,
        int payloadLimit,
        List<Threshold> thresholds,
        ConsoleMode console,
        boolean colour,
        boolean verbose,
        int width,
        PrintWriter out,
        Runnable onBroken,
        Consumer<String> onAbort) {

    /// What is shown while the run goes on.
    public enum ConsoleMode {
        /// A block that is drawn again and again.
        TERMINAL,
        /// A line every few seconds.
        LINES,
        /// Nothing, and no summary.
        QUIET
    }

    public static final int PAYLOAD_LIMIT = 64 * 1024;

    public RecorderOptions {
        thresholds = List.copyOf(thresholds);
    }

    /// Nothing on the console, files in `runs/<run_id>`.
    public static RecorderOptions quiet() {
        return new RecorderOptions(
                null,
                RecordPolicy.DEFAULT,
                PAYLOAD_LIMIT,
                List.of(),
                ConsoleMode.QUIET,
                false,
                false,
                100,
                new PrintWriter(Writer.nullWriter()),
                () -> {},
                reason -> {});
    }

    public RecorderOptions withFolder(@Nullable Path folder) {
        return new RecorderOptions(
                folder, policy, payloadLimit, thresholds, console, colour, verbose, width, out, onBroken, onAbort);
    }

    public RecorderOptions withPolicy(RecordPolicy policy) {
        return new RecorderOptions(
                folder, policy, payloadLimit, thresholds, console, colour, verbose, width, out, onBroken, onAbort);
    }

    public RecorderOptions withPayloadLimit(int payloadLimit) {
        return new RecorderOptions(
                folder, policy, payloadLimit, thresholds, console, colour, verbose, width, out, onBroken, onAbort);
    }

    public RecorderOptions withThresholds(List<Threshold> thresholds) {
        return new RecorderOptions(
                folder, policy, payloadLimit, thresholds, console, colour, verbose, width, out, onBroken, onAbort);
    }

    public RecorderOptions withConsole(ConsoleMode console, PrintWriter out, int width, boolean colour) {
        return new RecorderOptions(
                folder, policy, payloadLimit, thresholds, console, colour, verbose, width, out, onBroken, onAbort);
    }

    /// Every exchange is printed.
    public RecorderOptions withVerbose(boolean verbose) {
        return new RecorderOptions(
                folder, policy, payloadLimit, thresholds, console, colour, verbose, width, out, onBroken, onAbort);
    }

    public RecorderOptions onBroken(Runnable onBroken) {
        return new RecorderOptions(
                folder, policy, payloadLimit, thresholds, console, colour, verbose, width, out, onBroken, onAbort);
    }

    public RecorderOptions onAbort(Consumer<String> onAbort) {
        return new RecorderOptions(
                folder, policy, payloadLimit, thresholds, console, colour, verbose, width, out, onBroken, onAbort);
    }
}
