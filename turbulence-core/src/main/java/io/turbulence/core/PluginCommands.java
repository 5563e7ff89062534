package io.turbulence.core;

import io.turbulence.core.internal.observation.JsonCodec;
import io.turbulence.core.internal.plugin.LoadedPlugin;
import io.turbulence.core.internal.plugin.PluginCatalog;
import io.turbulence.spi.Command;
import io.turbulence.spi.Json;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The commands that plugins add to the program: `turbulence <plugin> <command>`.
public final class PluginCommands {

    private static final int WRONG_USAGE = 64;

    private PluginCommands() {}

    /// Runs a plugin's command.
    ///
    /// @param plugin    its name
    /// @param arguments the command's name and its arguments; without any, or with `--help`, they are listed
    /// @return the exit code; empty when no plugin of this name adds commands
    /// @throws io.turbulence.api.TurbulenceException when a plugin is broken
    /// @throws Exception                             what the command throws
    public static OptionalInt run(
            List<Path> folders, String plugin, List<String> arguments, PrintWriter out, PrintWriter err)
            throws Exception {
        try (PluginCatalog catalog = PluginCatalog.load(PluginCommands.class.getClassLoader(), folders)) {
            Optional<LoadedPlugin> found = catalog.plugins().stream()
                    .filter(each -> each.info().name().equals(plugin)
                            && !each.commands().isEmpty())
                    .findFirst();
            return found.isEmpty() ? OptionalInt.empty() : OptionalInt.of(run(found.get(), arguments, out, err));
        }
    }

    private static int run(LoadedPlugin plugin, List<String> arguments, PrintWriter out, PrintWriter err)
            throws Exception {
        if (arguments.isEmpty()
                || arguments.getFirst().equals("--help")
                || arguments.getFirst().equals("-h")) {
            list(plugin, out);
            return 0;
        }
        for (Command command : plugin.commands()) {
            if (command.name().equals(arguments.getFirst())) {
                List<String> rest = arguments.subList(1, arguments.size());
                if (rest.contains("--help")) {
                    describe(plugin, command, out);
                    return 0;
                }
                return plugin.scope().call(() -> command.run(rest, new CommandContext(out, err)));
            }
        }
        err.println(
                "turbulence: '%s' has no command '%s'".formatted(plugin.info().name(), arguments.getFirst()));
        list(plugin, err);
        return WRONG_USAGE;
    }

    private static void list(LoadedPlugin plugin, PrintWriter out) {
        plugin.commands().forEach(command -> describe(plugin, command, out));
    }

    private static void describe(LoadedPlugin plugin, Command command, PrintWriter out) {
        out.println("turbulence %s %s %s".formatted(plugin.info().name(), command.name(), command.usage()));
        out.println("    " + command.summary());
    }

    private record CommandContext(PrintWriter out, PrintWriter err) implements Command.Context {

        @Override
        public Json json() {
            return JsonCodec.INSTANCE;
        }
    }
}
