package io.turbulence.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What is told when the command line cannot be understood.
final class WrongUsage {

    private WrongUsage() {}

    static String message(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return String.valueOf(e.getMessage());
        }
        String first = unmatched.getUnmatched().getFirst();
        CommandLine commandLine = e.getCommandLine();
        if (first.startsWith("-")) {
            return "unknown option '%s'%s".formatted(first, suggestion(unmatched.getSuggestions()));
        }
        if (commandLine.getSubcommands().isEmpty()) {
            return "'%s' is one argument too many".formatted(first);
        }
        return "unknown command '%s'; expected one of %s"
                .formatted(first, String.join(", ", commandLine.getSubcommands().keySet()));
    }

    private static String suggestion(List<String> similar) {
        return similar.isEmpty() ? "" : ". Did you mean '%s'?".formatted(similar.getFirst());
    }
}
