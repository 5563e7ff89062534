package io.turbulence.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `turbulence` program.
@Command(
        name = "turbulence",
        description = "Runs one scenario across many protocols: once as a test, thousands of times as a load.",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        exitCodeOnInvalidInput = Turbulence.WRONG_USAGE,
        subcommands = VersionCommand.class,
        synopsisSubcommandLabel = "COMMAND")
final class Turbulence implements Runnable {

    static final int WRONG_USAGE = 64;

    private Turbulence() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Turbulence()).execute(arguments));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }
}
