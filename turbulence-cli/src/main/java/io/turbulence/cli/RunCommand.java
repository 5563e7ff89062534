package io.turbulence.cli;

import io.turbulence.core.RunResult;
import io.turbulence.core.TurbulenceRun;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs scenarios.
@Command(
        name = "run",
        description = "Runs scenarios against a system: once as a test, or many times as a load.",
        sortOptions = false,
        customSynopsis = {
            "turbulence run [OPTIONS] SYSTEM SCENARIO...",
            "       turbulence run [OPTIONS] FOLDER",
            "       turbulence run [OPTIONS] -s SYSTEM -c SCENARIOS"
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class RunCommand implements Callable<Integer> {

    private static final String LOOPBACK = "127.0.0.1";

    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionOptions definitions;

    @Option(
            names = {"-n", "--n", "--instances"},
            paramLabel = "NUMBER",
            description = "How many instances in all.")
    private @Nullable Long instances;

    @Option(
            names = {"-p", "--parallel"},
            paramLabel = "NUMBER",
            description = "How many at a time (10 when -n is over 1).")
    private @Nullable Integer parallel;

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            description = "Arrivals such as 200/s, whether or not earlier ones have ended; needs --duration.")
    private @Nullable String rate;

    @Option(names = "--duration", paramLabel = "TIME", description = "How long new instances are started, such as 5m.")
    private @Nullable Duration duration;

    @Option(
            names = "--warm-up",
            paramLabel = "TIME",
            description = "A time before the run proper: recorded, but in no result and no threshold.")
    private @Nullable Duration warmUp;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            description = "What all randomness comes from: the same seed gives the same inputs.")
    private @Nullable Long seed;

    @Option(
            names = "--shard",
            paramLabel = "INDEX/COUNT",
            description = {
                "Runs a part of the whole, such as 2/5, the second of five: the same instances with the same inputs.",
                "auto/5 takes the index from JOB_COMPLETION_INDEX, AWS_BATCH_JOB_ARRAY_INDEX or CI_NODE_INDEX.",
                "Needs --seed, the same for all parts; 'turbulence merge' puts them together."
            })
    private @Nullable String shard;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Where the results go, over those of an earlier run; without it runs/<run id>.")
    private @Nullable Path output;

    @Option(
            names = "--record",
            paramLabel = "WHAT",
            description = "all, failures or none; without it the first 10,000 instances, then failures.")
    private @Nullable String record;

    @Option(
            names = "--threshold",
            paramLabel = "CONDITION",
            description = "Must hold, such as \"p95_latency_ms < 500\"; may be repeated.")
    private List<String> thresholds = new ArrayList<>();

    @Option(
            names = "--fail-on",
            paramLabel = "CONDITION",
            description = "Fails the run when it holds: the opposite sense; may be repeated.")
    private List<String> failOn = new ArrayList<>();

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long running instances have to end after Ctrl-C (${DEFAULT-VALUE}).")
    private Duration grace;

    @Option(names = "--require-valid", description = "Exit 4 when the run's figures cannot be believed.")
    private boolean requireValid;

    @Option(
            names = "--metrics-port",
            paramLabel = "[ADDRESS:]PORT",
            description = "Shows the run's figures to Prometheus at http://127.0.0.1:PORT/metrics.")
    private @Nullable String metricsPort;

    @Option(names = "--trace-leases", description = "Reports leaked connections with the stack that took them; costly.")
    private boolean traceLeases;

    @Option(names = "--verbose", description = "Prints every exchange.")
    private boolean verbose;

    @Option(names = "--quiet", description = "Prints nothing but errors.")
    private boolean quiet;

    @Option(names = "--no-color", description = "Prints without colours, as NO_COLOR in the environment does.")
    private boolean noColor;

    DefinitionOptions definitions() {
        return definitions;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Terminal terminal = Terminal.current();
        TurbulenceRun.Builder builder = definitions
                .builder()
                .recording(recording())
                .grace(grace)
                .requireValid(requireValid)
                .traceLeases(traceLeases)
                .verbose(verbose && !quiet)
                .metrics(metrics())
                .flags(spec.commandLine().getParseResult().originalArgs())
                .console(
                        quiet
                                ? TurbulenceRun.Console.QUIET
                                : terminal.isTerminal() && !verbose
                                        ? TurbulenceRun.Console.TERMINAL
                                        : TurbulenceRun.Console.LINES,
                        out,
                        terminal.width(),
                        terminal.hasColour() && !noColor);
        workload(builder);
        if (seed != null) {
            builder.seed(seed);
        }
        shard(builder);
        if (output != null) {
            builder.output(output);
        }
        thresholds.forEach(builder::threshold);
        failOn.forEach(builder::failOn);
        TurbulenceRun run = builder.build();
        try (Interrupts interrupts =
                Interrupts.handledBy(run, spec.commandLine().getErr())) {
            RunResult result = run.execute();
            out.flush();
            if (result.message() != null && quiet) {
                spec.commandLine().getErr().println(result.message());
            }
            return result.exitCode();
        }
    }

    private void workload(TurbulenceRun.Builder builder) {
        if (instances != null && instances < 1) {
            throw wrong("--instances was %d but it must be at least 1".formatted(instances));
        }
        if (parallel != null && parallel < 1) {
            throw wrong("--parallel was %d but it must be at least 1".formatted(parallel));
        }
        if (rate != null && duration == null) {
            throw wrong("--rate needs --duration, such as --rate %s --duration 1m".formatted(rate));
        }
        if (rate != null && instances != null) {
            throw wrong(
                    "--instances beside --rate: instances arrive at a rate for --duration, or so many in all are run;"
                            + " leave one out");
        }
        if (instances != null) {
            builder.instances(instances);
        }
        if (parallel != null) {
            builder.concurrency(parallel);
        }
        if (rate != null) {
            builder.rate(rate);
        }
        if (duration != null) {
            builder.duration(duration);
        }
        if (warmUp != null) {
            builder.warmUp(warmUp);
        }
    }

    private void shard(TurbulenceRun.Builder builder) {
        if (shard == null) {
            return;
        }
        if (seed == null) {
            throw wrong("--shard needs --seed, the same number for all parts: it decides what each instance does");
        }
        try {
            ShardOption part = ShardOption.parse(shard, System.getenv());
            builder.shard(part.index(), part.count());
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private @Nullable InetSocketAddress metrics() {
        if (metricsPort == null) {
            return null;
        }
        int colon = metricsPort.lastIndexOf(':');
        String address = colon < 0 ? LOOPBACK : metricsPort.substring(0, colon).replaceAll("[\\[\\]]", "");
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(address), Integer.parseInt(metricsPort.substring(colon + 1)));
        } catch (IllegalArgumentException | UnknownHostException e) {
            throw wrong("--metrics-port was '" + metricsPort
                    + "' but it must be a port such as 9464, or an address with one such as 0.0.0.0:9464");
        }
    }

    private TurbulenceRun.Recording recording() {
        if (record == null) {
            return TurbulenceRun.Recording.STANDARD;
        }
        return switch (record.toLowerCase(Locale.ROOT)) {
            case "all" -> TurbulenceRun.Recording.ALL;
            case "failures" -> TurbulenceRun.Recording.FAILURES;
            case "none" -> TurbulenceRun.Recording.NONE;
            default -> throw wrong("--record was '" + record + "' but it must be all, failures or none");
        };
    }

    private CommandLine.ParameterException wrong(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
