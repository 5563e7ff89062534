package io.turbulence.cli;

import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Prints the version of the program and of the Java it runs on.
@Command(
        name = "version",
        description = "Prints the version of Turbulence and of the Java it runs on.",
        mixinStandardHelpOptions = true)
final class VersionCommand implements Runnable, IVersionProvider {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        for (String line : getVersion()) {
            spec.commandLine().getOut().println(line);
        }
    }

    @Override
    public String[] getVersion() {
        String version = Turbulence.class.getPackage().getImplementationVersion();
        return new String[] {
            "Turbulence " + Objects.requireNonNullElse(version, "(not packaged)"), "Java " + Runtime.version()
        };
    }
}
