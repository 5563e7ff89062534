package io.turbulence.cli;

import io.turbulence.core.RunFolder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a run's report again.
@Command(
        name = "report",
        description = "Makes report.html again from what a run wrote.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ReportCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "RUN",
            defaultValue = "latest",
            description = "A run's id, its folder, or 'latest' (the default).")
    private String run;

    @Option(
            names = {"-r", "--run-id"},
            paramLabel = "RUN",
            description = "The same.")
    private @Nullable String runId;

    @Option(
            names = "--runs",
            paramLabel = "FOLDER",
            defaultValue = "runs",
            description = "Where the runs' folders are (default: ${DEFAULT-VALUE}).")
    private Path runs;

    @Override
    public Integer call() {
        Path report = RunFolder.find(runs, runId == null ? run : runId).writeReport();
        spec.commandLine().getOut().println(report);
        return 0;
    }
}
