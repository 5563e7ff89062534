package io.turbulence.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Writes files to start from.
@Command(
        name = "new",
        description = "Writes files to start from.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {NewScenarioCommand.class, NewPluginCommand.class},
        mixinStandardHelpOptions = true)
final class NewCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say what: turbulence new scenario NAME, or turbulence new plugin NAME");
    }
}
