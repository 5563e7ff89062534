package io.turbulence.cli;

import io.turbulence.api.TurbulenceException;
import io.turbulence.core.Faults;
import io.turbulence.core.SettingDurations;
import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;

/// The `turbulence` program.
@Command(
        name = "turbulence",
        description = "Runs one scenario across many protocols: once as a test, thousands of times as a load.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            PluginsCommand.class,
            ProfilesCommand.class,
            VersionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
final class Turbulence implements Runnable {

    static final int WRONG_USAGE = 64;

    private Turbulence() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Turbulence());
        commandLine.registerConverter(Duration.class, SettingDurations::parse);
        commandLine.setExecutionExceptionHandler(onFault());
        commandLine.setParameterExceptionHandler((e, arguments) -> {
            PrintWriter err = e.getCommandLine().getErr();
            err.println("turbulence: " + e.getMessage());
            if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, err)) {
                err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
            }
            return WRONG_USAGE;
        });
        return commandLine;
    }

    /// What went wrong as a sentence; the stack trace only of our own faults.
    private static IExecutionExceptionHandler onFault() {
        return (e, commandLine, parsed) -> {
            PrintWriter err = commandLine.getErr();
            if (e instanceof TurbulenceException || e instanceof IllegalArgumentException) {
                err.println(e.getMessage());
            } else if (Faults.isOurs(e)) {
                err.println("turbulence: a fault of the program itself; please report it.");
                e.printStackTrace(err);
            } else {
                err.println("turbulence: " + e.getMessage());
            }
            return Faults.exitCode(e);
        };
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
