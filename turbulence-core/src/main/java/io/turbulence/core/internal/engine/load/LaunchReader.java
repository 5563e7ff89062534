package io.turbulence.core.internal.engine.load;

import io.turbulence.core.internal.definition.Compilation;
import io.turbulence.core.internal.definition.model.Fields;
import io.turbulence.core.internal.definition.model.SystemFile;
import io.turbulence.core.internal.definition.problem.Codes;
import io.turbulence.core.internal.definition.template.Environment;
import io.turbulence.core.internal.definition.yaml.MappingNode;
import io.turbulence.core.internal.definition.yaml.ScalarNode;
import io.turbulence.core.internal.definition.yaml.YamlNode;
import io.turbulence.core.internal.launch.LaunchPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/// Reads the `launch` block of a system file. For one thread.
final class LaunchReader {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    private final Compilation compilation;
    private final LaunchPorts ports;
    private final BiFunction<MappingNode, String, LaunchPlan.Check> readiness;

    LaunchReader(
            Compilation compilation, LaunchPorts ports, BiFunction<MappingNode, String, LaunchPlan.Check> readiness) {
        this.compilation = compilation;
        this.ports = ports;
        this.readiness = readiness;
    }

    List<LaunchPlan> read(SystemFile system) {
        List<LaunchPlan> plans = new ArrayList<>();
        for (SystemFile.Launch launch : system.launches()) {
            plans.add(read(launch, Loaded.folderOf(system.file())));
        }
        return plans;
    }

    private LaunchPlan read(SystemFile.Launch launch, Path systemFolder) {
        int port = ports.of(launch.name());
        Compilation own = new Compilation(own(port), compilation.problems());
        Fields fields = new Fields(launch.node(), launch.path(), own);
        fields.text("name");
        List<String> command = fields.texts("command");
        if (command.isEmpty()) {
            fields.missing("command", "the program and its arguments, as a list", null);
        }
        refuseLine(fields, own);
        Map<String, String> environment = new LinkedHashMap<>();
        fields.mapping("env").ifPresent(node -> {
            Fields values = new Fields(node, fields.at("env"), own);
            node.keys().forEach(key -> values.text(key).ifPresent(value -> environment.put(key, value)));
        });
        Path folder = fields.text("folder").map(systemFolder::resolve).orElse(systemFolder);
        LaunchPlan.Ready ready = fields.mapping("ready")
                .map(node -> ready(node, fields.at("ready"), own))
                .orElseGet(LaunchPlan.Ready.Started::new);
        Duration timeout = fields.durationOf("timeout", "timeout_seconds").orElse(DEFAULT_TIMEOUT);
        fields.refuseOthers();
        return new LaunchPlan(launch.name(), command, environment, folder, port, ready, timeout);
    }

    /// A line of a shell, for no program has such a name.
    private static void refuseLine(Fields fields, Compilation compilation) {
        YamlNode node = fields.mapping().get("command");
        if (node instanceof ScalarNode line
                && line.text().strip().contains(" ")
                && !line.text().contains("{{")) {
            String words = String.join(", ", line.text().strip().split("\\s+"));
            compilation
                    .problems()
                    .error(
                            Codes.TYPE,
                            line.location(),
                            fields.at("command"),
                            line.description(),
                            "the program and its arguments, as a list",
                            "No shell takes it apart: write [" + words + "], with quotes where a word needs them.");
        }
    }

    private LaunchPlan.Ready ready(MappingNode node, String path, Compilation own) {
        Fields fields = new Fields(node, path, own);
        List<String> given =
                List.of("port", "log", "poll").stream().filter(node::has).toList();
        if (given.isEmpty()) {
            fields.missing("port", "exactly one of port, log, poll", null);
        }
        fields.refuseSecond(given, "exactly one of port, log, poll");
        boolean port = fields.flag("port", false);
        Optional<Pattern> log = fields.text("log").flatMap(text -> pattern(text, fields));
        Optional<LaunchPlan.Check> poll = fields.mapping("poll").map(step -> readiness.apply(step, path + ".poll"));
        fields.refuseOthers();
        if (log.isPresent()) {
            return new LaunchPlan.Ready.Log(log.get());
        }
        if (poll.isPresent()) {
            return new LaunchPlan.Ready.Poll(poll.get());
        }
        return port ? new LaunchPlan.Ready.Port() : new LaunchPlan.Ready.Started();
    }

    private Optional<Pattern> pattern(String text, Fields fields) {
        try {
            return Optional.of(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            compilation
                    .problems()
                    .error(
                            Codes.EXPRESSION,
                            fields.node("log").orElseThrow().location(),
                            fields.at("log"),
                            "'" + text + "' is no regular expression: " + e.getDescription(),
                            "a regular expression",
                            null);
            return Optional.empty();
        }
    }

    /// Inside its own block a program's port is `{{port}}`, and `{{java}}` is the running JDK's.
    private Environment own(int port) {
        Environment outer = compilation.environment();
        return new Environment() {
            @Override
            public @Nullable String value(String name) {
                return outer.value(name);
            }

            @Override
            public Optional<Object> known(String expression) {
                return switch (expression.strip()) {
                    case "port" -> Optional.of(port);
                    case "java" ->
                        Optional.of(Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString());
                    default -> outer.known(expression);
                };
            }
        };
    }
}
