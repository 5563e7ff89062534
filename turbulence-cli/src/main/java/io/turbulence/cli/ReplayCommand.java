package io.turbulence.cli;

import io.turbulence.core.ReplayResult;
import io.turbulence.core.RunFolder;
import io.turbulence.core.RunReplay;
import io.turbulence.core.TurbulenceRun;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// Runs one instance again.
@Command(
        name = "replay",
        description = {
            "Runs one instance of a run again, with the same inputs, and prints every exchange. What is new in",
            "every run stays new: run_id, instance_id, correlation_id, traceparent. Exits with 1 when it fails."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReplayCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "RUN",
            defaultValue = "latest",
            description = "A run's id, its folder, or 'latest' (the default).")
    private String run;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "INSTANCE",
            description = "An instance's number or id; without it the first that failed.")
    private @Nullable String instance;

    @Option(
            names = {"-r", "--run-id"},
            paramLabel = "RUN",
            description = "The same as RUN.")
    private @Nullable String runId;

    @Option(
            names = {"-i", "--instance-id"},
            paramLabel = "INSTANCE",
            description = "The same as INSTANCE.")
    private @Nullable String instanceId;

    @Option(
            names = "--offline",
            description = {
                "Sends nothing: gives the instance the answers that were recorded, and tells which steps end",
                "otherwise. So a scenario that was edited is tried at once."
            })
    private boolean offline;

    @Option(
            names = {"-s", "--sut"},
            paramLabel = "FILE",
            description = "Another system file than that of the run.")
    private @Nullable Path system;

    @Option(
            names = {"-c", "--scenarios"},
            paramLabel = "PATH",
            description = "Other scenarios than those of the run; may be repeated.")
    private List<Path> scenarios = new ArrayList<>();

    @Option(
            names = {"-P", "--profile"},
            paramLabel = "NAME",
            description = "Another profile than that of the run.")
    private @Nullable String profile;

    @Option(
            names = "--var",
            paramLabel = "NAME=VALUE",
            description = "What {{env.NAME}} finds, beside what the run was given; may be repeated.")
    private Map<String, String> variables = new LinkedHashMap<>();

    @Option(
            names = "--env-file",
            paramLabel = "FILE",
            description = "Lines of NAME=value for {{env.NAME}}, beside those of the run; may be repeated.")
    private List<Path> environmentFiles = new ArrayList<>();

    @Option(
            names = "--plugins",
            paramLabel = "FOLDER",
            description = "Another folder with plugins, beside the program's own; may be repeated.")
    private List<Path> pluginFolders = new ArrayList<>();

    @Option(
            names = "--runs",
            paramLabel = "FOLDER",
            defaultValue = "runs",
            description = "Where the runs' folders are (default: ${DEFAULT-VALUE}).")
    private Path runs;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Where the results go; without it runs/<run id>. Of --offline there are none.")
    private @Nullable Path output;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "30s",
            description = "How long the instance has to end after Ctrl-C (${DEFAULT-VALUE}).")
    private Duration grace;

    @Option(names = "--verbose", description = "Prints every exchange, also with --offline.")
    private boolean verbose;

    @Option(names = "--quiet", description = "Prints nothing but errors.")
    private boolean quiet;

    @Option(names = "--no-color", description = "Prints without colours, as NO_COLOR in the environment does.")
    private boolean noColor;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Terminal terminal = Terminal.current();
        RunFolder folder = folder();
        TurbulenceRun.Builder builder = definitions(folder)
                .verbose(!quiet && (verbose || !offline))
                .grace(grace)
                .flags(spec.commandLine().getParseResult().originalArgs())
                .console(
                        quiet ? TurbulenceRun.Console.QUIET : TurbulenceRun.Console.LINES,
                        out,
                        terminal.width(),
                        terminal.hasColour() && !noColor);
        builder.output(output);
        RunReplay replay = RunReplay.of(builder, folder)
                .instance(instanceId == null ? instance : instanceId)
                .offline(offline)
                .build();
        try (Interrupts interrupts =
                Interrupts.handledBy(replay, spec.commandLine().getErr())) {
            ReplayResult result = replay.execute();
            out.flush();
            return result.exitCode();
        }
    }

    private RunFolder folder() {
        return RunFolder.find(runs, runId == null ? run : runId);
    }

    /// What the run was started with, and what is said otherwise now.
    private TurbulenceRun.Builder definitions(RunFolder folder) {
        RunFolder.Start start = folder.start();
        findFiles(folder, start);
        TurbulenceRun.Builder builder = system == null && scenarios.isEmpty() ? ofRun(folder, start) : ofFiles(start);
        if (profile != null) {
            builder.profile(profile);
        }
        variables.forEach(builder::variable);
        environmentFiles.forEach(builder::environmentFile);
        PluginFolders.with(pluginFolders, spec).forEach(builder::pluginFolder);
        return builder;
    }

    /// The files that the run was started with, as far as no others are named.
    private void findFiles(RunFolder folder, RunFolder.Start start) {
        if (system == null && start.system() != null) {
            find(folder, start.system(), "--sut");
        }
        boolean noneThere = start.scenarios().stream().noneMatch(Files::exists);
        if (scenarios.isEmpty() && start.system() != null && noneThere) {
            start.scenarios().forEach(file -> find(folder, file, "--scenarios"));
        }
    }

    private static void find(RunFolder folder, Path file, String option) {
        if (Files.exists(file)) {
            return;
        }
        String why = file.isAbsolute()
                ? "is not there any more; name it with "
                : "is not in this folder, but in the one where the run was started; replay it there, or name the file"
                        + " with ";
        throw new IllegalArgumentException(
                "'%s', which the run in '%s' was of, %s%s".formatted(file, folder.path(), why, option));
    }

    private TurbulenceRun.Builder ofFiles(RunFolder.Start start) {
        TurbulenceRun.Builder builder = TurbulenceRun.builder().profile(start.profile());
        Path file = system == null ? start.system() : system;
        if (file == null) {
            throw new IllegalArgumentException("the run's system was built in Java; name a system file with --sut");
        }
        builder.system(file);
        (scenarios.isEmpty() ? start.scenarios() : scenarios).forEach(builder::scenario);
        return builder;
    }

    private TurbulenceRun.Builder ofRun(RunFolder folder, RunFolder.Start start) {
        Object started = started(start.flags());
        if (started instanceof ReplayCommand replay) {
            return replay.definitions(replay.folder());
        }
        if (!(started instanceof RunCommand command)) {
            return ofFiles(start);
        }
        List<String> unknown = command.definitions().masked(RunFolder.Start.MASK).stream()
                .filter(name -> !variables.containsKey(name))
                .toList();
        if (!unknown.isEmpty()) {
            String name = unknown.getFirst();
            throw new IllegalArgumentException(
                    "the run in '%s' was given %s by --var, which is a secret and was not kept; give it again, such as --var %s=…"
                            .formatted(folder.path(), String.join(", ", unknown), name));
        }
        return command.definitions().builder();
    }

    /// The command that started the run; null when none did.
    private static @Nullable Object started(List<String> flags) {
        if (flags.isEmpty()) {
            return null;
        }
        try {
            ParseResult parsed = Turbulence.commandLine().parseArgs(flags.toArray(String[]::new));
            return parsed.hasSubcommand() ? parsed.subcommand().commandSpec().userObject() : null;
        } catch (CommandLine.ParameterException e) {
            return null;
        }
    }
}
