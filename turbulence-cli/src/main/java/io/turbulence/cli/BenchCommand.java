package io.turbulence.cli;

import io.turbulence.core.Benchmark;
import io.turbulence.core.BenchmarkResult;
import io.turbulence.core.TurbulenceRun;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Measures a baseline.
@Command(
        name = "bench",
        description = {
            "Measures a scenario with one instance at a time and with more, against targets and an earlier result.",
            "Exits with 2 when a target is missed, or when it is worse than the baseline beyond the noise."
        },
        sortOptions = false,
        customSynopsis = {
            "turbulence bench [OPTIONS] SYSTEM SCENARIO...",
            "       turbulence bench [OPTIONS] FOLDER",
            "       turbulence bench [OPTIONS] -s SYSTEM -c SCENARIOS"
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class BenchCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionOptions definitions;

    @Option(
            names = "--levels",
            paramLabel = "NUMBER",
            split = ",",
            defaultValue = "1,10,25",
            description = "How many instances at a time (${DEFAULT-VALUE}).")
    private List<Integer> levels = new ArrayList<>();

    @Option(
            names = "--target",
            paramLabel = "CONDITION",
            description = {
                "Must hold at each level, such as \"p95 < 800ms\", \"throughput > 100/s\" or \"error_rate < 1%%\";",
                "may be repeated. Without any: p50 < 5s."
            })
    private List<String> targets = new ArrayList<>();

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How long each level is measured, in five rounds (${DEFAULT-VALUE}).")
    private Duration duration;

    @Option(
            names = {"-n", "--n", "--instances"},
            paramLabel = "NUMBER",
            description = "How many instances of each level, instead of a time.")
    private @Nullable Long instances;

    @Option(names = "--baseline", paramLabel = "FILE", description = "An earlier result to compare with.")
    private @Nullable Path baseline;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Where benchmark-results-<timestamp>.json is written; without it here.")
    private @Nullable Path output;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "What all randomness comes from: the same seed gives the same inputs.")
    private @Nullable Long seed;

    @Option(names = "--quiet", description = "Prints nothing but errors.")
    private boolean quiet;

    @Option(names = "--no-color", description = "Prints without colours, as NO_COLOR in the environment does.")
    private boolean noColor;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Benchmark benchmark = benchmark(out);
        try (Interrupts interrupts =
                Interrupts.handledBy(benchmark, spec.commandLine().getErr())) {
            BenchmarkResult result = benchmark.execute();
            out.flush();
            if (result.message() != null) {
                spec.commandLine().getErr().println(result.message());
            }
            return result.exitCode();
        }
    }

    private Benchmark benchmark(PrintWriter out) {
        Terminal terminal = Terminal.current();
        TurbulenceRun.Builder run = definitions
                .builder()
                .flags(spec.commandLine().getParseResult().originalArgs())
                .console(
                        quiet ? TurbulenceRun.Console.QUIET : TurbulenceRun.Console.LINES,
                        out,
                        terminal.width(),
                        terminal.hasColour() && !noColor);
        if (seed != null) {
            run.seed(seed);
        }
        try {
            Benchmark.Builder builder =
                    Benchmark.of(run).levels(levels).duration(duration).baseline(baseline);
            targets.forEach(builder::target);
            if (instances != null) {
                builder.instances(instances);
            }
            if (output != null) {
                builder.folder(output);
            }
            return builder.build();
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
