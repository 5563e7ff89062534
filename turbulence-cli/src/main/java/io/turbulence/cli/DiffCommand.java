package io.turbulence.cli;

import io.turbulence.core.RunDiff;
import io.turbulence.core.RunFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Compares two runs.
@Command(
        name = "diff",
        description = {
            "Compares two runs step by step: p50, p95 and failures are better, the same, worse or unclear in B.",
            "What chance alone may make is the same: of a hundred comparisons of equal runs, at most five show any",
            "difference."
        },
        sortOptions = false,
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DiffCommand implements Callable<Integer> {

    private static final Pattern PERCENT = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*%");

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "A", description = "The run to compare with: its id, its folder or 'latest'.")
    private String before;

    @Parameters(index = "1", paramLabel = "B", description = "The run that is judged.")
    private String after;

    @Option(
            names = "--fail-on-regression",
            paramLabel = "PERCENT",
            description = {
                "Exits with 2 when a step is worse by more than this, such as 10%%, or when it fails more often.",
                "What is unclear is told, and exits with 0."
            })
    private @Nullable String regression;

    @Option(
            names = "--runs",
            paramLabel = "FOLDER",
            defaultValue = "runs",
            description = "Where the runs' folders are (default: ${DEFAULT-VALUE}).")
    private Path runs;

    @Option(names = "--quiet", description = "Prints nothing but errors.")
    private boolean quiet;

    @Option(names = "--no-color", description = "Prints without colours, as NO_COLOR in the environment does.")
    private boolean noColor;

    @Override
    public Integer call() {
        Double share = share();
        RunFolder a = RunFolder.find(runs, before);
        RunFolder b = RunFolder.find(runs, after);
        RunDiff diff = share == null ? RunDiff.of(a, b) : RunDiff.of(a, b, share);
        if (!quiet) {
            Terminal terminal = Terminal.current();
            diff.render(terminal.hasColour() && !noColor, terminal.width())
                    .forEach(spec.commandLine().getOut()::println);
        }
        int exitCode = diff.exitCode(share);
        if (share != null && exitCode == 0 && !diff.unclear().isEmpty()) {
            warn(diff.unclear());
        }
        return exitCode;
    }

    /// What could not be told must not look as if it had been found good.
    private void warn(List<String> unclear) {
        spec.commandLine()
                .getErr()
                .println("turbulence: no regression of more than " + regression
                        + " is shown, but it is not ruled out for " + String.join(", ", unclear)
                        + ": the runs are too short or vary too much. Compare longer runs.");
    }

    private @Nullable Double share() {
        if (regression == null) {
            return null;
        }
        Matcher matcher = PERCENT.matcher(regression.strip());
        if (!matcher.matches()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(),
                    "--fail-on-regression was '" + regression + "' but it must be a percentage such as 10%");
        }
        return Double.parseDouble(matcher.group(1)) / 100;
    }
}
