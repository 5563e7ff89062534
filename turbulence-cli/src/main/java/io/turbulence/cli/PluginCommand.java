package io.turbulence.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Installs and removes plugins.
@Command(
        name = "plugin",
        description = "Installs, lists and removes plugins.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {PluginInstallCommand.class, PluginListCommand.class, PluginRemoveCommand.class},
        mixinStandardHelpOptions = true)
final class PluginCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec.commandLine(), "say what: turbulence plugin install, list or remove");
    }
}
