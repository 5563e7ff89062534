package io.turbulence.spi;

import java.io.PrintWriter;
import java.util.List;

/// A command that a plugin adds to the program: `turbulence <plugin> <name> ARGUMENT…`.
public interface Command {

    /// Lower case letters and hyphens.
    String name();

    /// One line for the help.
    String summary();

    /// The arguments as the help shows them: `TARGET [SERVICE]`.
    String usage();

    /// Runs it.
    ///
    /// @return the exit code: 0 good, 64 wrong usage
    int run(List<String> arguments, Context context) throws Exception;

    /// What the program gives a command.
    interface Context {

        PrintWriter out();

        PrintWriter err();

        Json json();
    }
}
