package io.turbulence.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Checks definitions without sending anything.
@Command(
        name = "check",
        description = "Checks definitions: everything that can be known without sending anything.",
        sortOptions = false,
        customSynopsis = {
            "turbulence check [OPTIONS] SYSTEM SCENARIO...",
            "       turbulence check [OPTIONS] FOLDER",
            "       turbulence check [OPTIONS] -s SYSTEM -c SCENARIOS"
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class CheckCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private DefinitionOptions definitions;

    @Override
    public Integer call() {
        List<String> warnings = definitions.builder().build().check();
        warnings.forEach(warning -> spec.commandLine().getOut().println(warning));
        spec.commandLine()
                .getOut()
                .println(
                        warnings.isEmpty()
                                ? "All good."
                                : warnings.size() == 1
                                        ? "No errors, 1 warning."
                                        : "No errors, %d warnings.".formatted(warnings.size()));
        return 0;
    }
}
