package io.turbulence.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What is told when the command line cannot be understood.
final class WrongUsage {

    private WrongUsage() {}

    static String message(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) {
            return ofValue(e);
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

    /// A value that an option cannot take, in the manner of the program's own checks.
    private static String ofValue(ParameterException e) {
        String value = e.getValue();
        if (value == null || !(e.getArgSpec() instanceof OptionSpec option)) {
            return String.valueOf(e.getMessage());
        }
        String wanted = wanted(option);
        return wanted == null
                ? String.valueOf(e.getMessage())
                : "%s was '%s' but it must be %s".formatted(option.longestName(), value, wanted);
    }

    private static @Nullable String wanted(OptionSpec option) {
        Class<?> type = option.type();
        if (type == Duration.class) {
            return "a time such as 500ms, 5s or 2m; a plain number is seconds";
        }
        if (type == Long.class || type == Integer.class || type == long.class || type == int.class) {
            return "a whole number";
        }
        return type == Map.class ? option.paramLabel() : null;
    }

    private static String suggestion(List<String> similar) {
        return similar.isEmpty() ? "" : ". Did you mean '%s'?".formatted(similar.getFirst());
    }
}
