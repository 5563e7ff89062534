package io.turbulence.cli;

import io.turbulence.core.RunFolder;
import io.turbulence.core.RunMerge;
import io.turbulence.core.RunResult;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Puts the parts of a run together.
@Command(
        name = "merge",
        description = {
            "Puts the parts of a run together that 'run --shard' split: histograms and counts are added,",
            "thresholds are judged, a report is made. Exits as the whole run would have."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class MergeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "RUN", description = "The parts' ids or folders, in any order.")
    private List<String> parts = new ArrayList<>();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FOLDER",
            description = "Where the whole's results go; without it runs/<run id>.")
    private @Nullable Path output;

    @Option(
            names = "--runs",
            paramLabel = "FOLDER",
            defaultValue = "runs",
            description = "Where the runs' folders are (default: ${DEFAULT-VALUE}).")
    private Path runs;

    @Option(names = "--partial", description = "Takes what there is when parts are missing; the run is suspect then.")
    private boolean partial;

    @Option(
            names = "--threshold",
            paramLabel = "CONDITION",
            description = "Must hold, beside those of the parts; may be repeated.")
    private List<String> thresholds = new ArrayList<>();

    @Option(
            names = "--fail-on",
            paramLabel = "CONDITION",
            description = "Fails the run when it holds: the opposite sense; may be repeated.")
    private List<String> failOn = new ArrayList<>();

    @Option(names = "--require-valid", description = "Exit 4 when the run's figures cannot be believed.")
    private boolean requireValid;

    @Option(names = "--quiet", description = "Prints nothing but errors.")
    private boolean quiet;

    @Option(names = "--no-color", description = "Prints without colours, as NO_COLOR in the environment does.")
    private boolean noColor;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.current();
        PrintWriter out = quiet
                ? new PrintWriter(Writer.nullWriter())
                : spec.commandLine().getOut();
        RunMerge.Builder merge = RunMerge.of(
                        parts.stream().map(part -> RunFolder.find(runs, part)).toList())
                .runs(runs)
                .partial(partial)
                .requireValid(requireValid)
                .console(out, terminal.width(), terminal.hasColour() && !noColor);
        thresholds.forEach(merge::threshold);
        failOn.forEach(merge::failOn);
        if (output != null) {
            merge.output(output);
        }
        RunResult result = merge.build().execute();
        return result.exitCode();
    }
}
