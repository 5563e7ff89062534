package io.turbulence.cli;

import io.turbulence.core.RunDiff;
import io.turbulence.core.RunFolder;
import java.nio.file.Path;
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
            "Compares two runs step by step: p50, p95 and failures are better, the same or worse in B.",
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
                "Exits with 2 when a step is worse by more than this, such as 10%%, or when it fails more often."
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
        RunDiff diff = RunDiff.of(RunFolder.find(runs, before), RunFolder.find(runs, after));
        if (!quiet) {
            Terminal terminal = Terminal.current();
            diff.render(terminal.hasColour() && !noColor, terminal.width())
                    .forEach(spec.commandLine().getOut()::println);
        }
        return diff.exitCode(share);
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
