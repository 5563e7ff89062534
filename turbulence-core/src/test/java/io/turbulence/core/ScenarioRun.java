package io.turbulence.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.spi.ProtocolPlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs definitions given as text through the whole engine and reads back what the run wrote.
final class ScenarioRun {

    static final String SYSTEM = "services: { api: { protocol: fake } }\n";

    private final Path folder;
    private final TurbulenceRun.Builder builder;
    private boolean hasSystem;

    ScenarioRun(Path folder, ProtocolPlugin... plugins) {
        this.folder = folder;
        this.builder = TurbulenceRun.builder()
                .plugins(plugins)
                .seed(42)
                .recording(TurbulenceRun.Recording.ALL)
                .output(folder.resolve("result"));
    }

    ScenarioRun system(String yaml) {
        hasSystem = true;
        builder.system(write("system.yaml", yaml));
        return this;
    }

    ScenarioRun scenario(String yaml) {
        builder.scenario(write("scenario.yaml", yaml));
        return this;
    }

    ScenarioRun scenario(String name, String yaml) {
        builder.scenario(write(name, yaml));
        return this;
    }

    /// A file that no one names on the command line.
    ScenarioRun file(String name, String content) {
        write(name, content);
        return this;
    }

    ScenarioRun with(Consumer<TurbulenceRun.Builder> change) {
        change.accept(builder);
        return this;
    }

    Path folder() {
        return folder;
    }

    TurbulenceRun build() {
        if (!hasSystem) {
            system(SYSTEM);
        }
        return builder.build();
    }

    Result run() {
        return new Result(build().execute());
    }

    private Path write(String name, String content) {
        try {
            return Files.writeString(folder.resolve(name), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a run wrote.
    static final class Result {

        final RunResult run;
        final List<Map<String, @Nullable Object>> steps;
        final List<Map<String, @Nullable Object>> instances;
        final List<Map<String, @Nullable Object>> assertions;
        final Map<String, @Nullable Object> summary;

        Result(RunResult run) {
            this.run = run;
            this.steps = lines(run.folder().resolve("steps.jsonl"));
            this.instances = lines(run.folder().resolve("instances.jsonl"));
            this.assertions = lines(run.folder().resolve("assertions.jsonl"));
            this.summary = tree(read(run.folder().resolve("summary.json")));
        }

        /// The lines of one step, by its name.
        List<Map<String, @Nullable Object>> steps(String name) {
            return steps.stream().filter(line -> name.equals(line.get("step"))).toList();
        }

        /// The only line of a step.
        Map<String, @Nullable Object> step(String name) {
            List<Map<String, @Nullable Object>> lines = steps(name);
            assertThat(lines).as("lines of step " + name).hasSize(1);
            return lines.getFirst();
        }

        List<?> errors(String step) {
            return (List<?>) step(step).get("errors");
        }

        List<String> paths() {
            return steps.stream().map(line -> String.valueOf(line.get("path"))).toList();
        }

        /// Name, and how it went, of every step in order.
        List<String> story() {
            return steps.stream()
                    .map(line -> line.get("step") + " "
                            + (Boolean.TRUE.equals(line.get("skipped"))
                                    ? "skipped"
                                    : Boolean.TRUE.equals(line.get("ok")) ? "ok" : "failed"))
                    .toList();
        }

        Result assertPassed() {
            assertThat(run.exitCode())
                    .as(() -> instances + "\n" + run.message())
                    .isZero();
            assertThat(run.failed() + run.aborted())
                    .as(() -> instances.toString())
                    .isZero();
            return this;
        }
    }

    private static List<Map<String, @Nullable Object>> lines(Path file) {
        return Files.exists(file) ? read(file).lines().map(ScenarioRun::tree).toList() : List.of();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, @Nullable Object> tree(String json) {
        return (Map<String, @Nullable Object>) JsonCodec.INSTANCE.read(json);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
