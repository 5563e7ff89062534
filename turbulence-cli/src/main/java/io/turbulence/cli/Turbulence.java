package io.turbulence.cli;

import io.turbulence.api.TurbulenceException;
import io.turbulence.core.Faults;
import io.turbulence.core.PluginCommands;
import io.turbulence.core.SettingDurations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// The `turbulence` program.
@Command(
        name = "turbulence",
        description = "Runs one scenario across many protocols: once as a test, thousands of times as a load.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            BenchCommand.class,
            PluginsCommand.class,
            PluginCommand.class,
            ProfilesCommand.class,
            DocsCommand.class,
            SchemaCommand.class,
            ReportCommand.class,
            MergeCommand.class,
            ReplayCommand.class,
            DiffCommand.class,
            NewCommand.class,
            VersionCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        footer = {
            "",
            "'turbulence COMMAND --help' tells more about one. Try: turbulence run examples/quickstart",
            "",
            "Exit codes: 0 good, 1 instances failed, 2 a threshold does not hold, 3 a definition is wrong,",
            "4 run not valid, 5 plugin broken or missing, 6 could not start or no room for results,",
            "64 wrong usage, 70 a fault of the program, 130 interrupted."
        })
final class Turbulence implements Runnable {

    static final int WRONG_USAGE = 64;
    private static final int HELP_WIDTH = 100;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    private Turbulence() {}

    public static void main(String[] arguments) {
        LogLines.install();
        System.exit(execute(commandLine(), arguments));
    }

    /// Runs a command of the program, or else of the plugin whose name it bears.
    static int execute(CommandLine commandLine, String... arguments) {
        boolean own = arguments.length == 0
                || arguments[0].startsWith("-")
                || commandLine.getSubcommands().containsKey(arguments[0]);
        if (!own) {
            try {
                OptionalInt exitCode = PluginCommands.run(
                        PluginFolders.standard(),
                        arguments[0],
                        List.of(arguments).subList(1, arguments.length),
                        commandLine.getOut(),
                        commandLine.getErr());
                if (exitCode.isPresent()) {
                    return exitCode.getAsInt();
                }
            } catch (Exception e) {
                return tell(e, commandLine);
            } finally {
                commandLine.getOut().flush();
                commandLine.getErr().flush();
            }
        }
        return commandLine.execute(arguments);
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Turbulence());
        commandLine.registerConverter(Duration.class, SettingDurations::parse);
        commandLine.setExecutionExceptionHandler(onFault());
        commandLine.setUsageHelpWidth(HELP_WIDTH);
        commandLine.setParameterExceptionHandler((e, arguments) -> {
            PrintWriter err = e.getCommandLine().getErr();
            err.println("turbulence: " + WrongUsage.message(e));
            err.println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
            return WRONG_USAGE;
        });
        return commandLine;
    }

    /// What went wrong as a sentence; the stack trace only of our own faults.
    private static IExecutionExceptionHandler onFault() {
        return (e, commandLine, parsed) -> tell(e, commandLine);
    }

    private static int tell(Exception e, CommandLine commandLine) {
        PrintWriter err = commandLine.getErr();
        if (e instanceof TurbulenceException) {
            err.println(e.getMessage());
        } else if (Faults.isOurs(e)) {
            err.println("turbulence: a fault of the program itself; please report it.");
            e.printStackTrace(err);
        } else {
            err.println("turbulence: " + e.getMessage());
        }
        return Faults.exitCode(e);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
