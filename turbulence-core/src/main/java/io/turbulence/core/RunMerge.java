package io.turbulence.core;

import static java.util.Objects.requireNonNull;

import io.turbulence.core.internal.result.ShardMerge;
import io.turbulence.core.internal.result.figures.RunSummary;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts the parts of a run together that [TurbulenceRun.Builder#shard] split: histograms and counts are added, so that
/// every figure is that of the whole; thresholds are judged, and a report is made. Nothing of the parts is changed.
public final class RunMerge {

    private final Builder request;

    private RunMerge(Builder request) {
        this.request = request;
    }

    /// Of these parts, in any order.
    public static Builder of(List<RunFolder> parts) {
        return new Builder(parts);
    }

    /// Writes the whole.
    ///
    /// @throws IllegalArgumentException when they are not the parts of one run, or one is missing
    /// @throws UncheckedIOException     when a folder holds no run that has ended, or a file cannot be read or written
    public RunResult execute() {
        try {
            ShardMerge merge = ShardMerge.of(
                    request.parts.stream().map(RunFolder::path).toList(),
                    new ShardMerge.Options(
                            request.partial, request.requireValid, request.thresholds, request.failures));
            Path folder = request.output == null ? request.runs.resolve(merge.runId()) : request.output;
            RunSummary summary = merge.write(folder);
            ShardMerge.render(summary, request.colour, request.width).forEach(request.out::println);
            request.out.flush();
            return RunResult.of(summary);
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    /// Collects what is put together, and how. Not thread-safe.
    public static final class Builder {

        private final List<RunFolder> parts;
        private Path runs = Path.of("runs");
        private @Nullable Path output;
        private boolean partial;
        private boolean requireValid;
        private final List<String> thresholds = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();
        private PrintWriter out = new PrintWriter(Writer.nullWriter());
        private int width = 100;
        private boolean colour;

        private Builder(List<RunFolder> parts) {
            if (parts.isEmpty()) {
                throw new IllegalArgumentException("no runs to put together; name the folders of all parts");
            }
            this.parts = List.copyOf(parts);
        }

        /// The folder for the whole; without it `<runs>/<run_id>`.
        public Builder output(Path folder) {
            this.output = requireNonNull(folder, "folder");
            return this;
        }

        /// Where the folder for the whole is made; without it `runs`.
        public Builder runs(Path folder) {
            this.runs = requireNonNull(folder, "folder");
            return this;
        }

        /// Whether parts may be missing; the whole is suspect then.
        public Builder partial(boolean allowed) {
            this.partial = allowed;
            return this;
        }

        /// Whether a run whose figures cannot be believed fails.
        public Builder requireValid(boolean required) {
            this.requireValid = required;
            return this;
        }

        /// A condition that must hold, beside those that the parts were given.
        public Builder threshold(String condition) {
            thresholds.add(condition);
            return this;
        }

        /// A condition that fails the run, beside those that the parts were given.
        public Builder failOn(String condition) {
            failures.add(condition);
            return this;
        }

        /// Where the whole's summary is shown; without it nowhere.
        public Builder console(PrintWriter writer, int columns, boolean inColour) {
            this.out = writer;
            this.width = columns;
            this.colour = inColour;
            return this;
        }

        public RunMerge build() {
            return new RunMerge(this);
        }
    }
}
